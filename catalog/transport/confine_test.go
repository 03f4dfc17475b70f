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
		"/A%20B+C": "/A%20B%2BC", "/%6frders": "/orders", "/a/..;/b": "/a/..%3B/b", "/percent%2525": "/percent%2525", "/a/%252e%252e/b": "/a/%252e%252e/b",
	} {
		if got, err := Confine("acme", "native call", given, ""); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", given, got, err, want)
		}
	}
	for _, given := range []string{"..", "/..", "/a/../b", "/%2e%2e/b", "//host/x", "https://host/x", "/a?b=c", "/a#b", `/a\b`, "/a%0d%0ab", "/a\nb", "/%zz", "/a//b",
		"/./b", "/a%2F..%2Fb", "/a/..%2fb", "/a%5c..%5cb", "/a%00"} {
		got, err := Confine("acme", "native call", given, "give the path behind the root")
		e, ok := errors.AsType[*catalog.Error](err)
		if got != "" || !ok || e.Kind != catalog.ErrInvalid || e.Platform != "acme" || e.Op != "native call" || e.Hint == "" {
			t.Errorf("%q: %q, %v", given, got, err)
		}
	}
}
