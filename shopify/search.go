package shopify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
)

// search builds a query in Shopify's search syntax. Values are always quoted:
// an unquoted time is cut at its first colon and partly ignored.
// https://shopify.dev/docs/api/usage/search-syntax
type search struct {
	terms []string
	err   error
}

func (s search) text() string { return strings.Join(s.terms, " ") }

// with returns the text with one more term.
func (s search) with(term string) string {
	return strings.Join(append(slices.Clone(s.terms), term), " ")
}

var quoter = strings.NewReplacer(`\`, `\\`, `'`, `\'`)

func quote(value string) string { return "'" + quoter.Replace(value) + "'" }

func (s *search) equal(field, value string) { s.terms = append(s.terms, field+":"+quote(value)) }

// between limits a time. Shopify compares whole seconds: since is rounded
// down and before up, and the reader drops what lies outside.
func (s *search) between(field string, since, before time.Time) {
	if !since.IsZero() {
		s.terms = append(s.terms, field+":>="+quote(seconds(since)))
	}
	if !before.IsZero() {
		s.terms = append(s.terms, field+":<="+quote(seconds(before.Add(time.Second-1))))
	}
}

func seconds(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

// anyOf asks for one of several words; one Shopify has no word for is an error.
func anyOf[T ~string](s *search, field string, values []T, words map[T]string) {
	var terms []string
	for _, v := range values {
		native, ok := words[v]
		if !ok {
			s.err = catalog.Unsupported(Platform, fmt.Sprintf("filter by %s %q", strings.ReplaceAll(field, "_", " "), v),
				"read without this filter and look at the records")
			return
		}
		terms = append(terms, field+":"+native)
	}
	switch len(terms) {
	case 0:
	case 1:
		s.terms = append(s.terms, terms[0])
	default:
		s.terms = append(s.terms, "("+strings.Join(terms, " OR ")+")")
	}
}

// exactly is the exact filter of a search, nil when nothing is searched for.
func exactly[T any](s search, keep func(*T) bool) func(*T) bool {
	if len(s.terms) == 0 {
		return nil
	}
	return keep
}

// among says whether a word is one of those asked for; none asks for any.
func among[T ~string](asked []T, word T) bool { return len(asked) == 0 || slices.Contains(asked, word) }

// stamp is a record's time for a position, "" when it has none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return seconds(t)
}
