package salla_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// proper says that an error is one of souk's that names the platform and what
// was being done, with the context's in its tree.
func proper(t testing.TB, err error) {
	t.Helper()
	e, ok := errors.AsType[*catalog.Error](err)
	if !ok || e.Platform != salla.Platform || e.Op == "" || e.Kind != catalog.ErrUnavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("got %#v", err)
	}
}

// TestAWaitForStatusesEndsWithItsContext: of two readers of the statuses one
// waits for the other.
func TestAWaitForStatusesEndsWithItsContext(t *testing.T) {
	t.Parallel()
	server := newServer(t, sallatest.Config{Products: 12, Orders: 3, Customers: 3, Unthrottled: true, PerMinute: 1_000_000})
	asked, answer := make(chan struct{}), make(chan struct{})
	hold := roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.URL.Path == "/admin/v2/orders/statuses" {
			close(asked) // by one reader alone
			<-answer
		}
		return server.Transport().RoundTrip(r)
	})
	adapter, err := salla.New(salla.Config{Transport: hold})
	must(t, err)
	e := openStore(t, adapter, server.Store)
	shipped := catalog.OrderQuery{Status: []catalog.OrderStatus{catalog.OrderShipped}}
	first := make(chan error, 1)
	go func() {
		_, err := catalog.Collect(e.Orders(context.WithoutCancel(t.Context()), shipped))
		first <- err
	}()
	<-asked
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = catalog.Collect(e.Orders(ctx, shipped))
	proper(t, err)
	close(answer)
	must(t, <-first)
}

// TestADeliveryIsNotCheckedAfterItsContext has ended.
func TestADeliveryIsNotCheckedAfterItsContext(t *testing.T) {
	t.Parallel()
	adapter, err := salla.New(salla.Config{WebhookSecrets: []catalog.Secret{catalog.NewSecret("s")}})
	must(t, err)
	v, err := adapter.Verifier(catalog.VerifierConfig{})
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = v.Verify(ctx, catalog.Delivery{})
	proper(t, err)
}

// TestAListThatIsCalledOffNamesItself: the context ends between two calls.
func TestAListThatIsCalledOffNamesItself(t *testing.T) {
	t.Parallel()
	server := newServer(t, sallatest.Config{Products: 12, Orders: 3, Customers: 3, Unthrottled: true, PerMinute: 1_000_000})
	for _, limit := range []int{0, 5} {
		ctx, cancel := context.WithCancel(t.Context())
		cancels := roundTripper(func(r *http.Request) (*http.Response, error) {
			resp, err := server.Transport().RoundTrip(r)
			if err == nil {
				resp.Body = onClose{resp.Body, cancel}
			}
			return resp, err
		})
		adapter, err := salla.New(salla.Config{Transport: cancels})
		must(t, err)
		query := catalog.ProductQuery{}
		query.Limit = limit
		_, err = catalog.Collect(openStore(t, adapter, server.Store).Products(ctx, query))
		proper(t, err)
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
