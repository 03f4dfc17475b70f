package shopify

import (
	"math"
	"strconv"
	"strings"
)

// Shopify admits a call by the cost it computes from the document. The same
// estimate is made here before the first call of a document; from then on the
// platform's own figure is used.
//
//   - a scalar is free, an object costs 1, money objects are free
//   - a connection costs 2 + size(n) x (1 + what a node costs),
//     size(n) = max(1, floor(2 ln n))
//   - a root field that counts costs 10; a mutation costs 10 and the connections
//     of its payload
//   - of the branches of an interface or union the dearest counts

// maxQueryCost is the most one call may cost.
const maxQueryCost = 1000

// unknownCost is assumed for a document that cannot be estimated.
const unknownCost = 50

func connectionSize(n float64) float64 { return max(1, math.Floor(2*math.Log(n))) }

// estimateCost predicts what a call of the document will be charged before it
// runs. Variables give the values of first and last.
func estimateCost(text string, variables map[string]any) float64 {
	e := estimator{tokens: tokenize(text), variables: variables, fragments: map[string][]string{}}
	cost, ok := e.document()
	if !ok || cost <= 0 || e.steps > maxSteps {
		return unknownCost
	}
	return cost
}

type estimator struct {
	tokens    []string
	variables map[string]any
	fragments map[string][]string // name -> tokens of its selection set
	steps     int                 // selection sets looked at so far
	depth     int
}

// Fragments may spread each other, so that a short document unfolds into an
// endless one. No document Shopify accepts comes near these bounds.
const (
	maxSteps = 10_000
	maxDepth = 40
)

// enter counts a selection set and says whether it may still be looked at.
func (e *estimator) enter() bool {
	e.steps++
	e.depth++
	return e.steps <= maxSteps && e.depth <= maxDepth
}

func (e *estimator) leave() { e.depth-- }

// document finds the fragments and the first operation.
func (e *estimator) document() (float64, bool) {
	var operation []string
	mutation := false
	for i := 0; i < len(e.tokens); {
		head := i
		for i < len(e.tokens) && e.tokens[i] != "{" {
			if e.tokens[i] == "(" {
				if i = matchingBracket(e.tokens, i); i < 0 {
					return 0, false
				}
			}
			i++
		}
		end := matchingBracket(e.tokens, i)
		if end <= i {
			return 0, false
		}
		body := e.tokens[i+1 : end]
		if e.tokens[head] == "fragment" && head+1 < i {
			e.fragments[e.tokens[head+1]] = body
		} else if operation == nil {
			operation, mutation = body, e.tokens[head] == "mutation"
		}
		i = end + 1
	}
	if mutation {
		return e.payloads(operation, true), operation != nil
	}
	return e.selection(operation, true), operation != nil
}

// payloads adds up mutations: each costs 10 and the connections in its payload,
// whose objects are free.
func (e *estimator) payloads(tokens []string, root bool) float64 {
	return e.sum(tokens, func(part []string) float64 { return e.payloads(part, root) }, func(f field) float64 {
		_, connection := e.first(f.arguments)
		switch {
		case root:
			return 10 + e.payloads(f.selection, false)
		case f.object && connection:
			return e.field(f, false)
		case f.object && !freeObject(f.name):
			return e.payloads(f.selection, false)
		}
		return 0
	})
}

// selection adds up the fields of a selection set.
func (e *estimator) selection(tokens []string, root bool) float64 {
	return e.sum(tokens, func(part []string) float64 { return e.selection(part, root) }, func(f field) float64 { return e.field(f, root) })
}

// sum adds up a selection set: what its fields cost, and the dearest of what it
// spreads.
func (e *estimator) sum(tokens []string, spread func([]string) float64, one func(field) float64) float64 {
	defer e.leave()
	if !e.enter() {
		return 0
	}
	var cost, branch float64
	for i := 0; i < len(tokens); {
		if tokens[i] == "..." {
			var part []string
			part, i = e.spread(tokens, i+1)
			branch = max(branch, spread(part))
			continue
		}
		var f field
		f, i = readField(tokens, i)
		cost += one(f)
	}
	return cost + branch
}

// spread reads "...Name" or "... on Type { }" and returns its fields.
func (e *estimator) spread(tokens []string, i int) (part []string, next int) {
	if i < len(tokens) && tokens[i] != "on" && tokens[i] != "{" && tokens[i] != "@" {
		name := tokens[i]
		for i++; i+1 < len(tokens) && tokens[i] == "@"; i++ {
			if i++; i+1 < len(tokens) && tokens[i+1] == "(" {
				i = max(i, matchingBracket(tokens, i+1))
			}
		}
		return e.fragments[name], i
	}
	for i < len(tokens) && tokens[i] != "{" {
		i++
	}
	end := matchingBracket(tokens, i)
	if end < 0 {
		return nil, len(tokens)
	}
	return tokens[i+1 : end], end + 1
}

// freeObject reports a field that holds money by its name.
func freeObject(name string) bool {
	switch name {
	case "shopMoney", "presentmentMoney", "unitCost", "amountSpent", "minVariantPrice", "maxVariantPrice", "unitPrice":
		return true
	}
	return strings.HasSuffix(name, "Set")
}

func (e *estimator) field(f field, root bool) float64 {
	switch {
	case !f.object || f.name == "pageInfo":
		return 0
	case root && strings.HasSuffix(f.name, "Count"):
		return 10
	case freeObject(f.name):
		return e.selection(f.selection, false)
	}
	if n, ok := e.first(f.arguments); ok {
		if nodes, ok := e.nodes(f.selection); ok {
			return 2 + connectionSize(n)*(1+nodes)
		}
	}
	return 1 + e.selection(f.selection, false)
}

// nodes returns what one node of a connection costs beyond itself.
func (e *estimator) nodes(selection []string) (float64, bool) {
	defer e.leave()
	if !e.enter() {
		return 0, false
	}
	for i := 0; i < len(selection); {
		if selection[i] == "..." {
			var part []string
			part, i = e.spread(selection, i+1)
			if cost, ok := e.nodes(part); ok {
				return cost, true
			}
			continue
		}
		var f field
		f, i = readField(selection, i)
		switch f.name {
		case "nodes":
			return e.selection(f.selection, false), true
		case "edges":
			for j := 0; j < len(f.selection); {
				var node field
				if node, j = readField(f.selection, j); node.name == "node" {
					return e.selection(node.selection, false), true
				}
			}
		}
	}
	return 0, false
}

// first reads the size of a connection from its arguments.
func (e *estimator) first(arguments []string) (float64, bool) {
	for i := 0; i+2 < len(arguments); i++ {
		if arguments[i] != "first" && arguments[i] != "last" || arguments[i+1] != ":" {
			continue
		}
		value := arguments[i+2]
		if value == "$" && i+3 < len(arguments) {
			switch n := e.variables[arguments[i+3]].(type) {
			case int:
				return pageOf(float64(n))
			case int64:
				return pageOf(float64(n))
			case float64:
				return pageOf(n)
			}
			return largestPage, true
		}
		n, err := strconv.ParseUint(value, 10, 32)
		if err != nil {
			return 0, false
		}
		return pageOf(float64(n))
	}
	return 0, false
}

// largestPage is the most Shopify gives at once.
const largestPage = 250

func pageOf(n float64) (float64, bool) { return min(n, largestPage), n >= 1 }
