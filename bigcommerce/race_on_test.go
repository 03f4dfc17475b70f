//go:build race

package bigcommerce_test

const raceEnabled = true
