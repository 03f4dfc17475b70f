package magento

import "slices"

// words are the values as text.
func words[T ~string](values []T) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return all
}

// wordsFor finds the native words of a normalised one, sorted.
func wordsFor[T comparable](table map[string]T, wanted T) []string {
	var all []string
	for word, v := range table {
		if v == wanted {
			all = append(all, word)
		}
	}
	slices.Sort(all)
	return all
}
