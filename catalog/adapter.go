package catalog

// Adapter is one platform with the app's own keys. It owns the rate budgets,
// one per app and store, shared by all engines of the store. It is safe for
// concurrent use and lives as long as the process.
type Adapter interface {
	// Platform is the name it is registered under, such as "shopify".
	Platform() string
	// Features is what its engines can do in general; an engine's own
	// Features may say less where the store's edition lacks something.
	Features() Features
	// CanonicalStore returns the one form of a store's name that accounts are
	// kept and found under, such as lower case without a trailing slash, or an
	// ErrInvalid error for what cannot be a store of the platform.
	CanonicalStore(store string) (string, error)
	// Open makes an engine for a store. It checks the account, such as that
	// Store is a host of the platform, but does not use the network. Opening
	// is cheap: open one per job rather than keep thousands.
	Open(account Account, credentials CredentialSource) (Engine, error)
	// Verifier makes a verifier for incoming webhooks. It fails when there is
	// no secret or key to verify with: an unverifiable webhook is never
	// accepted.
	Verifier(config VerifierConfig) (WebhookVerifier, error)
}

// VerifierConfig says whose webhooks are to be verified.
type VerifierConfig struct {
	// Account is the account the address names; nil for webhooks signed with
	// the app's own secret.
	Account *Account
	// Secrets are the valid secrets, newest first; several during a rotation.
	// nil means the app's own. An empty one among them is refused.
	Secrets []Secret
}
