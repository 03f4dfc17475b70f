package salla_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
)

// script answers each path below the API's root with a body of its own, on
// every page alike. Anything else is not found.
type script map[string]json.RawMessage

func (s script) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := http.StatusOK, s[strings.TrimPrefix(r.URL.Path, "/admin/v2")]
	if body == nil {
		status, body = http.StatusNotFound, json.RawMessage(`{"status":404,"success":false,"error":{"code":404,"message":"not in the script"}}`)
	}
	return reply(r, status, body), nil
}

func reply(r *http.Request, status int, body []byte) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: r}
}

// envelope wraps data as the API does.
func envelope(data string) json.RawMessage {
	return json.RawMessage(`{"status":200,"success":true,"data":` + data + `}`)
}

// records cuts an answer into its records, whose bytes are the answer's own.
func records(t testing.TB, body []byte) []json.RawMessage {
	t.Helper()
	var envelope struct{ Data json.RawMessage }
	if err := json.Unmarshal(body, &envelope); err != nil {
		t.Fatal(err)
	}
	if len(envelope.Data) == 0 || envelope.Data[0] != '[' {
		return []json.RawMessage{envelope.Data}
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(envelope.Data, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// filled lists the fields of a model value that are not zero, by their paths.
func filled(v any) map[string]string {
	found := map[string]string{}
	note(found, "", reflect.ValueOf(v))
	return found
}

func note(found map[string]string, at string, v reflect.Value) {
	if v.IsZero() {
		return
	}
	switch value := v.Interface().(type) {
	case time.Time:
		found[at] = value.Format(time.RFC3339)
		return
	case *catalog.Quantity:
		found[at] = value.String()
		return
	case fmt.Stringer: // money and quantities
		found[at] = value.String()
		return
	case catalog.Record:
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		note(found, at, v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			note(found, strings.TrimPrefix(at+"."+v.Type().Field(i).Name, "."), v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			note(found, fmt.Sprint(at, ".", i), v.Index(i))
		}
	default:
		found[at] = fmt.Sprint(v.Interface())
	}
}

// expected reads lines of a field's path and what it holds: text in which
// {path} stands for what the sample has there.
func expected(t testing.TB, sample tree, lines string) map[string]string {
	t.Helper()
	want := map[string]string{}
	for line := range strings.Lines(lines) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		path, pattern, found := strings.Cut(line, " ")
		if !found || want[path] != "" {
			t.Fatalf("the expectation %q", line)
		}
		want[path] = sample.fill(t, pattern)
	}
	return want
}

// differences names the fields that are not as expected: lost, added or other.
func differences(want, got map[string]string) []string {
	var all []string
	for path, text := range want {
		if got[path] != text {
			all = append(all, fmt.Sprintf("%s is %q, want %q", path, got[path], text))
		}
	}
	for path, text := range got {
		if _, known := want[path]; !known {
			all = append(all, fmt.Sprintf("%s is %q and nothing was expected", path, text))
		}
	}
	slices.Sort(all)
	return all
}

func recordOf(v any) catalog.Record {
	return reflect.ValueOf(v).FieldByName("Record").Interface().(catalog.Record)
}

// problemsOf names where the problems of a record are.
func problemsOf(r catalog.Record) []string {
	var paths []string
	for _, p := range r.Problems {
		paths = append(paths, p.Path)
	}
	return paths
}

// decoding is one answer of the vendor's and what its records are to become.
type decoding struct {
	file, answer string
	path         string // that is answered so
	read         func(context.Context, *salla.Engine) ([]any, error)
	body         func(testing.TB, sample) json.RawMessage // nil = the answer as it is
	backwards    bool                                     // records come in the opposite order
	want         []string                                 // the fields of each record
	problems     []string                                 // where problems are, of all records together
}

func (d decoding) check(t *testing.T, all map[string]sample) {
	t.Helper()
	s := all[d.file]
	var body json.RawMessage
	switch {
	case d.body != nil:
		body = d.body(t, s)
	case strings.HasPrefix(d.answer, "x-"):
		body = s.Responses[d.answer]
	default:
		body = s.answers(t, "200")[d.answer]
	}
	if len(body) == 0 {
		t.Fatal("there is no such answer")
	}
	raws := records(t, body)
	if d.backwards {
		slices.Reverse(raws)
	}
	sent := bytes.Clone(body)
	got, err := d.read(t.Context(), open(t, script{d.path: sent}, "a token"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(raws) || len(got) != len(d.want) {
		t.Fatalf("%d records became %d, %d are expected", len(raws), len(got), len(d.want))
	}
	var problems []string
	for i, v := range got {
		r := recordOf(v)
		problems = append(problems, problemsOf(r)...)
		if !bytes.Equal(r.Raw, raws[i]) || r.Platform != salla.Platform || r.RawKind == "" {
			t.Errorf("record %d: Raw is not the sample's bytes:\n%s", i, r.Raw)
		}
		for _, wrong := range differences(expected(t, parse(t, raws[i]), d.want[i]), filled(v)) {
			t.Errorf("record %d: %s", i, wrong)
		}
	}
	if !slices.Equal(problems, d.problems) {
		t.Errorf("problems at %q, want %q", problems, d.problems)
	}
	if !bytes.Equal(sent, body) {
		t.Error("the answer's bytes were changed")
	}
}

// one and some make a single record and a list comparable.
func one[T any](v T, err error) ([]any, error) { return []any{v}, err }

func some[T any](all []T, err error) ([]any, error) {
	values := make([]any, len(all))
	for i, v := range all {
		values[i] = v
	}
	return values, err
}
