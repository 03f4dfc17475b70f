package transport

import (
	"testing"
	"time"
)

func TestFilterNameTellsQueriesApart(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 2, 3, 4, 5, 6, 7, time.FixedZone("", 3600))
	for name, c := range map[string]struct{ got, want string }{
		"nothing":         {FilterName("a", "", "b", ""), ""},
		"two":             {FilterName("a", "x", "b", "y;c=\"z"), `a="x";b="y;c=\"z";`},
		"words":           {Words([]string{"b", "a"}), "a,b"},
		"no words":        {Words[string](nil), ""},
		"no span":         {Span(time.Time{}, time.Time{}), ""},
		"half a span":     {Span(at, time.Time{}), "2026-02-03T03:05:06.000000007Z/"},
		"the other half":  {Span(time.Time{}, at), "/2026-02-03T03:05:06.000000007Z"},
		"in another zone": {Span(at.UTC(), time.Time{}), Span(at, time.Time{})},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
}
