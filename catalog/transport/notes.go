package transport

import (
	"fmt"

	"github.com/soukhq/souk/catalog"
)

// Notes collects the problems of one record while it is turned into the
// model. The zero value is ready; it is not safe for concurrent use.
type Notes struct{ Problems []catalog.Problem }

// NoIndex marks a path without an index.
const NoIndex = -1

// Add notes a problem. Path is written out only here, with i in the place of
// its %d, so that a record without problems costs nothing; it is taken as it
// is when i is NoIndex.
func (n *Notes) Add(path string, i int, reason, value string) {
	if i >= 0 {
		path = fmt.Sprintf(path, i)
	}
	n.Problems = append(n.Problems, catalog.NewProblem(path, reason, value))
}

// Money reads a decimal amount; "" is no amount, and what is no decimal is a
// problem.
func (n *Notes) Money(path string, i int, amount, currency string) catalog.Money {
	if amount == "" {
		return catalog.Money{}
	}
	m, err := catalog.NewMoney(amount, currency)
	if err != nil {
		n.Add(path, i, "not a decimal amount", amount)
	}
	return m
}

// Quantity reads a decimal count; "" is nil, and what is no decimal is nil
// and a problem.
func (n *Notes) Quantity(path string, i int, text string) *catalog.Quantity {
	if text == "" {
		return nil
	}
	q, err := catalog.ParseQuantity(text)
	if err != nil {
		n.Add(path, i, "not a quantity", text)
		return nil
	}
	return &q
}

// Word normalises a platform's word by a table; "" stays "", and an unknown
// word is a problem and becomes unknown.
func Word[T ~string](n *Notes, path string, i int, native string, table map[string]T, unknown T) T {
	if native == "" {
		return ""
	}
	if known, ok := table[native]; ok {
		return known
	}
	n.Add(path, i, "unknown word", native)
	return unknown
}
