package catalog_test

import (
	"testing"
	"unicode/utf8"

	"github.com/soukhq/souk/catalog"
)

func TestEventKey(t *testing.T) {
	t.Parallel()
	seen := make(map[string][]string)
	for _, parts := range [][]string{
		nil, {""}, {"", ""}, {"a", "b"}, {"ab"}, {"a,b"}, {"a", "", "b"}, {`a"`, `"b`}, {`a","b`}, {`a\`, `b`}, {"a\x00b"}, {"A", "b"},
		{"\xff"}, {"\xfe"}, {"\ufffd"}, {`\xff`}, {"salla", "1234509876"}, {"salla1", "234509876"},
	} {
		key := catalog.EventKey(parts...)
		if other, taken := seen[key]; taken {
			t.Errorf("%q and %q both have the key %s", parts, other, key)
		}
		seen[key] = parts
		if !utf8.ValidString(key) || catalog.EventKey(parts...) != key {
			t.Errorf("the key of %q is %q", parts, key)
		}
	}
}
