package woocommerce_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/woocommerce"
	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

// calledOff says that an error is one of souk's that names the platform and what
// was being done, with the context's in its tree.
func calledOff(t testing.TB, err error) {
	t.Helper()
	e, ok := errors.AsType[*catalog.Error](err)
	if !ok || e.Platform != woocommerce.Platform || e.Op == "" || e.Kind != catalog.ErrUnavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("got %#v", err)
	}
}

// onClose does something when a body is closed, which is after it was read.
type onClose struct {
	io.ReadCloser
	do func()
}

func (c onClose) Close() error {
	c.do()
	return c.ReadCloser.Close()
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestWhatIsCalledOffBetweenCallsNamesItself: the context ends when an answer
// was read.
func TestWhatIsCalledOffBetweenCallsNamesItself(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	withVariations(server, 2, false)
	for _, c := range map[string]struct {
		path string // of the answer it ends with
		do   func(context.Context, *woocommerce.Engine) error
	}{
		"a list": {"/products", func(ctx context.Context, e *woocommerce.Engine) error {
			_, err := catalog.Collect(e.Products(ctx, catalog.ProductQuery{}))
			return err
		}},
		"a short list": {"/products", func(ctx context.Context, e *woocommerce.Engine) error {
			query := catalog.ProductQuery{}
			query.Limit = 1
			_, err := catalog.Collect(e.Products(ctx, query))
			return err
		}},
		"an export": {"/products", func(ctx context.Context, e *woocommerce.Engine) error {
			_, err := catalog.Collect(e.ExportProducts(ctx, catalog.ProductQuery{}))
			return err
		}},
		"stock": {"/products", func(ctx context.Context, e *woocommerce.Engine) error {
			_, err := catalog.Collect(e.InventoryLevels(ctx, catalog.InventoryQuery{}))
			return err
		}},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		adapter, err := woocommerce.New(woocommerce.Config{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			resp, err := server.Transport().RoundTrip(r)
			if err == nil && strings.HasSuffix(r.URL.Path, c.path) {
				resp.Body = onClose{resp.Body, cancel}
			}
			return resp, err
		})})
		if err != nil {
			t.Fatal(err)
		}
		e, ok := catalog.As[*woocommerce.Engine](openStore(t, adapter, server))
		if !ok {
			t.Fatal("the engine is no *woocommerce.Engine")
		}
		err = c.do(ctx, e)
		calledOff(t, err)
	}
}

// TestADeliveryIsNotCheckedAfterItsContext has ended.
func TestADeliveryIsNotCheckedAfterItsContext(t *testing.T) {
	t.Parallel()
	server := newServer(t, woocommercetest.Config{Products: -1, Orders: -1, Customers: -1})
	v, err := newAdapter(t, server, woocommerce.Config{}).Verifier(catalog.VerifierConfig{Account: &catalog.Account{Store: server.StoreURL()}, Secrets: []catalog.Secret{catalog.NewSecret("s")}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = v.Verify(ctx, catalog.Delivery{})
	calledOff(t, err)
}
