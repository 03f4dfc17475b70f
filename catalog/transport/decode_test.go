package transport_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

type lenientPart struct {
	ID string `json:"id"`
}

type lenientRecord struct {
	lenientEmbedded
	ID     string       `json:"id"`
	Count  int64        `json:"count"`
	Maybe  *int64       `json:"maybe"`
	On     bool         `json:"on"`
	Rate   float64      `json:"rate"`
	Number json.Number  `json:"number"`
	Tags   []string     `json:"tags"`
	Part   *lenientPart `json:"part"`
	Parts  []lenientPart
	Price  catalog.Money `json:"price"`
}

type lenientEmbedded struct {
	Name string `json:"name"`
}

func TestDecodeTakesOddFieldsForWhatTheySay(t *testing.T) {
	t.Parallel()
	seven := int64(7)
	for name, test := range map[string]struct {
		in       string
		want     lenientRecord
		problems string
	}{
		"all as expected":            {`{"id":"1","count":2,"maybe":7,"on":true,"tags":["a"],"part":{"id":"p"},"name":"n"}`, lenientRecord{ID: "1", Count: 2, Maybe: &seven, On: true, Tags: []string{"a"}, Part: &lenientPart{"p"}, lenientEmbedded: lenientEmbedded{"n"}}, ""},
		"an id above 2^53 as number": {`{"id":9007199254740993,"count":"2"}`, lenientRecord{ID: "9007199254740993", Count: 2}, ""},
		"numbers as text":            {`{"id":5,"count":"9007199254740993","rate":"1.5","number":"12.50","maybe":"7"}`, lenientRecord{ID: "5", Count: 9007199254740993, Rate: 1.5, Number: "12.50", Maybe: &seven}, ""},
		"a whole float for a count":  {`{"id":1,"count":5.0}`, lenientRecord{ID: "1", Count: 5}, ""},
		"truth as number and text":   {`{"id":1,"on":1}`, lenientRecord{ID: "1", On: true}, ""},
		"null everywhere":            {`{"id":1,"count":null,"maybe":null,"tags":null,"part":null,"price":null}`, lenientRecord{ID: "1"}, ""},
		"objects where text belongs": {`{"id":"1","name":{"en":"x"},"count":2}`, lenientRecord{ID: "1", Count: 2}, "name: an object where text was expected"},
		"a list for an object":       {`{"id":"1","part":[],"count":2}`, lenientRecord{ID: "1", Count: 2}, "part: a list where an object was expected"},
		"text for a list":            {`{"id":"1","tags":"a, b"}`, lenientRecord{ID: "1"}, "tags: text where a list was expected"},
		"one bad element":            {`{"id":"1","Parts":[{"id":"a"},7,{"id":"b"}]}`, lenientRecord{ID: "1", Parts: []lenientPart{{"a"}, {"b"}}}, "Parts.1: a number where an object was expected"},
		"a broken amount":            {`{"id":"1","price":{"amount":"12,50","currency":"SAR"}}`, lenientRecord{ID: "1"}, "price: an object where another value was expected"},
		"a fraction for a count":     {`{"id":"1","count":1.5}`, lenientRecord{ID: "1"}, "count: a number where a whole number was expected"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got lenientRecord
			problems, err := transport.Decode(json.RawMessage(test.in), &got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(lenientRecord{})); diff != "" {
				t.Errorf("record (-want +got):\n%s", diff)
			}
			var said []string
			for _, p := range problems {
				said = append(said, p.Path+": "+p.Reason)
			}
			if got := strings.Join(said, "; "); got != test.problems {
				t.Errorf("problems %q, want %q", got, test.problems)
			}
		})
	}
}

func TestDecodeRefusesWhatIsNoRecord(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{`7`: "a number", `"x"`: "text", `[]`: "a list", `null`: "null", `{"id":`: "not JSON", ``: "not JSON"} {
		var v lenientRecord
		if _, err := transport.Decode(json.RawMessage(in), &v); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want an error that says %q", in, err, want)
		}
	}
}

