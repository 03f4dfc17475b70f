// Package auth keeps stores' credentials alive: it hands engines a credential
// for every attempt, refreshes expiring tokens once however many goroutines
// ask, and stores the result before anybody uses it.
//
//	creds := auth.NewProvider(auth.ProviderConfig{Store: db.Credentials(), Accounts: accounts, OnRefresh: alert})
//	defer creds.Shutdown(ctx)
//	stores := &catalog.Stores{Registry: reg, Accounts: accounts, Credentials: creds}
//	engine, err := stores.Open(ctx, "tenant-42")
//	...
//	tally, err := creds.KeepAlive(ctx, auth.Sweep{}) // once a day
//
// A refresh is written down in the credential store before it is sent. A
// platform whose refresh tokens work once only is never sent the same token
// again, not even after a crash: what became of such a refresh is unknown, the
// old access token serves as long as it lives, which ProviderConfig.OnRefresh
// and KeepAlive tell, and then the merchant has to connect the store again (the
// error is ErrReauthorize and ErrOutcomeUnknown, and the account is marked).
// A credential that the host stores meanwhile, say from an install webhook,
// heals that at once. A host that has nothing left to lose may have the token
// sent once more by cancelling the refresh on record in the CredentialStore.
//
// Tokens are refreshed when they are asked for; nothing runs in the
// background. A store nobody touches for as long as its refresh token lives is
// lost, so a host runs [Provider.KeepAlive] on a schedule. A refresh under way
// when the process ends is one of unknown outcome: end with
// [Provider.Shutdown]. A [Journal] keeps an answer that the credential store
// cannot take before the process dies.
//
// # Connecting stores
//
// [Connect] serves the pages and callbacks of the platforms' install flows, for
// every adapter that is a [Connector]; [Lifecycle] stores what they win and ends
// what the platforms take back. Package catalog/auth/authtest holds a flow
// against the rules that all of them keep.
//
// # Tokens from elsewhere
//
// Hosts that hold tokens in golang.org/x/oauth2 pass them with
// [FromTokenSource].
package auth
