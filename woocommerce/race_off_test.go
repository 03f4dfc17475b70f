//go:build !race

package woocommerce_test

const raceEnabled = false
