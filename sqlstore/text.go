package sqlstore

import (
	"strings"
	"unicode/utf8"

	"github.com/soukhq/souk/catalog"
)

// checkText refuses what one of the databases cannot keep, so that both refuse
// the same.
func checkText(values ...string) error {
	for _, v := range values {
		if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
			return &catalog.Error{Op: "check text", Kind: catalog.ErrInvalid, Message: "a text holds a zero byte or is not UTF-8"}
		}
	}
	return nil
}

// readable makes a text for people one that can be kept.
func readable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}
