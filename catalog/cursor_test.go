package catalog_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
)

func TestCursorRoundTrip(t *testing.T) {
	t.Parallel()
	for name, position := range map[string]string{
		"key":       "2026-07-01T10:00:00Z/42",
		"empty":     "",
		"bytes":     "\x00\xff.\n",
		"dots":      "1.2.3.4.5",
		"longest":   strings.Repeat("x", 2900),
		"non-latin": "قميص",
	} {
		for _, platform := range []string{"shopify", "my.shop", "a.b.c.d"} {
			for _, filter := range []string{"", "status:active", "-"} {
				c := catalog.NewCursor(platform, catalog.Orders, filter, position)
				if got, err := c.Position(platform, catalog.Orders, filter); err != nil || got != position {
					t.Errorf("%s on %s with filter %q: got %q, %v", name, platform, filter, got, err)
				}
				if strings.Contains(string(c), "status") {
					t.Errorf("%s: the filter is readable in %s", name, c)
				}
			}
		}
	}
	if got, err := catalog.Cursor("").Position("shopify", catalog.Orders, "x"); got != "" || err != nil {
		t.Errorf("the empty cursor gives %q, %v; want the beginning", got, err)
	}
}

func TestCursorRefused(t *testing.T) {
	t.Parallel()
	good := catalog.NewCursor("shopify", catalog.Orders, "f", "position")
	prefix := "shopify: continue list of orders: invalid: "
	for name, c := range map[string]struct {
		cursor catalog.Cursor
		filter string
		text   string
	}{
		"other filter":    {good, "g", "the cursor belongs to a query with other filters"},
		"no filter":       {good, "", "the cursor belongs to a query with other filters"},
		"other platform":  {catalog.NewCursor("salla", catalog.Orders, "f", ""), "f", "the cursor belongs to the list of orders on salla"},
		"longer platform": {catalog.NewCursor("shopify.x", catalog.Orders, "f", ""), "f", "the cursor belongs to the list of orders on shopify.x"},
		"other resource":  {catalog.NewCursor("shopify", catalog.Products, "f", ""), "f", "the cursor belongs to the list of products on shopify"},
		"long names":      {catalog.NewCursor(strings.Repeat("x", 50), catalog.Orders, "f", ""), "f", "the cursor belongs to the list of orders on xxxxxxxxxxxxxxxxxxxx…"},
		"native":          {"eyJsYXN0X2lkIjo0Mn0=", "f", "the cursor is not one of souk's"},
		"page number":     {"7", "f", "the cursor is not one of souk's"},
		"other version":   {"2" + good[1:], "f", "the cursor is not one of souk's"},
		"not base64":      {good + "!", "f", "the cursor is damaged"},
		"line break":      {good + "\n", "f", "the cursor is damaged"},
		"cut":             {good[:len(good)-1], "f", "the cursor is damaged"},
		"too long":        {catalog.NewCursor("shopify", catalog.Orders, "f", strings.Repeat("x", 5000)), "f", "the cursor is not one of souk's"},
	} {
		position, err := c.cursor.Position("shopify", catalog.Orders, c.filter)
		if want := prefix + c.text + "; start again without a cursor, or use it with the query it came from"; !errors.Is(err, catalog.ErrInvalid) || position != "" || err.Error() != want {
			t.Errorf("%s: got %q, %v\nwant %s", name, position, err, want)
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add("shopify", "products", "status:active", "id:42", "1.shopify.products.-.aWQ6NDI")
	f.Add("my.shop", "orders", "", "\xff", "1....")
	f.Fuzz(func(t *testing.T, platform, resource, filter, position, foreign string) {
		r := catalog.Resource(resource)
		c := catalog.NewCursor(platform, r, filter, position)
		if got, err := c.Position(platform, r, filter); err == nil && got != position {
			t.Fatalf("%q became %q", position, got)
		} else if err != nil && len(c) <= 4096 && !strings.Contains(resource, ".") {
			t.Fatalf("our own cursor %q: %v", c, err)
		}
		got, err := catalog.Cursor(foreign).Position(platform, r, filter)
		switch {
		case err != nil && !errors.Is(err, catalog.ErrInvalid):
			t.Fatalf("%q: %v, want ErrInvalid", foreign, err)
		case err == nil && foreign != "" && catalog.NewCursor(platform, r, filter, got) != catalog.Cursor(foreign):
			t.Fatalf("%q is read as %q, of which the cursor is another", foreign, got)
		}
	})
}
