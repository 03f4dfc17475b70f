package bigcommerce_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// shortener takes the first order off every page but the last, as if it had
// been deleted while the page was put together.
type shortener struct {
	inner http.RoundTripper
	size  int
}

func (s shortener) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := s.inner.RoundTrip(r)
	if err != nil || resp.StatusCode != http.StatusOK || !strings.HasSuffix(r.URL.Path, "/v2/orders") {
		return resp, err
	}
	var rows []json.RawMessage
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err == nil {
		err = json.Unmarshal(body, &rows)
	}
	if err != nil {
		return nil, err
	}
	if len(rows) == s.size {
		rows = rows[1:]
	}
	body, err = json.Marshal(rows)
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp.Header.Del("Content-Length")
	return resp, err
}

// A page that is shorter than asked for is not the last one: V2 has no totals,
// and a page shrinks by what is deleted while it is read.
func TestAShortPageDoesNotEndTheOrders(t *testing.T) {
	t.Parallel()
	const size = 6
	server := newServer(t, bigcommercetest.Config{Unthrottled: true, Quota: 1_000_000, Products: 3, Customers: 2, Orders: 40})
	adapter, err := bigcommerce.New(bigcommerce.Config{Transport: shortener{server.Transport(), size}})
	if err != nil {
		t.Fatal(err)
	}
	engine := openStore(t, adapter, server.Store)
	read := map[string]bool{}
	last := ""
	for o, err := range engine.Orders(t.Context(), catalog.OrderQuery{ListOptions: catalog.ListOptions{PageSize: size}}) {
		if err != nil {
			t.Fatal(err)
		}
		read[o.ID], last = true, o.ID
	}
	all := server.Orders()
	if want := id(all[len(all)-1].ID); last != want {
		t.Errorf("the list ended at %s, want %s; %d of %d orders read", last, want, len(read), len(all))
	}
}
