package serverkit_test

import (
	"testing"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

func TestReplaceJSON(t *testing.T) {
	t.Parallel()
	const body = `{"data" : [ {"id":1,"price": 5.10 }, {"id":2} ],"n":0,"list":[[1,2],[3]],"a.b":1}`
	for _, tc := range []struct{ name, path, want string }{
		{"member of an element", "data.0.price", `{"data" : [ {"id":1,"price": NEW }, {"id":2} ],"n":0,"list":[[1,2],[3]],"a.b":1}`},
		{"second element", "data.1", `{"data" : [ {"id":1,"price": 5.10 }, NEW ],"n":0,"list":[[1,2],[3]],"a.b":1}`},
		{"array in an array", "list.1.0", `{"data" : [ {"id":1,"price": 5.10 }, {"id":2} ],"n":0,"list":[[1,2],[NEW]],"a.b":1}`},
		{"number", "n", `{"data" : [ {"id":1,"price": 5.10 }, {"id":2} ],"n":NEW,"list":[[1,2],[3]],"a.b":1}`},
		{"missing member", "data.0.name", body},
		{"missing element", "data.2", body},
		{"member of an array", "data.price", body},
		{"below a number, before another member", "n.0", body},
		{"no path", "", body},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := string(serverkit.ReplaceJSON([]byte(body), tc.path, "NEW")); got != tc.want {
				t.Errorf("at %q\n got %s\nwant %s", tc.path, got, tc.want)
			}
		})
	}
}

func TestReplaceJSONOfWhatIsNone(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "<html>", `{"a":`, `{"b":1,"a"`, "[1", "null"} {
		if got := string(serverkit.ReplaceJSON([]byte(body), "a", "1")); got != body {
			t.Errorf("%q became %q", body, got)
		}
	}
}

func TestReplaceJSONKeepsItsArgument(t *testing.T) {
	t.Parallel()
	body := append(make([]byte, 0, 64), `{"a":1,"b":2}`...)
	if got := string(serverkit.ReplaceJSON(body, "a", "33")); got != `{"a":33,"b":2}` {
		t.Error(got)
	}
	if string(body) != `{"a":1,"b":2}` {
		t.Errorf("the argument became %s", body)
	}
}

func TestFindJSON(t *testing.T) {
	t.Parallel()
	body := []byte(`{"a": [1, "two" ] }`)
	from, to, ok := serverkit.FindJSON(body, "a.1")
	if !ok || string(body[from:to]) != `"two"` {
		t.Errorf("found %d to %d, %v", from, to, ok)
	}
}
