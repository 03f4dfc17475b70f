package serverkit_test

import (
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

type fault struct{ name, on string }

// take returns the names of the faults that n requests of a kind met.
func take(l *serverkit.Faults[fault], on string, n int) string {
	var met []string
	for range n {
		f := l.Take(func(f *fault) bool { return f.on == "" || f.on == on })
		if f == nil {
			f = &fault{name: "-"}
		}
		met = append(met, f.name)
	}
	return strings.Join(met, " ")
}

func TestFaultsTurns(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name        string
		skip, times int
		want        string
	}{
		{"once by default", 0, 0, "f - - -"},
		{"twice", 0, 2, "f f - -"},
		{"for ever", 0, -1, "f f f f"},
		{"after two", 2, 1, "- - f -"},
		{"for ever after three", 3, -1, "- - - f"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var l serverkit.Faults[fault]
			l.Add(fault{name: "f"}, tc.skip, tc.times)
			if got := take(&l, "", 4); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestFaultsTakeTheFirstThatMatches(t *testing.T) {
	t.Parallel()
	var l serverkit.Faults[fault]
	l.Add(fault{"a", "orders"}, 0, 1)
	l.Add(fault{"b", ""}, 1, 2)
	l.Add(fault{"c", "orders"}, 0, 1)
	if got := take(&l, "products", 1); got != "-" { // b lets it through
		t.Errorf("products met %s", got)
	}
	if got := take(&l, "orders", 5); got != "a b b c -" {
		t.Errorf("orders met %s", got)
	}
}

func TestFaultsClear(t *testing.T) {
	t.Parallel()
	var l serverkit.Faults[fault]
	l.Add(fault{name: "f"}, 0, -1)
	l.Clear()
	if got := take(&l, "", 1); got != "-" {
		t.Errorf("met %s after Clear", got)
	}
}

func TestFaultsTakeCopies(t *testing.T) {
	t.Parallel()
	var l serverkit.Faults[fault]
	l.Add(fault{name: "f"}, 0, -1)
	l.Take(func(*fault) bool { return true }).name = "changed"
	if got := take(&l, "", 1); got != "f" {
		t.Errorf("met %s", got)
	}
}

func TestMatches(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		method, pattern string
		want            bool
	}{
		{"", "", true},
		{"GET", "", true},
		{"POST", "", false},
		{"", "/orders/*", true},
		{"GET", "/orders/12", true},
		{"GET", "/orders", false},
		{"GET", "/*", false},
		{"GET", "/[", false},
	} {
		if got := serverkit.Matches(tc.method, tc.pattern, "GET", "/orders/12"); got != tc.want {
			t.Errorf("%q %q: %v, want %v", tc.method, tc.pattern, got, tc.want)
		}
	}
}
