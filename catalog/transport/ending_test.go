package transport_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/soukhq/souk/catalog/transport"
)

func TestEnding(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ body, last, beside string }{
		"plain":                        {`{"data":[{"id":1},{"id":2}],"meta":{"n":3}}`, `{"id":2}`, `{"n":3}`},
		"white space":                  {" { \"data\" : [ {\"id\":1} ,\n{\"id\":2} ] , \"meta\" : {\"n\":3} }\r\n", `{"id":2}`, `{"n":3}`},
		"one element":                  {`{"data":[{"id":1}],"meta":{}}`, `{"id":1}`, `{}`},
		"brackets and quotes in texts": {`{"data":[{"id":1},{"id":2,"a":"}{][\"","b":["\\","]\\\""],"\\\"":{}}],"meta":{"]}":"[{\\"}}`, `{"id":2,"a":"}{][\"","b":["\\","]\\\""],"\\\"":{}}`, `{"]}":"[{\\"}`},
		"nested":                       {`{"data":[{"id":1},{"id":2,"variants":[{"id":7},{"id":8}]}],"meta":{"p":{"n":3}}}`, `{"id":2,"variants":[{"id":7},{"id":8}]}`, `{"p":{"n":3}}`},
		"what is in front is not read": {`???{"id":2}],"meta":{}}`, `{"id":2}`, `{}`},
		"no element":                   {`{"data":[],"meta":{}}`, "", ""},
		"elements that are no objects": {`{"data":[1,2],"meta":{}}`, "", ""},
		"another member":               {`{"data":[{"id":1}],"more":{}}`, "", ""},
		"an escaped name":              {`{"data":[{"id":1}],"\"meta":{}}`, "", ""},
		"another order":                {`{"meta":{},"data":[{"id":1}]}`, "", ""},
		"a list behind":                {`{"data":[{"id":1}],"meta":[]}`, "", ""},
		"nothing in front":             {`"meta":{}}`, "", ""},
		"cut":                          {`{"data":[{"id":1}],"meta":{"n":3}`, "", ""},
		"brackets that do not match":   {`{"data":[{"id":[1}}],"meta":{}}`, "", ""},
		"an open text":                 {`id":1}],"meta":{"}}`, "", ""},
		"a bad number":                 {`{"data":[{"id":01}],"meta":{}}`, "", ""},
		"empty":                        {``, "", ""},
		"a brace":                      {`}`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			last, beside, ok := transport.Ending([]byte(tt.body), "meta")
			if string(last) != tt.last || string(beside) != tt.beside || ok != (tt.last != "") {
				t.Errorf("%q and %q, %v", last, beside, ok)
			}
		})
	}
}

// Whatever comes, there is no panic; of a whole answer of the form it is the
// end that OpenPage finds.
func FuzzEnding(f *testing.F) {
	for _, seed := range []string{`{"data":[{"id":1},{"a":"\\\"}"}],"meta":{"n":"]"}}`, `{"data":[{}],"meta":{}}`, `{"x":[{}],"meta":{"meta":{}}}`, `"],"meta":{}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		last, beside, ok := transport.Ending(body, "meta")
		if ok && (!json.Valid(last) || !json.Valid(beside)) {
			t.Fatalf("found %q and %q", last, beside)
		}
		p, err := transport.OpenPage(body, "data")
		if err != nil || !ok || !bytes.HasPrefix(body, []byte(`{"data":[`)) || bytes.Count(body, []byte(`"meta"`)) != 1 || len(p.Items) == 0 {
			return
		}
		if meta := p.Field("meta"); !bytes.Equal(beside, meta) {
			t.Fatalf("beside is %q, want %q", beside, meta)
		}
		if final := p.Items[len(p.Items)-1]; bytes.Count(body, []byte("]")) == 1 && !bytes.Equal(last, final) {
			t.Fatalf("last is %q, want %q", last, final)
		}
	})
}
