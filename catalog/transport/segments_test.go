package transport_test

import (
	"slices"
	"testing"

	"github.com/soukhq/souk/catalog/transport"
)

func TestSegments(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][]string{
		"":                {""},
		"/":               {""},
		"orders":          {"orders"},
		"/orders/7/":      {"orders", "7", ""},
		"/sku/A%20B+C":    {"sku", "A%20B+C"},
		"/sku/قهوة":       {"sku", "%D9%82%D9%87%D9%88%D8%A9"},
		"/%6frders":       {"orders"},
		"/a/../b":         nil,
		"/a/%2e%2e/b":     nil,
		"/./b":            nil,
		"//elsewhere/x":   nil,
		"/a//b":           nil,
		"/a%2fb":          nil,
		"/a%5c..%5cb":     nil,
		"/a%0d%0aX: y":    nil,
		"/a%00":           nil,
		"/a?x=1":          nil,
		"/a#x":            nil,
		`/a\b`:            nil,
		"/%zz":            nil,
		"https://x/y":     nil, // an empty part behind the colon
		"/a/..;/b":        {"a", "..%3B", "b"},
		"/percent%2525":   {"percent%2525"},
		"/a/%252e%252e/b": {"a", "%252e%252e", "b"},
	} {
		got, wrong := transport.Segments(path)
		if !slices.Equal(got, want) || (wrong == "") != (want != nil) {
			t.Errorf("%q: %q, %q; want %q", path, got, wrong, want)
		}
	}
}
