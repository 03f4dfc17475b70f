package bigcommercetest

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// send writes the answer, or cuts the connection as the fault says.
func (c *call) send(w http.ResponseWriter, f *Fault) {
	cut := f != nil && (f.Cut == CutBefore || f.Cut == CutAfter)
	if !cut {
		c.record.Status = c.status
	}
	c.server.book.Add(*c.record) // before the client can ask for it
	if cut {
		panic(http.ErrAbortHandler)
	}
	body := c.out.b
	h := w.Header()
	if h.Get("Content-Type") == "" && len(body) > 0 {
		h.Set("Content-Type", "application/json")
	}
	if c.server.cfg.Gzip && len(body) > 0 && strings.Contains(c.r.Header.Get("Accept-Encoding"), "gzip") {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, _ = z.Write(body) // a buffer takes everything
		_ = z.Close()
		body = packed.Bytes()
		h.Set("Content-Encoding", "gzip")
	}
	if c.status != http.StatusNoContent {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(c.status)
	if f != nil && f.Cut == CutMiddle {
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = io.Copy(w, bytes.NewReader(body)) // the client may be gone
}

func requestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
