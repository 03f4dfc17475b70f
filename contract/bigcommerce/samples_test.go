package bigcommerce_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/contract/internal/specs"
)

// unmarshal reads JSON with numbers as they are written.
func unmarshal(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(v)
}

func marshal(t testing.TB, v any) json.RawMessage {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// parsed reads an object.
func parsed(t testing.TB, text json.RawMessage) object {
	t.Helper()
	var o object
	if err := unmarshal(text, &o); err != nil {
		t.Fatalf("%v: %.80s", err, text)
	}
	return o
}

// sample is an answer the vendor shows: by operation, and by a name of its own.
type sample struct {
	File, Op, Status string
	Examples         map[string]json.RawMessage
}

func samples(t testing.TB) []sample {
	t.Helper()
	var file struct {
		Samples []sample `json:"api_samples"`
	}
	specs.Decode(t, &file, folder, "vectors.json")
	if len(file.Samples) == 0 {
		t.Fatal("there are no samples")
	}
	return file.Samples
}

// shown returns a sample of an operation; name "" is the only one.
func shown(t testing.TB, all []sample, op, name string) json.RawMessage {
	t.Helper()
	for _, s := range all {
		if s.Op != op || s.Status[0] != '2' {
			continue
		}
		for called, text := range s.Examples {
			if called == name || name == "" && len(s.Examples) == 1 {
				return text
			}
		}
	}
	t.Fatalf("there is no sample %q of %s", name, op)
	return nil
}

// script answers each path from the version on with a body of its own, and what
// it does not have as the version does where there is nothing.
type script map[string]json.RawMessage

func (s script) RoundTrip(r *http.Request) (*http.Response, error) {
	path := "/" + strings.SplitN(r.URL.Path, "/", 4)[3]
	body, known := s[path]
	switch {
	case known:
	case strings.HasPrefix(path, "/v2/"):
		return reply(r, http.StatusNoContent, nil), nil
	default:
		body = json.RawMessage(`{"data":[],"meta":{"pagination":{"total":0,"count":0,"per_page":50,"current_page":1,"total_pages":0}}}`)
	}
	return reply(r, http.StatusOK, body), nil
}

func reply(r *http.Request, status int, body []byte) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)), Request: r}
}

// constant answers everything in the same way.
type constant struct {
	status int
	body   []byte
}

func (c constant) RoundTrip(r *http.Request) (*http.Response, error) {
	return reply(r, c.status, c.body), nil
}

// enveloped puts rows into the envelope of V3.
func enveloped(t testing.TB, rows ...any) json.RawMessage {
	t.Helper()
	n := len(rows)
	return marshal(t, object{"data": rows, "meta": object{"pagination": object{"total": n, "count": n, "per_page": 250, "current_page": 1, "total_pages": 1}}})
}
