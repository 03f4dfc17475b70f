package shopify_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
)

// sample is a recorded or documented answer.
type sample struct {
	Status  int
	Headers map[string]*string
	Body    json.RawMessage
}

func (s sample) reply() *http.Response {
	header := map[string]string{}
	for name, value := range s.Headers {
		if value != nil {
			header[name] = *value
		}
	}
	if s.Status == 0 {
		s.Status = http.StatusOK
	}
	return reply(s.Status, header, s.Body)
}

func samples(t testing.TB) map[string]json.RawMessage {
	t.Helper()
	var file struct {
		Samples map[string]json.RawMessage `json:"samples"`
	}
	specs.Decode(t, &file, "shopify", "samples.json")
	if len(file.Samples) == 0 {
		t.Fatal("no samples")
	}
	return file.Samples
}

// script answers with each of its answers in turn, then with the last, and
// notes when it was asked.
type script struct {
	mu      sync.Mutex
	answers []sample
	asked   []time.Time
}

func (s *script) RoundTrip(*http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, time.Now())
	return s.answers[min(len(s.asked), len(s.answers))-1].reply(), nil
}

// outcome is what an error sample must become.
type outcome struct {
	kind    catalog.Kind
	status  int
	code    string
	field   string // of the first complaint
	message string // contained in the platform's sentence
	// attempts at least; an answer that cannot get better is asked for once.
	attempts int
	wait     time.Duration // before the second attempt, at least
}

// failures are the samples of calls that fail as a whole.
var failures = map[string]outcome{
	// (862 - 572) / 200 seconds until the bucket holds enough.
	"throttled_http200": {kind: catalog.ErrRateLimited, status: 200, code: "THROTTLED", message: "Throttled", attempts: 2, wait: 1450 * time.Millisecond},
	"rest_429":          {kind: catalog.ErrRateLimited, status: 429, message: "Exceeded 4 calls per second", attempts: 2, wait: 4 * time.Second},
	"internal_error_http200": {kind: catalog.ErrUnavailable, status: 200, code: "INTERNAL_SERVER_ERROR", message: "Internal error",
		attempts: 2},
	"max_cost_exceeded_http200":        {kind: catalog.ErrInvalid, status: 200, code: "MAX_COST_EXCEEDED", message: "exceeds the single query max cost limit (1000)", attempts: 1},
	"first_over_250":                   {kind: catalog.ErrInvalid, status: 200, code: "BAD_REQUEST", message: "first cannot exceed 250", attempts: 1},
	"idempotent_undefined_old_version": {kind: catalog.ErrInvalid, status: 200, code: "undefinedDirective", message: "@idempotent is not defined", attempts: 1},
	"legacy_ignore_compare":            {kind: catalog.ErrInvalid, status: 200, code: "INVALID_VARIABLE", field: "ignoreCompareQuantity", message: "provided invalid value", attempts: 1},
	"rest_401":                         {kind: catalog.ErrReauthorize, attempts: 1},
	"http_400":                         {kind: catalog.ErrInvalid, status: 400, message: "Required parameter missing or invalid", attempts: 1},
	"http_402":                         {kind: catalog.ErrForbidden, status: 402, message: "This shop's plan", attempts: 1},
	"http_403":                         {kind: catalog.ErrForbidden, status: 403, message: "Unavailable Shop", attempts: 1},
	"http_404":                         {kind: catalog.ErrNotFound, status: 404, message: "Not Found", attempts: 1},
	"http_423":                         {kind: catalog.ErrForbidden, status: 423, message: "This shop is unavailable", attempts: 1},
}

func TestFailureSamples(t *testing.T) {
	t.Parallel()
	all := samples(t)
	good := 0
	for name, want := range failures {
		if t.Run(name, func(t *testing.T) { checkFailure(t, all, name, want) }) {
			good++
		}
	}
	specs.Report(t, "shopify samples of failures %s", fraction(good, len(failures)))
}

func decodeSample(t testing.TB, all map[string]json.RawMessage, name string) sample {
	t.Helper()
	var s sample
	if err := json.Unmarshal(all[name], &s); err != nil || len(s.Body) == 0 {
		t.Fatalf("there is no sample %s: %v", name, err)
	}
	return s
}

func checkFailure(t *testing.T, all map[string]json.RawMessage, name string, want outcome) {
	s := decodeSample(t, all, name)
	synctest.Test(t, func(t *testing.T) {
		wire := &script{answers: []sample{s}}
		_, err := engine(t, versions[0], wire).Shop(t.Context())
		if !errors.Is(err, want.kind) {
			t.Fatalf("%v, want %v", err, want.kind)
		}
		t.Log(err)
		got, ok := errors.AsType[*catalog.Error](err)
		if !ok {
			t.Fatalf("%T", err)
		}
		if got.Kind != want.kind || want.status != 0 && got.Status != want.status || got.Code != want.code || !strings.Contains(got.Message, want.message) {
			t.Errorf("kind %q, status %d, code %q, message %q", got.Kind, got.Status, got.Code, got.Message)
		}
		if want.field != "" && (len(got.Fields) == 0 || got.Fields[0].Field != want.field) {
			t.Errorf("complaints %v, want one of %s", got.Fields, want.field)
		}
		if want.attempts == 1 && len(wire.asked) != 1 || len(wire.asked) < want.attempts {
			t.Fatalf("%d attempts, want %d", len(wire.asked), want.attempts)
		}
		if want.attempts > 1 {
			if waited := wire.asked[1].Sub(wire.asked[0]); waited < want.wait || waited > want.wait+30*time.Second {
				t.Errorf("waited %v, want %v", waited, want.wait)
			}
		}
	})
	if want.attempts == 1 {
		return
	}
	// An answer that gets better is waited for, and the call succeeds.
	v := newVendor(t, versions[0], answerer{})
	synctest.Test(t, func(t *testing.T) {
		first := &first{s, v, 0}
		got, err := engine(t, versions[0], first).Shop(t.Context())
		if err != nil || got.Name == "" || first.asked != 2 {
			t.Errorf("%+v, %v after %d attempts", got, err, first.asked)
		}
	})
}

// first answers once with a sample and then as the vendor.
type first struct {
	sample sample
	then   http.RoundTripper
	asked  int
}

func (f *first) RoundTrip(r *http.Request) (*http.Response, error) {
	if f.asked++; f.asked == 1 {
		return f.sample.reply(), nil
	}
	return f.then.RoundTrip(r)
}

// TestUnknownOutcomeOfAMutation: a mutation that met an internal error may
// have happened, so it is not sent again.
func TestUnknownOutcomeOfAMutation(t *testing.T) {
	t.Parallel()
	s := decodeSample(t, samples(t), "internal_error_http200")
	wire := &script{answers: []sample{s}}
	_, err := engine(t, versions[0], wire).GraphQL(t.Context(), `mutation { orderClose(input: {id: "gid://shopify/Order/1"}) { order { id } } }`, nil)
	if !errors.Is(err, catalog.ErrOutcomeUnknown) || len(wire.asked) != 1 {
		t.Errorf("%v after %d attempts", err, len(wire.asked))
	}
}
