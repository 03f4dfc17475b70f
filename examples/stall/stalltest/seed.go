package stalltest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Seed adds n varied records, of earlier days.
func (s *Server) Seed(kind Kind, n int) {
	pick := func(i int, words ...string) string { return words[i%len(words)] }
	for i := range n {
		var r Record
		buyer := Record{"name": fmt.Sprintf("Amal %d", i), "email": fmt.Sprintf("amal%d@example.com", i)}
		switch kind {
		case Products:
			r = Record{"name": fmt.Sprintf("Lamp %d", i), "text": "<p>Brass.</p>", "state": pick(i, "on_sale", "hidden", "sold_out"), "keywords": []string{"brass", "lamp"}}
			variants := []Record{{"id": fmt.Sprintf("v%d-0", i), "label": "Small", "sku": fmt.Sprintf("LAMP-%d", i/2), "price": Money(int64(1000+i), "SAR"), "stock": i % 5}}
			if i%2 == 1 {
				variants = append(variants, Record{"id": fmt.Sprintf("v%d-1", i), "label": "Large", "sku": "", "price": Money(int64(2000+i), "KWD"), "stock": nil})
			}
			r["variants"] = variants
		case Orders:
			buyer["id"] = fmt.Sprintf("buyer%05d", i%4)
			r = Record{"number": fmt.Sprintf("B-%d", 1000+i), "state": pick(i, "placed", "paid", "sent", "void"), "total": Money(int64(3000+i), "SAR"), "buyer": buyer,
				"lines": []Record{{"id": "1", "product": "000lampold", "variant": "v1-0", "name": "Lamp", "count": 3, "price": Money(1000, "SAR")}}}
		default:
			r, buyer["phone"] = buyer, "+966500000000"
		}
		at := s.config.Clock().Add(time.Duration(i-n) * time.Hour).Unix()
		r["created"], r["modified"] = at-60, at
		s.Add(kind, r)
	}
}

// Sign signs a delivery's body as of a time.
func Sign(secret string, at time.Time, body []byte) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%s.%s", stamp, body)
	return http.Header{"Stall-Signature": {"t=" + stamp + ",v1=" + hex.EncodeToString(mac.Sum(nil))}}
}
