package storetest

import (
	"testing"

	"github.com/soukhq/souk/catalog"
)

// Accounts holds a store of accounts against catalog.Accounts. open gives an
// empty one each time; it is called by parallel tests.
func Accounts(t *testing.T, open func(t *testing.T) catalog.Accounts) {
	run(t, open, map[string]func(*testing.T, catalog.Accounts){
		"absent":             accountsAbsent,
		"put and get":        accountsPutAndGet,
		"replace":            accountsReplace,
		"move":               accountsMove,
		"conflict":           accountsConflict,
		"invalid":            accountsInvalid,
		"status":             accountsStatus,
		"delete":             accountsDelete,
		"copies":             accountsCopies,
		"odd texts":          accountsOddTexts,
		"list":               accountsList,
		"list of many":       accountsListOfMany,
		"list while changed": accountsListWhileChanged,
		"ended context":      accountsEndedContext,
		"concurrent use":     accountsConcurrent,
		"one winner":         accountsOneWinner,
	})
}

// run runs each test on a store of its own.
func run[S any](t *testing.T, open func(*testing.T) S, tests map[string]func(*testing.T, S)) {
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}
