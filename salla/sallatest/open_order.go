package sallatest

import (
	"fmt"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// AddOpenOrder puts an order in front of the list that is paid and neither
// shipped nor cancelled: three pieces of one product and one of another, taken
// from the store where it has two with a stock of their own.
func (s *Store) AddOpenOrder() *Order {
	o := Order{Status: orderStatus("under_review"), Shippable: true, Receiver: Address{Name: "Noura Saad", Email: "noura@example.com", Phone: "966501724227"}}
	sub := int64(0)
	for i, n := range []int{3, 1} {
		it := OrderItem{Name: fmt.Sprintf("منتج %d", i+1), SKU: fmt.Sprintf("OPEN-%d", i+1), Quantity: n, Price: "66.00", Weight: "0.5"}
		if p := s.counted(i); p != nil {
			it.ProductID, it.Name, it.SKU, it.Price = p.ID, p.Name, p.SKU, p.Price
		}
		line := toCents(it.Price) * int64(n)
		it.Total = cents(line)
		sub += line
		o.Items = append(o.Items, it)
	}
	o.SubTotal, o.ShippingCost, o.Total = cents(sub), "15.00", cents(sub+1500)
	if len(s.branches) > 0 {
		o.BranchID = s.branches[0].ID
	}
	o.ShipTo = s.seedAddress(serverkit.NewRand(s.cfg.Seed, kindOrder, -1), o.Receiver.Name, o.Receiver.Email, o.Receiver.Phone)
	return s.AddOrder(o)
}

// counted returns the n-th product that has a SKU and a stock of its own, or nil.
func (s *Store) counted(n int) *Product {
	for _, index := range s.products.order() {
		for _, p := range s.products.records([]int32{index}) {
			if len(p.Variants) > 0 || p.Unlimited || p.SKU == "" {
				continue
			}
			if n--; n < 0 {
				return p
			}
		}
	}
	return nil
}
