package storetest

import (
	"testing"

	"github.com/soukhq/souk/catalog"
)

// Credentials holds a store of credentials against catalog.CredentialStore.
// open gives an empty one each time; it is called by parallel tests.
func Credentials(t *testing.T, open func(t *testing.T) catalog.CredentialStore) {
	run(t, open, map[string]func(*testing.T, catalog.CredentialStore){
		"absent":                credentialsAbsent,
		"swap and load":         credentialsSwapAndLoad,
		"every field":           credentialsEveryField,
		"odd texts":             credentialsOddTexts,
		"stale swap":            credentialsStaleSwap,
		"invalid":               credentialsInvalid,
		"refresh":               credentialsRefresh,
		"intents never expire":  credentialsIntentStays,
		"intent of a token":     credentialsIntentOfAToken,
		"cancel refresh":        credentialsCancelRefresh,
		"reconnect in between":  credentialsReconnect,
		"delete":                credentialsDelete,
		"delete, then old swap": credentialsDeleteThenSwap,
		"copies":                credentialsCopies,
		"ended context":         credentialsEndedContext,
		"one swap wins":         credentialsOneSwapWins,
		"one refresh wins":      credentialsOneRefreshWins,
		"no update is lost":     credentialsConcurrent,
	})
}
