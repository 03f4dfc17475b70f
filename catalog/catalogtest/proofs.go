package catalogtest

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"iter"
	"regexp"
	"strconv"
	"testing"

	"github.com/soukhq/souk/catalog"
)

// RefusesEveryChange holds that the verifier accepts the delivery, and refuses
// it with catalog.ErrUnauthorized once a byte of its body or a bit of a code in
// one of the headers named differs. Where headers prove the origin each for
// itself, send one of them.
func RefusesEveryChange(t testing.TB, v catalog.WebhookVerifier, d catalog.Delivery, proofs ...string) {
	t.Helper()
	if verdict, err := v.Verify(t.Context(), d); err != nil || len(verdict.Events) == 0 {
		t.Fatalf("unchanged it gives %d events, %v", len(verdict.Events), err)
	}
	tried := 0
	for what, altered := range alterations(d, proofs) {
		tried++
		if verdict, err := v.Verify(t.Context(), altered); !errors.Is(err, catalog.ErrUnauthorized) || len(verdict.Events)+len(verdict.Grants) > 0 {
			t.Errorf("with %s altered it gives %d events, %v", what, len(verdict.Events), err)
		}
	}
	if tried <= len(d.Body) {
		t.Errorf("%d changes were tried, of the body alone", tried)
	}
}

// alterations yields the delivery with each byte of its body changed, and with
// each part of its proofs.
func alterations(good catalog.Delivery, proofs []string) iter.Seq2[string, catalog.Delivery] {
	return func(yield func(what string, d catalog.Delivery) bool) {
		for i := range good.Body {
			d := good
			d.Body = bytes.Clone(good.Body)
			d.Body[i] ^= 1 << (i % 8)
			if !yield("byte "+strconv.Itoa(i), d) {
				return
			}
		}
		for _, name := range proofs {
			for what, value := range alteredProofs(good.Header.Get(name)) {
				d := good
				d.Header = good.Header.Clone()
				d.Header.Set(name, value)
				if !yield(what+" of "+name, d) {
					return
				}
			}
		}
	}
}

// alteredProofs yields the value of a header with each bit of the code in it
// changed, where it holds one in base64 or hexadecimal digits, and else with
// each of its characters changed. Text that spells the same code differs
// between decoders and is left out.
func alteredProofs(value string) iter.Seq2[string, string] {
	return func(yield func(what, value string) bool) {
		for _, digits := range []struct {
			find   *regexp.Regexp
			decode func(string) ([]byte, error)
			encode func([]byte) string
		}{
			{hexCode, hex.DecodeString, hex.EncodeToString},
			{base64Code, base64.StdEncoding.DecodeString, base64.StdEncoding.EncodeToString},
		} {
			at := digits.find.FindStringSubmatchIndex(value)
			if at == nil {
				continue
			}
			code, err := digits.decode(value[at[2]:at[3]])
			if err != nil {
				continue
			}
			for i := range 8 * len(code) {
				altered := bytes.Clone(code)
				altered[i/8] ^= 1 << (i % 8)
				if !yield("bit "+strconv.Itoa(i), value[:at[2]]+digits.encode(altered)+value[at[3]:]) {
					return
				}
			}
			return
		}
		for i := range len(value) {
			altered := []byte(value)
			altered[i] ^= 1
			if !yield("character "+strconv.Itoa(i), string(altered)) {
				return
			}
		}
	}
}

// A code of 32 bytes or more ends a header's value.
var (
	hexCode    = regexp.MustCompile(`(?:^|[^0-9A-Za-z])((?:[0-9A-Fa-f]{2}){32,})$`)
	base64Code = regexp.MustCompile(`(?:^|[^0-9A-Za-z+/])([0-9A-Za-z+/]{43,}={0,2})$`)
)
