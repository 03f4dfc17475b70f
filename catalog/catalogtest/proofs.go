package catalogtest

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"iter"
	"regexp"
	"strconv"
)

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
