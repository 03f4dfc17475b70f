package shopify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// A store is taken to have the standard plan's bucket until its first answer
// says more.
// https://shopify.dev/docs/api/usage/limits#rate-limits
const (
	standardCapacity = 2000
	standardRestore  = 100
)

func newBucket() *transport.Bucket {
	b, err := transport.NewBucket(transport.BucketConfig{Capacity: standardCapacity, RestoreRate: standardRestore})
	if err != nil {
		panic(err) // the constants above are good
	}
	return b
}

// answer is a GraphQL answer, cut open once; all parts are slices of its body.
type answer struct {
	page      *transport.Page
	errors    []graphQLError
	cost      *cost
	requestID string
}

// none is a name no answer has, for answers without a list to cut.
const none = "\x00"

// parseAnswer opens the body and cuts the list at the path below data.
func parseAnswer(body []byte, list ...string) (answer, error) {
	if len(list) == 0 {
		list = []string{none}
	}
	page, err := transport.OpenPage(body, append([]string{"data"}, list...)...)
	if err != nil {
		return answer{}, err
	}
	a := answer{page: page, errors: parseErrors(page.Field("errors"))}
	if raw := page.Field("extensions", "cost"); raw != nil {
		a.cost = &cost{}
		if json.Unmarshal(raw, a.cost) != nil {
			a.cost = nil
		}
	}
	return a, nil
}

func (a answer) data() json.RawMessage { return a.page.Field("data") }

func null(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// call sends one of the adapter's own queries and cuts the list at the path
// below the answer's data.
func (e *Engine) call(ctx context.Context, op string, d document, variables map[string]any, list ...string) (answer, error) {
	return e.send(ctx, op, d, variables, reading, list...)
}

// sending says what may be done about a lost answer.
type sending int

const (
	reading sending = iota // ask again
	once                   // a write: say that its outcome is unknown
	keyed                  // a write Shopify knows again by its key: ask again
)

// send posts one operation. The answer it returns has data, or no errors.
func (e *Engine) send(ctx context.Context, op string, d document, variables map[string]any, how sending, list ...string) (answer, error) {
	body, err := json.Marshal(struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables,omitempty"`
	}{d.text, variables})
	if err != nil {
		return answer{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: "the variables cannot be encoded as JSON", Err: err}
	}
	var a answer
	resp, err := e.adapter.http.Do(ctx, &transport.Request{
		Op: op, Method: http.MethodPost, URL: e.endpoint(), Header: jsonHeader, Body: body,
		Idempotent: how != once, Write: how != reading,
		Cost: e.adapter.costs.predict(d, variables), Budget: e.adapter.budgets.Get(e.shop), Credential: e.credentials, Authorize: authorize,
		Classify: func(resp *transport.Response) (v transport.Verdict) {
			a, v = classify(resp, list...)
			return v
		},
	})
	e.adapter.costs.learn(d, variables, a.cost) // from a throttled answer too
	if err != nil {
		return answer{}, err
	}
	a.requestID = resp.Header.Get("X-Request-Id")
	e.clock.learn(resp)
	e.warn(ctx, op, a, resp)
	err = e.checkVersion(op, resp)
	if err != nil && how != reading { // what it did is done
		e.adapter.logger.WarnContext(ctx, "shopify ran a write under another version", "op", op, "shop", e.shop, "error", err)
		return a, nil
	}
	return a, err
}

var jsonHeader = http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}}

func (e *Engine) endpoint() *url.URL {
	return &url.URL{Scheme: "https", Host: e.shop, Path: "/admin/api/" + e.adapter.config.APIVersion + "/graphql.json"}
}

func authorize(r *http.Request, c catalog.Credential) error {
	if c.AccessToken.IsZero() {
		return &catalog.Error{Platform: Platform, Op: "authorize", Kind: catalog.ErrUnauthorized, Message: "the credential has no access token"}
	}
	r.Header.Set("X-Shopify-Access-Token", c.AccessToken.Reveal())
	return nil
}

// checkVersion refuses answers of another version: Shopify serves a version
// that is gone with the oldest one that lives.
// https://shopify.dev/docs/api/usage/versioning
func (e *Engine) checkVersion(op string, resp *transport.Response) error {
	got, want := resp.Header.Get("X-Shopify-Api-Version"), e.adapter.config.APIVersion
	if got == "" || got == want {
		return nil
	}
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Status: resp.Status, Code: "version_mismatch",
		Message: fmt.Sprintf("asked for API version %s, Shopify answered with %s", want, strconv.Quote(got)),
		Hint:    "the version is no longer supported; set Config.APIVersion to one that is"}
}

// warn logs what Shopify silently ignored or will remove. The search itself is
// left out, since it may name a customer.
func (e *Engine) warn(ctx context.Context, op string, a answer, resp *transport.Response) {
	if found := a.page.Field("extensions", "search"); bytes.Contains(found, []byte(`"warnings"`)) {
		var searches []struct {
			Warnings []struct{ Field, Code string } `json:"warnings"`
		}
		_ = json.Unmarshal(found, &searches) // a warning of unknown form is one all the same
		e.adapter.logger.WarnContext(ctx, "shopify ignored a part of the search", "op", op, "shop", e.shop, "warnings", fmt.Sprintf("%+v", searches))
	}
	if reason := resp.Header.Get("X-Shopify-Api-Deprecated-Reason"); reason != "" {
		e.adapter.logger.WarnContext(ctx, "shopify deprecates this call", "op", op, "reason", reason)
	}
}
