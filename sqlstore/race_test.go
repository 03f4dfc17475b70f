//go:build race

package sqlstore_test

// killPoints is how often TestKilledAnywhere kills on each database.
const killPoints = 12
