package main

import (
	"context"
	"errors"

	"github.com/soukhq/souk/catalog"
)

// credentials are those of the environment and the test servers, and those that
// came by webhook. A service that keeps its merchants connected has a
// catalog/auth.Provider here, which also buys and refreshes tokens.
type credentials struct {
	shops   shops
	granted catalog.CredentialStore
}

// CredentialSource implements catalog.CredentialProvider.
func (c credentials) CredentialSource(_ catalog.Adapter, account catalog.Account) (catalog.CredentialSource, error) {
	for _, shop := range c.shops {
		if shop.account.ID == account.ID && !shop.credential.IsZero() {
			return catalog.StaticCredential(shop.credential), nil
		}
	}
	return granted{c.granted, account}, nil
}

// granted is the credential of a store that came by webhook, if one did.
type granted struct {
	store   catalog.CredentialStore
	account catalog.Account
}

// Credential implements catalog.CredentialSource.
func (g granted) Credential(ctx context.Context) (catalog.Credential, error) {
	stored, err := g.store.Load(ctx, g.account.ID)
	if errors.Is(err, catalog.ErrNotFound) {
		err = g.dead("the environment has no credential for the store, and none came by webhook")
	}
	return stored.Credential, err
}

// Refresh implements catalog.CredentialSource.
func (g granted) Refresh(context.Context, catalog.Credential) (catalog.Credential, error) {
	return catalog.Credential{}, g.dead("this program refreshes no tokens")
}

func (g granted) dead(why string) error {
	return &catalog.Error{Platform: g.account.Platform, Op: "find credential", Kind: catalog.ErrReauthorize, Message: why}
}

var _ catalog.CredentialProvider = credentials{}
