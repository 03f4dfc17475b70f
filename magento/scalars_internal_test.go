package magento

import (
	"encoding/json"
	"slices"
	"testing"
	"time"
)

// A projection turns a list of attributes into an object; a list that is empty
// becomes null.
func TestAttributesInEveryForm(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`[{"attribute_code":"color","value":"49"},{"attribute_code":"ids","value":["1","2"]}]`: "49",
		`{"1":{"attribute_code":"color","value":"49"}}`:                                        "49",
		`[{"value":"4\u0039","attribute_code":"c\u006flor"}]`:                                  "49",
		`[{"attribute_code":"color","value":49}]`:                                              "49",
		`[{"attribute_code":"color","value":null}]`:                                            "",
		`[{"attribute_code":"color"}]`:                                                         "",
		`null`:                                                                                 "",
		`[]`:                                                                                   "",
		`[ ]`:                                                                                  "",
	} {
		var a attributes
		if err := json.Unmarshal([]byte(raw), &a); err != nil || a.of("color") != want {
			t.Errorf("%s: %q, %v; want %q", raw, a.of("color"), err, want)
		}
	}
	for _, raw := range []string{`"x"`, `7`, `true`, `[7]`, `[{"attribute_code":7}]`, `{"1":[]}`} {
		var a attributes
		if err := json.Unmarshal([]byte(raw), &a); err == nil {
			t.Errorf("%s is taken for attributes", raw)
		}
	}
}

func TestMoments(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 8, 9, 10, 0, time.UTC)
	for raw, want := range map[string]time.Time{
		`"2026-03-01 08:09:10"`: at, `"2026-03-01T08:09:10Z"`: at, `"2026-03-01T11:09:10+03:00"`: at, `"2026-03-01T08:09:10"`: at,
		`""`: {}, `null`: {}, `"0000-00-00 00:00:00"`: {}, `[]`: {},
	} {
		var m moment
		if err := json.Unmarshal([]byte(raw), &m); err != nil || !m.Equal(want) || m.Location() != time.UTC {
			t.Errorf("%s: %v, %v; want %v", raw, m.Time, err, want)
		}
	}
	for _, raw := range []string{`"soon"`, `7`, `{}`, `"2026-13-01 00:00:00"`} {
		var m moment
		if err := json.Unmarshal([]byte(raw), &m); err == nil {
			t.Errorf("%s is taken for a time", raw)
		}
	}
}

// Natural order compares numbers as numbers, and as fractions when one begins
// with a zero.
func TestNaturalOrder(t *testing.T) {
	t.Parallel()
	for _, want := range [][]string{
		{"f[1]", "f[2]", "f[10]", "f[11]"}, {"img1", "img2", "img10", "img12"}, {"1.001", "1.002", "1.010", "1.02", "1.1", "1.3"},
		{"x2-g8", "x2-y08", "x2-y7", "x8-y8"}, {"", "a", "a1", "a1b", "b"},
	} {
		got := slices.Clone(want)
		slices.Reverse(got)
		if slices.SortFunc(got, natural); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestLegacyPaths(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/rest/V1/products/AB%2F12": "/rest/V1/products/AB/12", "/x/A%2BB": "/x/A+B", "/x/A%20B": "/x/A%20B", "/x/%d9%82": "/x/%D9%82",
		"/x/100%25": "/x/100%25", "/x/per%252Fcent": "/x/per%2Fcent", "/x/%3A%26%3D%40%24%2C%3B%7E": "/x/:&=@$,;~", "/x/%28a%29": "/x/%28a%29", "/x/(a)": "/x/(a)",
	} {
		if got := legacyPath(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

// No request has an index of 10: a signature would depend on the version.
func TestSKUFiltersKeepToTenIndexes(t *testing.T) {
	t.Parallel()
	var skus []string
	for range 37 {
		skus = append(skus, "a,b")
	}
	for range 230 {
		skus = append(skus, "قطعة طويلة الاسم جدا")
	}
	n := 0
	for _, f := range bySKUs(skus) {
		if len(f.group) > mostIndexes || len(f.named) > batch || len(encodeQuery(criteria{groups: f.groups()}.params())) > 7000 {
			t.Errorf("%d conditions, %d SKUs", len(f.group), len(f.named))
		}
		n += len(f.named)
	}
	if n != len(skus) {
		t.Errorf("%d of %d SKUs are asked for", n, len(skus))
	}
	if skuGroup(skus[:300%len(skus)]) == nil {
		t.Error("a few SKUs do not narrow the list")
	}
}
