package salla

import (
	"slices"
	"time"
)

// Salla filters by whole days. Which zone's days, and whether the last is
// included, its pages do not say: the first day is taken where it begins
// latest and the last one where it ends earliest, and what is too much is
// dropped here.
func firstDay(since time.Time) string { return since.UTC().Format(time.DateOnly) }

func lastDay(before time.Time) string {
	return before.In(riyadh).AddDate(0, 0, 1).Format(time.DateOnly)
}

// wordFor finds the native word of a normalised one; among several the first
// by alphabet.
func wordFor[T comparable](table map[string]T, wanted T) (string, bool) {
	var words []string
	for word, v := range table {
		if v == wanted {
			words = append(words, word)
		}
	}
	if len(words) == 0 {
		return "", false
	}
	return slices.Min(words), true
}
