package transport

import (
	"errors"
	"testing"

	"github.com/soukhq/souk/catalog"
)

func TestConfineKeepsPathsBelowTheRoot(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"": "/", "/": "/", "orders/1": "/orders/1", "/orders/1/": "/orders/1/", "/a b": "/a%20b", "/a%20b": "/a%20b", "/a%2Fb": "/a%2Fb", "/قطعة": "/%D9%82%D8%B7%D8%B9%D8%A9", "/..a": "/..a",
	} {
		if got, err := Confine("acme", "native call", given, ""); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", given, got, err, want)
		}
	}
	for _, given := range []string{"..", "/..", "/a/../b", "/%2e%2e/b", "//host/x", "https://host/x", "/a?b=c", "/a#b", `/a\b`, "/a%0d%0ab", "/a\nb", "/%zz", "/a//b"} {
		got, err := Confine("acme", "native call", given, "give the path behind the root")
		e, ok := errors.AsType[*catalog.Error](err)
		if got != "" || !ok || e.Kind != catalog.ErrInvalid || e.Platform != "acme" || e.Op != "native call" || e.Hint == "" {
			t.Errorf("%q: %q, %v", given, got, err)
		}
	}
}
