package magentotest

import (
	"fmt"
	"sync"
	"testing"
)

func TestWritesAtTheSameTime(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: nil})
	o := s.AddSale(true)
	body := fmt.Sprintf(`{"items":[{"order_item_id":%d,"qty":1}],"arguments":{"extension_attributes":{"source_code":"default"}}}`, o.Items[0].ID)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			_, _ = send(s, bearer(request(t, s, "POST", "/V1/order/"+itoa(o.ID)+"/ship", body), s.AccessToken())) // some are too late
		})
	}
	wait.Wait()
	if got := s.Order(o.ID); got.Items[0].Shipped != "3" || len(got.Shipments) != 3 || len(s.Effects()) != 3 {
		t.Errorf("%s pieces in %d shipments, %d effects", got.Items[0].Shipped, len(got.Shipments), len(s.Effects()))
	}
}
