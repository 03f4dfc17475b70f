package magentotest

import (
	"fmt"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

func seedEmail(i int) string {
	if i%11 == 4 {
		return fmt.Sprintf("Customer+%d@Example.com", i)
	}
	return fmt.Sprintf("customer%d@example.com", i)
}

func (s *store) seedCustomerRow(i int) row {
	created, updated := seedTimes(s.cfg.Epoch, i, s.cfg.Customers, 31)
	return row{id: seedID(i, s.cfg.Customers), created: created, updated: updated}
}

func (s *store) seedCustomer(i int) *Customer {
	r, times := serverkit.NewRand(s.cfg.Seed, kindCustomer, i), s.seedCustomerRow(i)
	c := &Customer{
		index: i, ID: times.id, GroupID: int64(1 + i%3), Email: seedEmail(i), FirstName: serverkit.Pick(r, firstNames), LastName: serverkit.Pick(r, lastNames),
		StoreID: 1, WebsiteID: 1, CreatedIn: "Default Store View",
		CreatedAt: time.Unix(times.created, 0).UTC(), UpdatedAt: time.Unix(times.updated, 0).UTC(),
	}
	if i%5 == 2 {
		c.StoreID, c.WebsiteID, c.CreatedIn = 3, 2, "International"
	}
	if i%2 == 0 {
		c.Birthday, c.Gender = fmt.Sprintf("19%02d-04-%02d", 60+i%40, 1+i%28), int64(1+i%3)
	}
	for n := range i % 4 {
		a := seedAddress(r, c.FirstName, c.LastName)
		a.ID = int64(i*4+n) + 1
		c.Addresses = append(c.Addresses, a)
	}
	if len(c.Addresses) > 0 {
		c.DefaultBilling = c.Addresses[0].ID
		c.DefaultShipping = c.Addresses[len(c.Addresses)-1].ID
	}
	if i%7 == 3 {
		c.Attributes = []Attribute{{Code: "national_id", Value: "1000000001"}}
	}
	return c
}
