package woocommercetest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
)

// batchLimit is the most items one batch may have.
const batchLimit = 100

// batcher is what a batch of one kind of record does.
type batcher struct {
	fields []field // known ones, for reports alone: a batch validates nothing
	create func(input) (made, *apiError)
	update func(int64, input) (made, *apiError)
	drop   func(id int64, force bool) (made, *apiError)
}

func (c *call) batchProducts() *apiError {
	return c.batch(batcher{productBody(), c.insertProduct, c.changeProduct, c.dropProduct})
}

func (c *call) batchOrders() *apiError {
	return c.batch(batcher{c.server.orderBody(), c.insertOrder, c.changeOrder, c.dropOrder})
}

func (c *call) batchCustomers() *apiError {
	return c.batch(batcher{customerBody(true), c.insertCustomer, c.changeCustomer, c.dropCustomer})
}

func (c *call) batchVariations() *apiError {
	parent := c.args[0]
	return c.batch(batcher{
		variationBody(),
		func(in input) (made, *apiError) { return c.insertVariation(parent, in) },
		func(id int64, in input) (made, *apiError) { return c.changeVariation(parent, id, in) },
		func(id int64, force bool) (made, *apiError) { return c.dropVariation(parent, id, force) },
	})
}

// batch answers 200 whatever becomes of the items, each with its record or its
// error, in the order of the request. Deleting is for good.
func (c *call) batch(b batcher) *apiError {
	creates, updates := c.input.objects("create"), c.input.objects("update")
	for _, in := range slices.Concat(creates, updates) {
		in.dropNulls()
	}
	var drops []json.RawMessage
	_ = json.Unmarshal(c.input["delete"], &drops) // other kinds delete nothing
	if len(creates)+len(updates)+len(drops) > batchLimit {
		return fail(http.StatusRequestEntityTooLarge, "woocommerce_rest_request_entity_too_large",
			"Unable to accept more than "+strconv.Itoa(batchLimit)+" items for this request.")
	}
	c.status = http.StatusOK
	if len(creates)+len(updates)+len(drops) == 0 {
		c.out.b = append(c.out.b[:0], "[]"...)
		return nil
	}
	w := &c.out
	w.b = w.b[:0]
	w.obj("")
	item := func(id int64, m made, err *apiError) {
		if err == nil {
			c.one(nil, m.write)
			return
		}
		w.obj("")
		w.num("id", id)
		w.obj("error")
		err.writeBody(w)
		w.end()
		w.end()
	}
	if len(creates) > 0 {
		w.arr("create")
		for _, in := range creates {
			c.unknownInput(in, b.fields)
			m, err := b.create(in)
			item(0, m, err)
		}
		w.endArr()
	}
	if len(updates) > 0 {
		w.arr("update")
		for _, in := range updates {
			c.unknownInput(in, b.fields)
			m, err := b.update(in.id("id"), in)
			item(in.id("id"), m, err)
		}
		w.endArr()
	}
	if len(drops) > 0 {
		w.arr("delete")
		for _, raw := range drops {
			id, _ := strconv.ParseInt(textOf(raw), 10, 64)
			if id == 0 {
				continue
			}
			m, err := b.drop(id, true)
			item(id, m, err)
		}
		w.endArr()
	}
	w.end()
	return nil
}
