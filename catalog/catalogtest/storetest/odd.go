package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog"
)

// oddIDs are what hosts may name an account.
var oddIDs = []string{" ", "'; --", "\"", "%", "_", "a\nb", "متجر", "\\", "$1", "?1", strings.Repeat("long", 200)}

func accountsOddTexts(t *testing.T, a catalog.Accounts) {
	for _, id := range oddIDs {
		want := account(id, "store of "+id)
		want.Reason, want.Settings = id, map[string]string{id: id, "empty": ""}
		put(t, a, want)
	}
	for _, id := range oddIDs {
		want := account(id, "store of "+id)
		want.Reason, want.Settings = id, map[string]string{id: id, "empty": ""}
		if got := get(t, a, id); !sameAccount(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if got, err := a.ByStore(t.Context(), "shopify", want.Store); err != nil || got.ID != id {
			t.Errorf("the store of %q belongs to %q, %v", id, got.ID, err)
		}
	}
	if err := a.SetStatus(t.Context(), "%", catalog.AccountSuspended, "cut\xff\x00off"); err != nil {
		t.Errorf("a reason that is no text: %v", err)
	}
	if got := get(t, a, "%"); !strings.HasPrefix(got.Reason, "cut") || get(t, a, "_").Status == catalog.AccountSuspended {
		t.Errorf("the reason became %q", got.Reason)
	}
	if _, err := a.Get(t.Context(), "\x00"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("Get of what is no text: %v, want ErrNotFound", err)
	}
}

func credentialsOddTexts(t *testing.T, s catalog.CredentialStore) {
	for _, id := range oddIDs {
		swap(t, s, id, 0, token(id))
	}
	for _, id := range oddIDs {
		if got := load(t, s, id); !got.Credential.Same(token(id)) {
			t.Errorf("another credential is stored for %q", id)
		}
	}
}

// Whatever a platform calls a token comes back as it was.
func credentialsEveryField(t *testing.T, s catalog.CredentialStore) {
	odd := catalog.NewSecret("\x00\xff\xfe<&>\"\\\u2028é" + strings.Repeat("x", 20_000))
	at := time.Date(2026, 11, 20, 23, 59, 59, 123456789, time.UTC)
	for name, want := range map[string]catalog.Credential{
		"all": {AccessToken: odd, RefreshToken: odd, Key: odd, Secret: odd, TokenSecret: odd, ExpiresAt: at, RefreshExpiresAt: at.AddDate(1, 0, 0),
			WebhookSecrets: []catalog.Secret{odd, catalog.NewSecret("older")}, Scopes: []string{"", "a b", "متجر"}},
		"only a key pair": {Key: odd, Secret: odd},
		"empty lists":     {AccessToken: odd, WebhookSecrets: []catalog.Secret{}, Scopes: []string{}},
	} {
		swap(t, s, name, 0, want)
		got := load(t, s, name).Credential
		if !got.Same(want) || !got.ExpiresAt.Equal(want.ExpiresAt) || !got.RefreshExpiresAt.Equal(want.RefreshExpiresAt) {
			t.Errorf("%s: secrets or times changed", name)
		}
		if diff := cmp.Diff(want.Scopes, got.Scopes); diff != "" {
			t.Errorf("%s: scopes (-want +got)\n%s", name, diff)
		}
		if (got.WebhookSecrets == nil) != (want.WebhookSecrets == nil) || !slices.EqualFunc(got.WebhookSecrets, want.WebhookSecrets, catalog.Secret.Equal) {
			t.Errorf("%s: webhook secrets changed", name)
		}
	}
}

// The same refresh token stored anew may have been sent; another was not.
func credentialsIntentOfAToken(t *testing.T, s catalog.CredentialStore) {
	version := swap(t, s, "t-1", 0, token("a"))
	begin(t, s, "t-1", version, "first")
	same := token("other")
	same.RefreshToken = token("a").RefreshToken
	version = swap(t, s, "t-1", version, same)
	if got := load(t, s, "t-1").Refresh; got == nil || got.Attempt != "first" {
		t.Errorf("the intent is %+v beside the same refresh token", got)
	}
	if err := s.BeginRefresh(t.Context(), "t-1", version, intent("second")); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("a second refresh with that token: %v, want ErrConflict", err)
	}
	without := catalog.Credential{AccessToken: catalog.NewSecret("alone")}
	version = swap(t, s, "t-1", version, without)
	if load(t, s, "t-1").Refresh != nil {
		t.Error("the intent of a token that is gone is left")
	}
	begin(t, s, "t-1", version, "third") // without a refresh token there is none to tell apart
	without.AccessToken = catalog.NewSecret("another")
	swap(t, s, "t-1", version, without)
	if load(t, s, "t-1").Refresh == nil {
		t.Error("the intent is gone although nothing was refreshed")
	}
}

// accountsListOfMany lists more than a store may read at once.
func accountsListOfMany(t *testing.T, a catalog.Accounts) {
	var want []string
	for i := range 300 {
		id := fmt.Sprintf("t-%03d", i)
		put(t, a, account(id, id+".example"))
		want = append(want, id)
	}
	var got []string
	for account, err := range a.List(t.Context(), catalog.AccountQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		if got = append(got, account.ID); len(got)%50 == 0 { // a store that reads ahead has to read again
			if err := a.SetStatus(t.Context(), "t-299", catalog.AccountActive, account.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
