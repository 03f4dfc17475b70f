package magento_test

import (
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento/magentotest"
)

// drain reads all changes.
func drain[T any](t *testing.T, c *catalog.Changes[T], of func(T) string) []string {
	t.Helper()
	return ids(t, c.All(t.Context()), of)
}

func TestChangesCostWhatChanged(t *testing.T) {
	t.Parallel()
	server, engine := quick(t, magentotest.Config{Products: 120, Orders: 120, Customers: 120, Epoch: time.Now().Add(-48 * time.Hour)})
	reader := catalog.OrderChanges(engine, "")
	if n := len(drain(t, reader, orderID)); n != 120 {
		t.Fatalf("%d orders at first", n)
	}
	saved := reader.Checkpoint()
	changed := []int64{server.Orders()[100].ID, server.Orders()[7].ID}
	for _, order := range changed {
		if err := server.UpdateOrder(order, func(o *magentotest.Order) { o.Status = "fraud" }); err != nil {
			t.Fatal(err)
		}
	}
	created := server.AddOrder(magentotest.Order{})
	before := len(server.Calls())
	reader = catalog.OrderChanges(engine, saved)
	got := drain(t, reader, orderID)
	for _, want := range append(changed, created.ID) {
		if !slices.Contains(got, id(want)) {
			t.Errorf("order %d is missing from %v", want, got)
		}
	}
	if n := len(server.Calls()) - before; len(got) != 3 || n > 4 {
		t.Errorf("%d changes for %d calls", len(got), n)
	}
	if again := drain(t, catalog.OrderChanges(engine, reader.Checkpoint()), orderID); len(again) > 0 {
		t.Errorf("the next reader gives %v", again)
	}
}

// Records of one second are told apart by their ids, at whatever page border
// and wherever a reader is killed.
func TestChangesOfOneSecondAllCome(t *testing.T) {
	t.Parallel()
	at := time.Now().Add(-5 * time.Minute).Truncate(time.Second)
	server, engine := quick(t, magentotest.Config{Products: -1, Orders: -1, Customers: -1, Clock: func() time.Time { return at }})
	var want []string
	for range 23 {
		want = append(want, id(server.AddCustomer(magentotest.Customer{}).ID))
	}
	for cut := range len(want) {
		reader := catalog.CustomerChanges(engine, "", catalog.ChangeOptions{PageSize: 4})
		var got []string
		for c, err := range reader.All(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if got = append(got, c.ID); len(got) == cut+1 {
				break
			}
		}
		rest := drain(t, catalog.CustomerChanges(engine, reader.Checkpoint(), catalog.ChangeOptions{PageSize: 5}), customerID)
		if rest[0] != got[cut] || !slices.Equal(append(got[:cut], rest...), want) {
			t.Errorf("killed at %d: %v and %v", cut, got, rest)
		}
	}
}