// Whatever fits the type must be read as encoding/json reads it.
func TestDecodeAgreesWithEncodingJSON(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 11))
	for range 5000 {
		in := randomRecord(random)
		var want, got lenientRecord
		if err := json.Unmarshal([]byte(in), &want); err != nil {
			t.Fatalf("%s: %v", in, err)
		}
		problems, err := transport.Decode(json.RawMessage(in), &got)
		if err != nil || len(problems) != 0 {
			t.Fatalf("%s: %v, %v", in, problems, err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(lenientRecord{})); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", in, diff)
		}
	}
}

// randomRecord writes a record with some of its members, in any order, with
// white space and escapes.
func randomRecord(r *rand.Rand) string {
	texts := []string{`""`, `"a"`, `"\u0627\u0644 \ud83d\udca1"`, `"قهوة \"عربية\""`, `"a\nb\\c\/d"`, `"a text longer than sixteen bytes"`, `"\ud800"`, "\"bad \xff utf-8\"", `null`}
	text := func() string { return texts[r.IntN(len(texts))] }
	numbers := []string{`0`, `-1`, `7`, `9007199254740993`, `9223372036854775807`, `null`}
	number := func() string { return numbers[r.IntN(len(numbers))] }
	some := func(element func() string) string {
		if r.IntN(6) == 0 {
			return "null"
		}
		var all []string
		for range r.IntN(4) {
			all = append(all, element())
		}
		return "[ " + strings.Join(all, " , ") + "]"
	}
	part := func() string { return `{"unknown":{"id":[1,{"id":2}]},"id":` + text() + `}` }
	members := []string{
		`"id":` + text(), `"count":` + number(), `"maybe":` + number(), `"on":` + []string{"true", "false", "null"}[r.IntN(3)],
		`"rate":` + []string{"0.5", "-1e3", "2E-2", "null"}[r.IntN(4)], `"number":` + []string{"12.50", "1e2", "-0"}[r.IntN(3)],
		`"tags":` + some(text), `"part":` + part(), `"Parts":` + some(part), []string{`"name":`, `"n\u0061me":`}[r.IntN(2)] + text(),
		`"price":{"amount":"12.50","currency":"SAR"}`, `"else":` + some(part),
	}
	r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	return " {\t" + strings.Join(members[:r.IntN(len(members)+1)], "\n,") + " }\n"
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"id":1,"Parts":[{"id":2},[]],"price":{"amount":1e400}}`)
	f.Add(`{"part":null,"tags":["\ud800",7,{}],"id":"a","id":{}}`)
	f.Fuzz(func(t *testing.T, in string) {
		var v lenientRecord
		_, err := transport.Decode(json.RawMessage(in), &v)
		isObject := json.Valid([]byte(in)) && strings.HasPrefix(strings.TrimLeft(in, " \t\r\n"), "{")
		if isObject != (err == nil) {
			t.Fatalf("an object: %v, error %v", isObject, err)
		}
	})
}

// A slice's room may be used again; what was in it must not shine through.
func TestDecodeIntoUsedRoom(t *testing.T) {
	t.Parallel()
	room := make([]lenientPart, 3, 8)
	for i := range room {
		room[i].ID = "old"
	}
	clear(room)
	v := lenientRecord{Parts: room[:0]}
	if _, err := transport.Decode(json.RawMessage(`{"Parts":[{},{"id":"b"},{"id":null}]}`), &v); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]lenientPart{{}, {"b"}, {}}, v.Parts); diff != "" || &v.Parts[0] != &room[0] {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}

func TestDecodeFromManyGoroutines(t *testing.T) {
	t.Parallel()
	var wait sync.WaitGroup
	for g := range 16 {
		wait.Go(func() {
			for i := range 500 {
				id := fmt.Sprint(g, "-", i%7)
				var v lenientRecord
				if _, err := transport.Decode(json.RawMessage(`{"id":"`+id+`","tags":["SAR","`+id+`"]}`), &v); err != nil || v.ID != id || v.Tags[1] != id {
					t.Errorf("read %+v, %v for %s", v, err, id)
				}
			}
		})
	}
	wait.Wait()
}
