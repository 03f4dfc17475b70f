package main

import (
	"errors"
	"fmt"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
)

// store is the merchant's store, opened.
type store struct {
	id       string
	engine   catalog.Engine
	verifier catalog.WebhookVerifier // nil = webhooks cannot be verified
	inside   bool                    // a server inside the program
	server   *sallatest.Server       // then
}

func openStore(getenv func(string) string) (*store, error) {
	config := salla.Config{Language: "en"}
	s := &store{id: getenv("SALLA_MERCHANT_ID")}
	token, secret := getenv("SALLA_ACCESS_TOKEN"), getenv("SALLA_WEBHOOK_SECRET")
	if (s.id == "") != (token == "") {
		return nil, errors.New("SALLA_MERCHANT_ID and SALLA_ACCESS_TOKEN are needed together")
	}
	if s.id == "" {
		s.inside, s.server = true, sallatest.NewServer(nil)
		s.id, token, secret, config.Transport = fmt.Sprint(s.server.MerchantID()), s.server.Token(), s.server.WebhookSecret(), s.server.Transport()
	}
	if secret != "" {
		config.WebhookSecrets = []catalog.Secret{catalog.NewSecret(secret)}
	}
	adapter, err := salla.New(config)
	if err == nil {
		s.engine, err = adapter.Open(catalog.Account{Platform: salla.Platform, Store: s.id}, catalog.StaticToken(token))
	}
	if err == nil && secret != "" {
		s.verifier, err = adapter.Verifier(catalog.VerifierConfig{})
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *store) close() {
	if s.server != nil {
		s.server.Close()
	}
}
