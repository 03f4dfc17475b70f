package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Credentials returns the credentials in the database. On Postgres they may be
// shared by many processes.
func (s *Store) Credentials() catalog.CredentialStore { return (*credentials)(s) }

type credentials Store

// credentialRecord is what is sealed. Secrets are bytes, which JSON keeps
// whatever they are.
type credentialRecord struct {
	AccessToken      []byte    `json:"access_token,omitempty"`
	RefreshToken     []byte    `json:"refresh_token,omitempty"`
	Key              []byte    `json:"key,omitempty"`
	Secret           []byte    `json:"secret,omitempty"`
	TokenSecret      []byte    `json:"token_secret,omitempty"`
	ExpiresAt        time.Time `json:"expires_at,omitzero"`
	RefreshExpiresAt time.Time `json:"refresh_expires_at,omitzero"`
	WebhookSecrets   [][]byte  `json:"webhook_secrets,omitzero"`
	Scopes           []string  `json:"scopes,omitzero"`
}

func encodeCredential(c catalog.Credential) ([]byte, error) {
	r := credentialRecord{
		AccessToken: []byte(c.AccessToken.Reveal()), RefreshToken: []byte(c.RefreshToken.Reveal()), Key: []byte(c.Key.Reveal()),
		Secret: []byte(c.Secret.Reveal()), TokenSecret: []byte(c.TokenSecret.Reveal()),
		ExpiresAt: c.ExpiresAt, RefreshExpiresAt: c.RefreshExpiresAt, Scopes: c.Scopes,
	}
	if c.WebhookSecrets != nil {
		r.WebhookSecrets = [][]byte{}
	}
	for _, s := range c.WebhookSecrets {
		r.WebhookSecrets = append(r.WebhookSecrets, []byte(s.Reveal()))
	}
	return json.Marshal(r)
}

func decodeCredential(plain []byte) (catalog.Credential, error) {
	var r credentialRecord
	if json.Unmarshal(plain, &r) != nil { // whose text might quote a secret
		return catalog.Credential{}, errors.New("a credential was written in a form that this program does not know")
	}
	secret := func(b []byte) catalog.Secret { return catalog.NewSecret(string(b)) }
	c := catalog.Credential{
		AccessToken: secret(r.AccessToken), RefreshToken: secret(r.RefreshToken), Key: secret(r.Key), Secret: secret(r.Secret), TokenSecret: secret(r.TokenSecret),
		ExpiresAt: r.ExpiresAt, RefreshExpiresAt: r.RefreshExpiresAt, Scopes: r.Scopes,
	}
	if r.WebhookSecrets != nil {
		c.WebhookSecrets = []catalog.Secret{}
	}
	for _, s := range r.WebhookSecrets {
		c.WebhookSecrets = append(c.WebhookSecrets, secret(s))
	}
	return c, nil
}

func credentialError(op string, kind catalog.Kind, why string) error {
	return &catalog.Error{Op: op, Kind: kind, Message: why}
}

// Load implements catalog.CredentialStore.
func (c *credentials) Load(ctx context.Context, account string) (catalog.StoredCredential, error) {
	const op = "load credential"
	s := (*Store)(c)
	none := credentialError(op, catalog.ErrNotFound, "no credential is stored for the account")
	if err := ctx.Err(); err != nil {
		return catalog.StoredCredential{}, err
	}
	if checkText(account) != nil {
		return catalog.StoredCredential{}, none
	}
	var stored catalog.StoredCredential
	var value sealed
	var attempt, fingerprint, owner sql.NullString
	var started, deadline sql.NullInt64
	err := s.row(ctx, op, `SELECT version, key_id, sealed, attempt, fingerprint, owner, started_at, deadline
		FROM souk_credentials WHERE account = $1 AND sealed IS NOT NULL`, []any{account},
		&stored.Version, &value.keyID, &value.bytes, &attempt, &fingerprint, &owner, &started, &deadline)
	if errors.Is(err, sql.ErrNoRows) {
		return catalog.StoredCredential{}, none
	}
	if err != nil {
		return catalog.StoredCredential{}, err
	}
	plain, err := s.keys.open(kindCredential, account, value)
	if err == nil {
		stored.Credential, err = decodeCredential(plain)
	}
	if err != nil {
		return catalog.StoredCredential{}, s.failed(ctx, op, err)
	}
	if attempt.Valid {
		stored.Refresh = &catalog.RefreshIntent{Attempt: attempt.String, Fingerprint: fingerprint.String, Owner: owner.String,
			StartedAt: fromMicros(started), Deadline: fromMicros(deadline)}
	}
	return stored, nil
}

