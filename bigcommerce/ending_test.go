package bigcommerce_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/soukhq/souk/bigcommerce"
	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
	"github.com/soukhq/souk/catalog"
)

// spoiler changes the answers to requests for pages of products, which it
// counts from 1.
type spoiler struct {
	inner http.RoundTripper
	spoil func(page int64, body []byte) []byte
	pages atomic.Int64
}

func (s *spoiler) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := s.inner.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "/v3/catalog/products") {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return nil, err
	}
	body = s.spoil(s.pages.Add(1), body)
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp.Header.Del("Content-Length")
	return resp, nil
}

// list is an answer of a list, its members in the other order than the
// platform's.
type list struct {
	Meta json.RawMessage   `json:"meta"`
	Data []json.RawMessage `json:"data"`
}

func rearranged(t *testing.T, body []byte, change func(*list)) []byte {
	t.Helper()
	var l list
	if err := json.Unmarshal(body, &l); err != nil {
		t.Error(err)
	}
	change(&l)
	rows, err := json.Marshal(l.Data)
	if err != nil {
		t.Error(err)
	}
	return []byte(`{"data":` + string(rows) + `,"meta":` + string(l.Meta) + `}`)
}

// TestTheEndOfAPageIsBorneOutByItsRows: the next page is asked for from the end
// of an answer alone, and whatever is in front of it is still looked at.
func TestTheEndOfAPageIsBorneOutByItsRows(t *testing.T) {
	t.Parallel()
	damage := func(body []byte) []byte { return bytes.Replace(body, []byte(`"name":`), []byte(`"name"`), 1) }
	for name, tt := range map[string]struct {
		spoil func(t *testing.T, page int64, body []byte) []byte
		pages int64 // requests for all of them
		bad   bool
	}{
		"as it should be": {func(_ *testing.T, _ int64, body []byte) []byte { return body }, 5, false},
		"damaged once, asked for again": {func(_ *testing.T, page int64, body []byte) []byte {
			if page == 2 {
				return damage(body)
			}
			return body
		}, 6, false},
		"damaged for ever": {func(_ *testing.T, _ int64, body []byte) []byte { return damage(body) }, 0, true},
		"out of order": {func(t *testing.T, page int64, body []byte) []byte {
			return rearranged(t, body, func(l *list) {
				if page == 2 {
					l.Data[0], l.Data[len(l.Data)-1] = l.Data[len(l.Data)-1], l.Data[0]
				}
			})
		}, 0, true},
		"the end in front": {func(t *testing.T, _ int64, body []byte) []byte {
			var l list
			if err := json.Unmarshal(body, &l); err != nil {
				t.Error(err)
			}
			body, err := json.Marshal(l)
			if err != nil {
				t.Error(err)
			}
			return body
		}, 5, false},
		"a last row without an id": {func(t *testing.T, page int64, body []byte) []byte {
			return rearranged(t, body, func(l *list) {
				if page == 1 {
					l.Data = append(l.Data, json.RawMessage(`{"name":"x"}`))
				}
			})
		}, 5, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newServer(t, bigcommercetest.Config{Unthrottled: true, Quota: 1_000_000, Products: 50, Orders: -1, Customers: -1})
			s := &spoiler{inner: server.Transport(), spoil: func(page int64, body []byte) []byte { return tt.spoil(t, page, body) }}
			adapter, err := bigcommerce.New(bigcommerce.Config{Transport: s, Attempts: 2})
			if err != nil {
				t.Fatal(err)
			}
			options := catalog.ListOptions{PageSize: 10, OnBadItem: func(*catalog.ItemError) error { return nil }}
			products, err := catalog.Collect(openStore(t, adapter, server.Store).Products(t.Context(), catalog.ProductQuery{ListOptions: options}))
			if tt.bad {
				if catalog.KindOf(err) != catalog.ErrBadAnswer {
					t.Errorf("%d products, %v", len(products), err)
				}
				return
			}
			seen := map[string]bool{}
			for _, p := range products {
				seen[p.ID] = true
			}
			if n := s.pages.Load(); err != nil || len(products) != 50 || len(seen) != 50 || n != tt.pages {
				t.Errorf("%d products, %d of them different, on %d pages, %v", len(products), len(seen), n, err)
			}
		})
	}
}
