package bigcommerce_test

import "regexp"

// exception is a place where a request is right although the file says
// otherwise: the values it may have, and the reason.
type exception struct {
	form   *regexp.Regexp
	reason string
}

var (
	numbers = regexp.MustCompile(`^[0-9]+(,[0-9]+)*$`)
	noValue = regexp.MustCompile(`^$`)
)

const listOfIDs = "described as one integer, and in words as a list of them, as every filter :in is"

// exceptions are by operation and parameter. One that is not needed any more
// fails the test.
var exceptions = map[string]exception{
	"GET /orders sort": {regexp.MustCompile(`^id:asc$`),
		"the enumeration has the fields alone; the words beside it have field:direction"},
	"GET /orders/{order_id}/products Content-Type": {noValue,
		"required of a call that has no body"},
	"GET /inventory/items variant_id:in": {numbers, listOfIDs},
	"GET /inventory/items product_id:in": {numbers, listOfIDs},
}
