package woocommerce_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// argument is what a store says of a parameter.
type argument struct {
	Type             any // a name, or several
	Enum             []string
	Minimum, Maximum *float64
	Items            *argument
	Properties       map[string]argument
	Required         any // true, or the names of members
}

// route is what a store says of a path.
type route struct {
	path      *regexp.Regexp
	Endpoints []struct {
		Methods []string
		Args    json.RawMessage // an object, or an empty list
	}
}

func vendorRoutes(t testing.TB) []route {
	t.Helper()
	var index struct{ Routes map[string]route }
	if err := json.Unmarshal(sample(t, "index_v3").Body, &index); err != nil {
		t.Fatal(err)
	}
	var all []route
	for pattern, r := range index.Routes {
		re, err := regexp.Compile("^" + pattern + "$")
		if err != nil {
			continue // a form of PHP's that no call of ours has
		}
		r.path = re
		all = append(all, r)
	}
	return all
}

// global are the parameters every route of WordPress takes.
var global = []string{"_fields"}

// judge says what is wrong with a request; "" when nothing is.
func judge(all []route, r *http.Request, sent []byte) string {
	_, path, _ := strings.Cut(r.URL.Path, "/wp-json")
	for _, one := range all {
		if !one.path.MatchString(path) {
			continue
		}
		for _, endpoint := range one.Endpoints {
			if !slices.Contains(endpoint.Methods, r.Method) {
				continue
			}
			args := map[string]argument{}
			_ = json.Unmarshal(endpoint.Args, &args) // an empty list has none
			for name, values := range r.URL.Query() {
				a, known := args[name]
				switch {
				case slices.Contains(global, name):
				case !known:
					return path + " takes no " + name
				case len(values) != 1:
					return name + " comes twice"
				default:
					if wrong := a.wrong(values[0]); wrong != "" {
						return path + ": " + name + " " + wrong
					}
				}
			}
			if wrong := wrongBody(args, path, sent); wrong != "" {
				return path + ": " + wrong
			}
			return ""
		}
	}
	return "the store has no " + r.Method + " " + path
}

func (a argument) wrong(value string) string {
	if len(a.Enum) > 0 && !slices.Contains(a.Enum, value) {
		return "may not be " + value
	}
	if n, err := strconv.ParseFloat(value, 64); a.Type == "integer" && (err != nil || a.Minimum != nil && n < *a.Minimum || a.Maximum != nil && n > *a.Maximum) {
		return "may not be " + value
	}
	if a.Type == "array" && a.Items != nil && len(a.Items.Enum) > 0 {
		for part := range strings.SplitSeq(value, ",") {
			if !slices.Contains(a.Items.Enum, part) {
				return "may not hold " + part
			}
		}
	}
	return ""
}

// recorder keeps what is sent below wc/v3.
type recorder struct {
	http.RoundTripper
	mu   sync.Mutex
	sent []recording
}

type recording struct {
	*http.Request
	body []byte
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.Contains(req.URL.Path, "/wc/v3") {
		var body []byte
		if req.Body != nil {
			var err error
			if body, err = io.ReadAll(req.Body); err != nil {
				return nil, err
			}
			req.Body = io.NopCloser(bytes.NewReader(body))
		}
		r.mu.Lock()
		r.sent = append(r.sent, recording{req, body})
		r.mu.Unlock()
	}
	return r.RoundTripper.RoundTrip(req)
}

// TestRequests makes every call the adapter can make, with every filter, and
// holds each request against the routes and parameters a real store lists.
func TestRequests(t *testing.T) {
	t.Parallel()
	all := vendorRoutes(t)
	server := woocommercetest.NewServer(&woocommercetest.Config{Products: 60, Orders: 60, Customers: 30, CustomStatuses: []string{}, TB: t})
	t.Cleanup(server.Close)
	box := &recorder{RoundTripper: server.Transport()}
	e := open(t, box, server.StoreURL(), catalog.Credential{Key: catalog.NewSecret(server.ConsumerKey()), Secret: catalog.NewSecret(server.ConsumerSecret())})
	everyRead(t, e, server)
	box.report(t, all, "requests")
}

