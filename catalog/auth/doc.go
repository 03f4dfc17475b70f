// Package auth keeps stores' credentials alive: it hands engines a credential
// for every attempt, refreshes expiring tokens once however many goroutines
// ask, and stores the result before anybody uses it.
//
//	creds := auth.NewProvider(auth.ProviderConfig{Store: &catalog.MemoryCredentials{}})
//	stores := &catalog.Stores{Registry: reg, Accounts: accounts, Credentials: creds}
//	engine, err := stores.Open(ctx, "tenant-42")
//
// A refresh is written down in the credential store before it is sent. A
// platform whose refresh tokens work once only is never sent the same token
// again, not even after a crash: what became of such a refresh is unknown, the
// old access token serves as long as it lives, and then the merchant has to
// connect the store again.
//
// Hosts that hold tokens in golang.org/x/oauth2 pass them with
// [FromTokenSource].
package auth
