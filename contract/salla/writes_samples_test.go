package salla_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/salla"
)

// exchange answers by method and path; what it has no answer for it refuses.
type exchange map[string]exchanged

type exchanged struct {
	status int
	body   json.RawMessage
}

func (x exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	a, ok := x[r.Method+" "+strings.TrimPrefix(r.URL.Path, "/admin/v2")]
	if !ok {
		a = exchanged{http.StatusNotFound, json.RawMessage(`{"status":404,"success":false,"error":{"code":404,"message":"not in the exchange"}}`)}
	}
	return reply(r, a.status, a.body), nil
}

// answered are the samples of answers to writes, and a write that each is the
// answer to.
var answered = []struct {
	file, call string
	write      func(ctx context.Context, e *salla.Engine) error
}{
	{"create-customer", "POST /customers", func(ctx context.Context, e *salla.Engine) error {
		c, err := e.CreateCustomer(ctx, catalog.CustomerPatch{FirstName: catalog.Set("x")}, catalog.WriteOptions{})
		return whole(c.Record, c.ID, err)
	}},
	{"update-customer", "PUT /customers/1", func(ctx context.Context, e *salla.Engine) error {
		c, err := e.UpdateCustomer(ctx, "1", catalog.CustomerPatch{FirstName: catalog.Set("x")}, catalog.WriteOptions{})
		return whole(c.Record, c.ID, err)
	}},
	{"register-webhook", "POST /webhooks/subscribe", subscribed},
	{"update-webhook", "PUT /webhooks/1", subscribed},
	{"deactivate-webhook", "DELETE /webhooks/unsubscribe", func(ctx context.Context, e *salla.Engine) error {
		_, err := e.EnsureSubscriptions(ctx, nil)
		return err
	}},
	{"list-active-webhooks", "GET /webhooks", func(ctx context.Context, e *salla.Engine) error {
		all, err := e.Subscriptions(ctx) // somebody else's: it has no mark
		if err == nil && len(all) > 0 {
			err = errors.New("it is taken for the app's own")
		}
		return err
	}},
	{"create-order-history", "POST /orders/1/histories", func(ctx context.Context, e *salla.Engine) error {
		return e.AddOrderNote(ctx, "1", catalog.NoteInput{Text: "x"}, catalog.WriteOptions{})
	}},
	{"update-order-status", "POST /orders/1/status", func(ctx context.Context, e *salla.Engine) error {
		return e.CancelOrder(ctx, "1", catalog.CancelRequest{}, catalog.WriteOptions{})
	}},
	{"update-shipment-details", "PUT /shipments/1", func(ctx context.Context, e *salla.Engine) error {
		return e.UpdateTracking(ctx, "1", "1", []catalog.Tracking{{Number: "x"}}, false, catalog.WriteOptions{})
	}},
}

func subscribed(ctx context.Context, e *salla.Engine) error {
	changes, err := e.EnsureSubscriptions(ctx, []catalog.Subscription{{Topic: "customer.updated", URL: "https://example.com/a"}})
	if err == nil && len(changes.Created)+len(changes.Updated) != 1 {
		err = errors.New("nothing was changed")
	}
	return err
}

// whole says that a record was read without a problem.
func whole(r catalog.Record, id string, err error) error {
	if err == nil && (id == "" || len(r.Problems) > 0) {
		err = errors.New("it is not read whole")
	}
	return err
}

// TestAnswersToWrites hands the adapter the vendor's samples of answers to its
// writes: successes are read, and refusals say what was refused.
func TestAnswersToWrites(t *testing.T) {
	t.Parallel()
	all := samples(t)
	read, refused := 0, 0
	for _, tt := range answered {
		for text := range all[tt.file].Responses {
			status, err := strconv.Atoi(text)
			if err != nil {
				t.Fatal(err)
			}
			for name, body := range all[tt.file].answers(t, text) {
				hooks := `[]`
				if !strings.HasPrefix(tt.call, "POST") {
					hooks = `[{"id":1,"event":"customer.updated","url":"https://example.com/b","headers":{"X-Souk-App":"souk"}}]`
				}
				x := exchange{
					"GET /webhooks": {200, envelope(hooks)}, "GET /orders/1": {200, envelope(`{"id":1,"status":{"slug":"in_progress"}}`)},
					"GET /orders/1/histories": {200, envelope(`[]`)}, "GET /shipments/1": {200, envelope(`{"id":1,"order_id":1,"status":"created"}`)},
				}
				x[tt.call] = exchanged{status, body}
				err := tt.write(t.Context(), open(t, x, "a token"))
				if status < 300 {
					read++
					if err != nil {
						t.Errorf("%s %s: %v", tt.file, name, err)
					}
					continue
				}
				refused++
				failed, ok := errors.AsType[*catalog.Error](err)
				gone := status == http.StatusNotFound && err == nil && strings.HasPrefix(tt.call, "DELETE") // as was wanted
				if !gone && (!ok || errors.Is(err, catalog.ErrOutcomeUnknown) || failed.Message == "" || bytes.Contains(body, []byte(`"fields"`)) && len(failed.Fields) == 0) {
					t.Errorf("%s %d %s: %v", tt.file, status, name, err)
				}
			}
		}
	}
	specs.Report(t, "salla answers to writes, of the vendor's samples: %d read, %d refusals told", read, refused)
}