// report holds what was sent against the routes, each wrong thing once.
func (r *recorder) report(t *testing.T, all []route, what string) {
	t.Helper()
	bad, paths, good := map[string]bool{}, map[string]bool{}, 0
	for _, s := range r.sent {
		wrong := judge(all, s.Request, s.body)
		if wrong == "" {
			good++
		} else if !bad[wrong] {
			bad[wrong] = true
			t.Error(wrong)
		}
		paths[s.Method+" "+digits.ReplaceAllString(s.URL.Path, "/#")] = true
	}
	specs.Report(t, "woocommerce %s held against a store's own routes %d/%d, %d kinds", what, good, len(r.sent), len(paths))
}

var digits = regexp.MustCompile(`/[0-9]+`)

func everyRead(t *testing.T, e *woocommerce.Engine, server *woocommercetest.Server) {
	t.Helper()
	ctx := t.Context()
	page := catalog.ListOptions{PageSize: 20}
	changed := catalog.ListOptions{PageSize: 20, Sort: catalog.SortUpdated}
	at := server.Orders()[30].ModifiedAt
	span := func(hours int) time.Time { return at.Add(time.Duration(hours) * time.Hour) }
	for _, q := range []catalog.ProductQuery{{ListOptions: page}, {ListOptions: changed}, {UpdatedSince: span(-400), UpdatedBefore: span(400)}, {CreatedSince: span(-400), CreatedBefore: span(400)},
		{Status: []catalog.ProductStatus{catalog.ProductActive}}, {Status: []catalog.ProductStatus{catalog.ProductArchived}}, {Status: []catalog.ProductStatus{catalog.ProductDraft, catalog.ProductHidden}}} {
		read(t, e.Products(ctx, q))
	}
	for _, q := range []catalog.OrderQuery{{ListOptions: page}, {ListOptions: changed}, {UpdatedSince: span(-400), UpdatedBefore: span(400)}, {CreatedSince: span(-400)}, {CustomerID: "5"},
		{Payment: []catalog.PaymentStatus{catalog.PaymentPaid}}, {Status: []catalog.OrderStatus{catalog.OrderPending, catalog.OrderOpen, catalog.OrderOnHold, catalog.OrderCompleted, catalog.OrderCancelled, catalog.OrderRefunded, catalog.OrderFailed}}} {
		read(t, e.Orders(ctx, q))
	}
	read(t, e.Customers(ctx, catalog.CustomerQuery{ListOptions: page}))
	read(t, e.Customers(ctx, catalog.CustomerQuery{Email: server.Customers()[3].Email}))
	product, item := server.Products()[0], strconv.FormatInt(server.Products()[0].Variations[0].ID, 10)
	for _, q := range []catalog.InventoryQuery{{ListOptions: page}, {UpdatedSince: span(-400)}, {SKU: product.SKU}, {ItemIDs: []string{item}}} {
		read(t, e.InventoryLevels(ctx, q))
	}
	read(t, e.ProductsBySKU(ctx, product.SKU))
	read(t, e.Locations(ctx, catalog.ListOptions{}))
	for _, o := range server.Orders()[:3] {
		read(t, e.OrderHistory(ctx, strconv.FormatInt(o.ID, 10)))
	}
	calls := []func(context.Context) error{
		func(ctx context.Context) error { _, err := e.Shop(ctx); return err },
		func(ctx context.Context) error {
			_, err := e.Product(ctx, strconv.FormatInt(product.ID, 10))
			return err
		},
		func(ctx context.Context) error { _, err := e.Customer(ctx, "5"); return err },
		func(ctx context.Context) error {
			_, err := e.CustomerByEmail(ctx, server.Customers()[3].Email)
			return err
		},
	}
	for _, resource := range []catalog.Resource{catalog.Products, catalog.Orders, catalog.Customers} {
		calls = append(calls, func(ctx context.Context) error { _, err := e.Count(ctx, resource); return err })
	}
	for _, call := range calls {
		if err := call(ctx); err != nil {
			t.Error(err)
		}
	}
}

func read[T any](t *testing.T, seq iter.Seq2[T, error]) {
	t.Helper()
	if _, err := catalog.Collect(seq); err != nil {
		t.Error(err)
	}
}
