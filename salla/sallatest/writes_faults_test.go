package sallatest

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
)

func TestFaultsOfWrites(t *testing.T) {
	t.Parallel()
	gone := ServerError(http.StatusBadGateway)
	lost := ServerError(http.StatusGatewayTimeout)
	lost.After = true
	for _, tt := range []struct {
		name    string
		fault   Fault
		effects int
		status  int // 0 when the answer does not arrive
	}{
		{"cut before the request is read", Disconnect(CutUnread), 0, 0},
		{"cut before the answer", Disconnect(CutBefore), 1, 0},
		{"cut amid the answer", Disconnect(CutMiddle), 1, 0},
		{"429", Throttle("1"), 0, 429},
		{"500", Fault{Status: 500}, 0, 500},
		{"a page of HTML in its place", gone, 0, 502},
		{"a page of HTML when it is done", lost, 1, 504},
		{"half of the answer", Fault{Truncate: true}, 1, 201},
		{"no success", Fault{NotSuccess: true}, 1, 201},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, &Config{TB: t, Products: 30, Orders: 5})
			o := s.AddOpenOrder()
			for path, body := range map[string]string{
				"/orders/" + itoa64(o.ID) + "/status":                                `{"slug":"canceled"}`,
				"/products/sku/" + o.Items[0].SKU + "/price":                         `{"price":1.25}`,
				"/products/quantities/bulk":                                          bulkRow("id", o.Items[1].ProductID, `"quantity":3,"mode":"increment"`),
				"/products":                                                          `{"name":"x","price":1,"product_type":"product"}`,
				"/products/" + itoa64(o.Items[1].ProductID) + "/status":              `{"status":"hidden"}`,
				"/products/options/" + itoa64(find(t, s, varied).Options[0].ID) + "": `{"name":"new"}`,
			} {
				s.Inject(tt.fault.On("POST", path))
				counts(t, s, path, tt.effects, func() {
					r, err := send(t.Context(), s, s.Token(), "POST", path, body)
					if (err != nil) != (tt.status == 0) || err == nil && r.status != tt.status {
						t.Errorf("%s: %d %v", path, r.status, err)
					}
				})
			}
		})
	}
}

func TestWritesAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Unthrottled: true, Products: 60, Orders: 5})
	p := find(t, s, counted)
	var wait sync.WaitGroup
	made := make(chan int, 20)
	for i := range 20 {
		wait.Go(func() {
			_, err := send(t.Context(), s, s.Token(), "POST", "/products/quantities/bulk", bulkRow("id", p.ID, `"quantity":1,"mode":"increment"`))
			if err != nil {
				t.Error(err)
			}
			r, err := send(t.Context(), s, s.Token(), "POST", "/products", fmt.Sprintf(`{"name":"x","price":1,"product_type":"product","sku":"SAME-%d"}`, i%2))
			if err != nil {
				t.Error(err)
			}
			made <- r.status
			s.Effects()
			s.FinishQueued()
		})
	}
	wait.Wait()
	close(made)
	created := 0
	for status := range made {
		if status == http.StatusCreated {
			created++
		}
	}
	s.FinishQueued()
	if got := s.Product(p.ID).Quantity; got != p.Quantity+20 || created != 2 {
		t.Errorf("%d pieces more, want 20; %d products of two SKUs", got-p.Quantity, created)
	}
}