// CompareAndSwap implements catalog.CredentialStore.
func (c *credentials) CompareAndSwap(ctx context.Context, account string, version int64, next catalog.Credential) (int64, error) {
	const op = "store credential"
	s := (*Store)(c)
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if account == "" || next.IsZero() || checkText(account) != nil {
		return 0, credentialError(op, catalog.ErrInvalid, "the account id or the credential is empty, or the id is no text")
	}
	plain, err := encodeCredential(next)
	if err != nil {
		return 0, credentialError(op, catalog.ErrInvalid, "the credential's times cannot be written")
	}
	value := s.keys.seal(kindCredential, account, plain)
	conflict := credentialError(op, catalog.ErrConflict, "the credential was changed meanwhile")
	query, args := `INSERT INTO souk_credentials (account, version, key_id, sealed) VALUES ($1, 1, $2, $3)
		ON CONFLICT (account) DO UPDATE SET version = souk_credentials.version + 1, key_id = excluded.key_id, sealed = excluded.sealed
		WHERE souk_credentials.sealed IS NULL RETURNING version`, []any{account, value.keyID, value.bytes}
	if version != 0 {
		// Between this look and the statement below the credential cannot change
		// without its version.
		old, err := c.Load(ctx, account)
		switch {
		case catalog.KindOf(err) == catalog.ErrNotFound:
			return 0, conflict
		case err != nil:
			return 0, err
		case old.Version != version:
			return 0, conflict
		}
		query, args = `UPDATE souk_credentials SET version = version + 1, key_id = $2, sealed = $3`, append(args, version)
		if !old.Credential.RefreshToken.Equal(next.RefreshToken) {
			query += clearIntent
		}
		query += " WHERE account = $1 AND version = $4 AND sealed IS NOT NULL RETURNING version"
	}
	var stored int64
	err = s.write.QueryRowContext(ctx, s.sql(query), args...).Scan(&stored)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, conflict
	}
	if err != nil {
		return 0, s.failed(ctx, op, err)
	}
	return stored, nil
}

const clearIntent = ", attempt = NULL, fingerprint = NULL, owner = NULL, started_at = NULL, deadline = NULL"

// BeginRefresh implements catalog.CredentialStore.
func (c *credentials) BeginRefresh(ctx context.Context, account string, version int64, intent catalog.RefreshIntent) error {
	const op = "begin refresh"
	if err := ctx.Err(); err != nil {
		return err
	}
	if intent.Attempt == "" || checkText(account, intent.Attempt, intent.Fingerprint) != nil {
		return credentialError(op, catalog.ErrInvalid, "the attempt id is empty, or no text")
	}
	n, err := (*Store)(c).exec(ctx, op, `UPDATE souk_credentials SET attempt = $3, fingerprint = $4, owner = $5, started_at = $6, deadline = $7
		WHERE account = $1 AND version = $2 AND sealed IS NOT NULL AND attempt IS NULL`,
		account, version, intent.Attempt, intent.Fingerprint, readable(intent.Owner), micros(intent.StartedAt), micros(intent.Deadline))
	if err == nil && n == 0 {
		return credentialError(op, catalog.ErrConflict, "the credential was changed, or another refresh is on record")
	}
	return err
}

// CancelRefresh implements catalog.CredentialStore.
func (c *credentials) CancelRefresh(ctx context.Context, account, attempt string) error {
	const op = "cancel refresh"
	if err := ctx.Err(); err != nil {
		return err
	}
	gone := credentialError(op, catalog.ErrConflict, "that refresh is not on record")
	if checkText(account, attempt) != nil {
		return gone
	}
	n, err := (*Store)(c).exec(ctx, op, "UPDATE souk_credentials SET version = version"+clearIntent+" WHERE account = $1 AND attempt = $2", account, attempt)
	if err == nil && n == 0 {
		return gone
	}
	return err
}

// Delete implements catalog.CredentialStore.
func (c *credentials) Delete(ctx context.Context, account string) error {
	if err := ctx.Err(); err != nil || checkText(account) != nil {
		return err
	}
	_, err := (*Store)(c).exec(ctx, "erase credential", "UPDATE souk_credentials SET key_id = NULL, sealed = NULL"+clearIntent+" WHERE account = $1", account)
	return err
}

var _ catalog.CredentialStore = (*credentials)(nil)
