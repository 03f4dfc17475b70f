package stall

import (
	"context"
	"fmt"
	"net/url"
	"regexp"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// call reads one answer.
func (e *Engine) call(ctx context.Context, op, path string, query url.Values) ([]byte, error) {
	resp, err := e.adapter.http.Do(ctx, &transport.Request{
		Op: op, URL: address(e.account.Store, path, query),
		Cost: 1, Budget: e.budget, Credential: e.credentials, Authorize: authorize,
	})
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

// newCredit makes the budget of one stall, as the vendor describes it; what the
// answers say replaces these numbers.
func newCredit() transport.Budget {
	b, err := transport.NewBucket(transport.BucketConfig{Capacity: 40, RestoreRate: 20})
	if err != nil {
		panic(err) // the numbers above are good
	}
	return b
}

// observed reads what an answer says of the credit, such as "39/40; 20 per
// second"; nil when it says nothing.
func observed(resp *transport.Response) *transport.Observed {
	var left, size, rate float64
	if n, _ := fmt.Sscanf(resp.Header.Get("Stall-Credit"), "%g/%g; %g per second", &left, &size, &rate); n != 3 || size <= 0 || rate <= 0 {
		return nil
	}
	return &transport.Observed{Available: left, Capacity: size, RestoreRate: rate}
}

// idForm is an id as Stall gives it; ids of the same length sort as text.
var idForm = regexp.MustCompile(`^[0-9a-z]{10}$`)

func invalid(op, message string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: message}
}

func badAnswer(op, message string) error {
	return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrBadAnswer, Message: message}
}
