package bigcommerce

import (
	"context"
	"net/http"
	"slices"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// step is one call of an update: of a product, of a variant, or of up to fifty
// variants.
type step struct {
	product string
	wants   []want
}

// want is what a step sets; variant 0 is the product itself.
type want struct {
	variant int64
	fields  map[string]any
}

func (s step) isProduct() bool { return s.wants[0].variant == 0 }

func (s step) call(op string) call {
	c := call{op: op, method: http.MethodPut, path: "/v3/catalog/products/" + s.product}
	switch {
	case s.isProduct():
	case len(s.wants) == 1:
		c.path += "/variants/" + idText(s.wants[0].variant)
	default:
		c.path = "/v3/catalog/variants"
	}
	return c
}

func (s step) body() any {
	if len(s.wants) == 1 {
		return s.wants[0].fields
	}
	all := make([]map[string]any, len(s.wants))
	for i, w := range s.wants {
		all[i] = map[string]any{"id": w.variant}
		for name, value := range w.fields {
			all[i][name] = value
		}
	}
	return all
}

// mostVariants is how many variants one call changes.
const mostVariants = 50

// stepsFor puts the changes of variants into calls. A call for many has no
// way to say that a value is none, so such a variant has a call of its own.
func stepsFor(product string, wants []want) (steps []step) {
	var many []want
	for _, w := range wants {
		empties := false
		for _, value := range w.fields {
			empties = empties || value == nil
		}
		if empties {
			steps = append(steps, step{product, []want{w}})
		} else {
			many = append(many, w)
		}
	}
	for chunk := range slices.Chunk(many, mostVariants) {
		steps = append(steps, step{product, chunk})
	}
	return steps
}

// afterOthers says beside a refusal that earlier calls of the same update were
// done.
func afterOthers(err error, done int) error {
	if failed, ok := err.(*catalog.Error); ok && done > 0 {
		failed.Hint = "other parts of the update were written before; the same call may be repeated"
	}
	return err
}

// take does the steps of an update, one after the other.
func (e *Engine) take(ctx context.Context, op, id string, steps []step) (catalog.Product, error) {
	find := func(ctx context.Context) (catalog.Outcome, error) {
		return e.lookAtProduct(ctx, "confirm "+op, id, steps)
	}
	var a answer
	var part error
	for i, s := range steps {
		got, err := e.write(ctx, s.call(op), s.body(), find)
		switch {
		case savedInPart(err):
			part = err
		case err != nil:
			return catalog.Product{}, afterOthers(err, i)
		}
		if s.isProduct() {
			a = got
		}
	}
	product, err := e.productUpdated(ctx, op, id, a, find)
	if err != nil {
		return product, err
	}
	return product, part
}

// productUpdated is the product after all steps, of which the first's answer
// is a.
func (e *Engine) productUpdated(ctx context.Context, op, id string, a answer, find look) (catalog.Product, error) {
	if a.page == nil { // variants alone were changed, and their answer is no product
		a.page, _ = transport.OpenPage([]byte(`{"data":{"id":` + id + `}}`))
	}
	return e.productAfter(ctx, op, a, id, find)
}
