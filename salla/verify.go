package salla

import "github.com/soukhq/souk/catalog"

func (a *Adapter) Verifier(config catalog.VerifierConfig) (catalog.WebhookVerifier, error) {
	return nil, nil
}
