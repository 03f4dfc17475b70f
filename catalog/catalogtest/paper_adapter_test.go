package catalogtest_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"net/http"
	"regexp"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// paperAdapter is an adapter as somebody outside this repository would write
// one, for the made-up platform paper.
type paperAdapter struct {
	client   *transport.Client
	budgets  *transport.Budgets
	features catalog.Features
	secret   catalog.Secret
}

func newPaperAdapter(rt http.RoundTripper, numbers, slow bool, secret catalog.Secret, logger *slog.Logger, o transport.Observer) (*paperAdapter, error) {
	list := catalog.ResourceFeatures{Paging: catalog.PagingKeyset, PageSize: 20, MaxPageSize: 50, Filters: []catalog.Filter{catalog.FilterUpdated},
		Changes: catalog.ChangesNative, Grain: time.Second, Overlap: 2 * time.Second}
	if numbers {
		list.Paging, list.Filters, list.Changes = catalog.PagingNumbers, nil, catalog.ChangesScan
	}
	rate := transport.BucketConfig{Capacity: 1e6, RestoreRate: 1e6}
	if slow {
		rate = transport.BucketConfig{Capacity: 20, RestoreRate: 70}
	}
	client, err := transport.New(transport.Config{Platform: "paper", Transport: rt, Logger: logger, Observer: o, Classify: classifyPaper})
	if err != nil {
		return nil, err
	}
	return &paperAdapter{client: client, secret: secret,
		budgets: &transport.Budgets{New: func(string) transport.Budget { b, _ := transport.NewBucket(rate); return b }},
		features: catalog.Features{Platform: "paper", APIVersion: "1",
			Resources: map[catalog.Resource]catalog.ResourceFeatures{catalog.Products: list, catalog.Orders: list, catalog.Customers: list},
			Instead:   lacks(), Webhooks: catalog.WebhookFeatures{Signed: true, Timeout: 5 * time.Second}}}, nil
}

// lacks says of every capability that paper has none.
func lacks() map[catalog.Capability]string {
	instead := map[catalog.Capability]string{}
	for _, c := range catalog.Capabilities() {
		instead[c] = "write a letter"
	}
	return instead
}

func (a *paperAdapter) Platform() string { return "paper" }

func (a *paperAdapter) Features() catalog.Features { return a.features.Clone() }

var paperStore = regexp.MustCompile(`^[a-z]+\.paper\.example$`)

func (a *paperAdapter) CanonicalStore(store string) (string, error) { return store, nil }

func (a *paperAdapter) Open(account catalog.Account, credentials catalog.CredentialSource) (catalog.Engine, error) {
	if account.Platform != "paper" || !paperStore.MatchString(account.Store) || credentials == nil {
		return nil, &catalog.Error{Platform: "paper", Op: "open store", Kind: catalog.ErrInvalid, Message: "no such account"}
	}
	return &paperEngine{a, account.Clone(), credentials}, nil
}

func (a *paperAdapter) Verifier(config catalog.VerifierConfig) (catalog.WebhookVerifier, error) {
	secrets := config.Secrets
	if secrets == nil {
		secrets = []catalog.Secret{a.secret}
	}
	if len(secrets) == 0 {
		return nil, &catalog.ConfigError{Platform: "paper", Field: "Secrets", Reason: "is empty"}
	}
	for _, s := range secrets {
		if s.IsZero() {
			return nil, &catalog.ConfigError{Platform: "paper", Field: "Secrets", Reason: "holds an empty one"}
		}
	}
	return paperVerifier(secrets), nil
}

type paperVerifier []catalog.Secret

func signPaper(secret catalog.Secret, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

func (v paperVerifier) Verify(ctx context.Context, d catalog.Delivery) (catalog.Verdict, error) {
	if err := ctx.Err(); err != nil {
		return catalog.Verdict{}, err
	}
	for i, secret := range v {
		if !hmac.Equal([]byte(signPaper(secret, d.Body)), []byte(d.Header.Get("Paper-Signature"))) {
			continue
		}
		var body struct {
			Topic string      `json:"topic"`
			ID    json.Number `json:"id"`
		}
		if err := json.Unmarshal(d.Body, &body); err != nil {
			return catalog.Verdict{}, &catalog.Error{Platform: "paper", Op: "read webhook", Kind: catalog.ErrBadAnswer, Message: "the body is no JSON"}
		}
		sum := sha256.Sum256(d.Body)
		e := catalog.Event{Key: catalog.EventKey("paper", hex.EncodeToString(sum[:])), Platform: "paper", Store: "acme.paper.example", Topic: body.Topic,
			Kind: catalog.EventOther, ReceivedAt: d.ReceivedAt, Payload: d.Body, PayloadKind: "paper.webhook"}
		if body.Topic == "order.new" {
			e.Kind, e.Resource, e.ResourceID = catalog.EventOrderCreated, catalog.Orders, body.ID.String()
		}
		return catalog.Verdict{Events: []catalog.Event{e}, SecretIndex: i}, nil
	}
	return catalog.Verdict{}, &catalog.Error{Platform: "paper", Op: "verify webhook", Kind: catalog.ErrUnauthorized, Code: "signature", Message: "no secret made this signature"}
}
