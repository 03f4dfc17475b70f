// Package storetest holds stores of accounts, credentials, install states and
// dedupe keys against the comments of their interfaces: catalog.Accounts,
// catalog.CredentialStore, auth.States and catalog.Deduper. It is public so
// that a store on another database can be held to the same rules.
//
//	func TestCredentials(t *testing.T) {
//		storetest.Credentials(t, func(t *testing.T) catalog.CredentialStore {
//			return openEmptyDatabase(t)
//		})
//	}
//
// Run it with -race. A store that many processes may share is also tested
// through several handles to one database, as these processes have them:
//
//	storetest.Credentials(t, func(t *testing.T) catalog.CredentialStore {
//		return storetest.SpreadCredentials(open(t, dsn), open(t, dsn), open(t, dsn))
//	})
//
// # Limits
//
// What only a durable store can do (surviving its process, encryption,
// refusing a second process) is for that store's own tests.
package storetest
