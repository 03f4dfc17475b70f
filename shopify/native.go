package shopify

import (
	"context"

	"github.com/soukhq/souk/catalog"
)

// GraphQL sends the host's own operation. Its cost is estimated for the first
// call and learned from the answer for the next; a call that was throttled is
// repeated, since Shopify did not run it. A mutation whose answer was lost is
// ErrOutcomeUnknown and not repeated.
// https://shopify.dev/docs/api/admin-graphql
func (e *Engine) GraphQL(ctx context.Context, query string, variables map[string]any) (catalog.GraphQLResult, error) {
	d := document{name: "native:" + catalog.Fingerprint(catalog.NewSecret(query)), text: query}
	how := reading
	if mutates(query) {
		how = once
	}
	a, err := e.send(ctx, "graphql", d, variables, how)
	if err != nil {
		return catalog.GraphQLResult{}, err
	}
	result := catalog.GraphQLResult{Data: a.data(), Extensions: a.page.Field("extensions")}
	if null(result.Data) {
		return result, absent("graphql", a)
	}
	for _, problem := range a.errors {
		result.Errors = append(result.Errors, catalog.FieldError{Field: joinPath(problem.Path), Code: problem.Extensions.Code, Message: problem.Message})
	}
	return result, nil
}

// mutates reports whether a document holds anything but queries. Only the
// level outside of braces counts.
func mutates(query string) bool {
	depth := 0
	for _, token := range tokenize(query) {
		switch token {
		case "{", "(", "[":
			depth++
		case "}", ")", "]":
			depth--
		case "mutation", "subscription":
			if depth == 0 {
				return true
			}
		}
	}
	return false
}
