package shopifytest

import (
	"math"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	maxQueryCost = 1000
	countCost    = 10
	mutationCost = 10
)

// sizeCost is what n nodes of a connection multiply their cost by.
func sizeCost(n int) int {
	if n <= 0 {
		return 0
	}
	return max(1, int(2*math.Log(float64(n))))
}

func connectionCost(n, child int) int { return 2 + sizeCost(n)*(1+child) }

// freeType says which objects cost nothing.
func freeType(typ string) bool {
	return typ == "MoneyV2" || typ == "MoneyBag" || typ == "PageInfo"
}

// requestedCost is what the bucket must hold before the operation runs.
func (p *plan) requestedCost() int { return p.root.cost(p.root.typ) }

// cost adds up the fields selected on one concrete type.
func (s *selection) cost(typ string) int {
	total, root := 0, s == s.plan.root
	for _, f := range s.of(typ) {
		if root && s.plan.op.Operation == ast.Mutation {
			total += mutationCost + f.sub.connections()
			continue
		}
		total += f.cost(root)
	}
	return total
}

// connections is what a mutation's payload costs: its objects are free.
func (s *selection) connections() int {
	if s == nil {
		return 0
	}
	most := 0
	for _, typ := range s.plan.concrete(s.typ) {
		total := 0
		for _, f := range s.of(typ) {
			if f.connection() {
				total += f.cost(false)
			} else if f.sub != nil {
				total += f.sub.connections()
			}
		}
		most = max(most, total)
	}
	return most
}

func (f *field) cost(root bool) int {
	switch {
	case f.sub == nil || freeType(f.typ):
		return 0
	case strings.HasSuffix(f.typ, "Connection"):
		child := 0
		for _, part := range f.sub.of(f.typ) {
			switch part.name {
			case "nodes":
				child += part.sub.dearest()
			case "edges":
				for _, e := range part.sub.of(part.typ) {
					if e.name == "node" {
						child += e.sub.dearest()
					}
				}
			}
		}
		return connectionCost(f.asked(), child)
	case root && f.typ == "Count":
		return countCost
	}
	return 1 + f.sub.dearest()
}

// asked is the page size of a connection field.
func (f *field) asked() int {
	if n, ok := f.int("first"); ok {
		return n
	}
	n, _ := f.int("last")
	return n
}

// dearest is the cost of the most expensive type the selection can meet.
func (s *selection) dearest() int {
	most := 0
	for _, typ := range s.plan.concrete(s.typ) {
		most = max(most, s.cost(typ))
	}
	return most
}
