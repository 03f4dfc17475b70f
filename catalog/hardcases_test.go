package catalog_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

// These tests hold the contract's signatures against the situations that are
// hardest to fit, one per test, with small stand-ins for the platforms.

// verifierFunc lets a test state a scheme in a few lines.
type verifierFunc func(context.Context, catalog.Delivery) (catalog.Verdict, error)

func (f verifierFunc) Verify(ctx context.Context, d catalog.Delivery) (catalog.Verdict, error) {
	return f(ctx, d)
}

func TestHardCaseAdobeBatch(t *testing.T) {
	t.Parallel()
	verify := verifierFunc(func(_ context.Context, d catalog.Delivery) (catalog.Verdict, error) {
		var batch []struct {
			Event json.RawMessage `json:"event"`
			ID    string          `json:"event_id"`
		}
		if err := json.Unmarshal(d.Body, &batch); err != nil {
			return catalog.Verdict{}, &catalog.Error{Platform: "magento", Op: "read webhook", Kind: catalog.ErrBadAnswer, Err: err}
		}
		var v catalog.Verdict
		for _, b := range batch {
			v.Events = append(v.Events, catalog.Event{Key: catalog.EventKey("magento", b.ID), Payload: b.Event})
		}
		return v, nil
	})
	body := "[" + strings.TrimSuffix(strings.Repeat(`{"event_id":"e","event":{}},`, 20), ",") + "]"
	v, err := verify.Verify(t.Context(), catalog.Delivery{Method: "POST", Body: []byte(body)})
	if err != nil || len(v.Events) != 20 {
		t.Fatalf("got %d events, %v; want 20", len(v.Events), err)
	}
}

func TestHardCaseAdobeChallenge(t *testing.T) {
	t.Parallel()
	verify := verifierFunc(func(_ context.Context, d catalog.Delivery) (catalog.Verdict, error) {
		challenge := d.URL.Query().Get("challenge")
		return catalog.Verdict{Reply: catalog.Reply{Header: http.Header{"Content-Type": {"text/plain"}}, Body: []byte(challenge)}}, nil
	})
	u, _ := url.Parse("/webhooks/magento?challenge=abc")
	v, err := verify.Verify(t.Context(), catalog.Delivery{Method: "GET", URL: u})
	if err != nil || len(v.Events) != 0 || string(v.Reply.Body) != "abc" {
		t.Fatalf("got %+v, %v; want no event and the challenge back", v, err)
	}
}

func TestHardCaseWooCommercePing(t *testing.T) {
	t.Parallel()
	verify := verifierFunc(func(_ context.Context, d catalog.Delivery) (catalog.Verdict, error) {
		if strings.HasPrefix(string(d.Body), "webhook_id=") && d.Header.Get("X-WC-Webhook-Signature") == "" {
			return catalog.Verdict{}, nil // answered 200, never processed
		}
		return catalog.Verdict{}, &catalog.Error{Kind: catalog.ErrUnauthorized, Code: "missing_header"}
	})
	v, err := verify.Verify(t.Context(), catalog.Delivery{Method: "POST", Header: http.Header{}, Body: []byte("webhook_id=7")})
	if err != nil || len(v.Events) != 0 || v.Reply.Status != 0 {
		t.Fatalf("got %+v, %v; want an empty verdict", v, err)
	}
}

func TestHardCaseTokenForAStoreWithoutAccount(t *testing.T) {
	t.Parallel()
	v := catalog.Verdict{
		Events: []catalog.Event{{Key: catalog.EventKey("salla", "1234509876", "app.store.authorize"), Platform: "salla",
			Store: "1234509876", Topic: "app.store.authorize", Kind: catalog.EventAppAuthorized, Resource: catalog.App}},
		Grants: []catalog.Grant{{Store: "1234509876", Credential: catalog.Credential{
			AccessToken: catalog.NewSecret("canary-access"), RefreshToken: catalog.NewSecret("canary-refresh"), ExpiresAt: time.Unix(1634819484, 0)}}},
	}
	accounts, credentials := &catalog.MemoryAccounts{}, &catalog.MemoryCredentials{}
	grant := v.Grants[0]
	if _, err := accounts.ByStore(t.Context(), "salla", grant.Store); !errors.Is(err, catalog.ErrNotFound) {
		t.Fatalf("ByStore = %v, want ErrNotFound", err)
	}
	if err := accounts.Put(t.Context(), catalog.Account{ID: "tenant-1", Platform: "salla", Store: grant.Store}); err != nil {
		t.Fatal(err)
	}
	if _, err := credentials.CompareAndSwap(t.Context(), "tenant-1", 0, grant.Credential); err != nil {
		t.Fatal(err)
	}
	stored, err := json.Marshal(v)
	if err != nil || strings.Contains(string(stored), "canary") {
		t.Fatalf("the verdict's JSON shows a token, or fails: %v", err)
	}
}

func TestHardCaseCursorOverRestart(t *testing.T) {
	t.Parallel()
	cursor := catalog.NewCursor("shopify", catalog.Products, "status:active", "id:42")
	saved, err := json.Marshal(cursor)
	if err != nil {
		t.Fatal(err)
	}
	var loaded catalog.Cursor
	if err := json.Unmarshal(saved, &loaded); err != nil {
		t.Fatal(err)
	}
	if pos, err := loaded.Position("shopify", catalog.Products, "status:active"); err != nil || pos != "id:42" {
		t.Fatalf("Position = %q, %v; want id:42", pos, err)
	}
	for name, use := range map[string]func() (string, error){
		"other platform": func() (string, error) { return loaded.Position("salla", catalog.Products, "status:active") },
		"other resource": func() (string, error) { return loaded.Position("shopify", catalog.Orders, "status:active") },
		"other filter":   func() (string, error) { return loaded.Position("shopify", catalog.Products, "") },
		"not a cursor": func() (string, error) {
			return catalog.Cursor("eyJsYXN0X2lkIjo0Mn0").Position("shopify", catalog.Products, "")
		},
		"damaged": func() (string, error) { return (loaded + "!").Position("shopify", catalog.Products, "status:active") },
	} {
		if _, err := use(); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
}

// A platform whose products carry a change time that cannot be filtered.
func TestHardCaseNoUpdatedFilter(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return time.Date(2026, 7, 1, 10, minute, 0, 0, time.UTC) }
	store := &fakeEngine{features: productFeatures(catalog.ResourceFeatures{Changes: catalog.ChangesScan, Overlap: time.Minute, Grain: time.Second}),
		products: []catalog.Product{{ID: "1", UpdatedAt: at(1)}, {ID: "2", UpdatedAt: at(2)}, {ID: "3", UpdatedAt: at(3)}}}
	first := catalog.ProductChanges(store, "")
	if got := changedIDs(t, first); got != "1 2 3" {
		t.Fatalf("first read gave %q", got)
	}
	now := time.Now().UTC().Truncate(time.Second)
	store.products[2].UpdatedAt, store.products[0].UpdatedAt = now.Add(time.Second), now.Add(2*time.Second)
	second := catalog.ProductChanges(store, first.Checkpoint())
	if got := changedIDs(t, second); got != "3 1" {
		t.Fatalf("second read gave %q, want the changed ones, newest last", got)
	}
}

func TestHardCaseOAuth1Keys(t *testing.T) {
	t.Parallel()
	source := catalog.StaticCredential(catalog.Credential{Key: catalog.NewSecret("ck"), Secret: catalog.NewSecret("cs"),
		AccessToken: catalog.NewSecret("at"), TokenSecret: catalog.NewSecret("ts")})
	c, err := source.Credential(t.Context())
	if err != nil || c.Key.Reveal()+c.Secret.Reveal()+c.AccessToken.Reveal()+c.TokenSecret.Reveal() != "ckcsatts" {
		t.Fatalf("the four secrets did not come through: %v", err)
	}
}

func TestHardCaseThrottledInsideA200(t *testing.T) {
	t.Parallel()
	var err error = &catalog.Error{Platform: "shopify", Op: "list products", Kind: catalog.ErrRateLimited, Status: 200, Code: "THROTTLED", RetryAfter: 2900 * time.Millisecond}
	if !errors.Is(err, catalog.ErrRateLimited) || !strings.Contains(err.Error(), "shopify: list products: rate limited (200 THROTTLED)") {
		t.Fatalf("got %v", err)
	}
}

func TestHardCaseBatchHalfSucceeded(t *testing.T) {
	t.Parallel()
	var err error = &catalog.BatchError{Platform: "bigcommerce", Op: "set inventory", Total: 3, Failed: map[int]error{
		1: &catalog.Error{Platform: "bigcommerce", Op: "set inventory", Kind: catalog.ErrConflict, Message: "level changed"}}}
	batch, ok := errors.AsType[*catalog.BatchError](err)
	if !ok || len(batch.Failed) != 1 || !errors.Is(err, catalog.ErrConflict) || errors.Is(err, catalog.ErrNotFound) {
		t.Fatalf("got %v", err)
	}
}

// fakeEngine is a store in memory; only products matter here.
type fakeEngine struct {
	catalog.Engine
	features catalog.Features
	products []catalog.Product
}

func productFeatures(f catalog.ResourceFeatures) catalog.Features {
	return catalog.Features{Platform: "fake", Resources: map[catalog.Resource]catalog.ResourceFeatures{catalog.Products: f}}
}

func (f *fakeEngine) Platform() string           { return "fake" }
func (f *fakeEngine) Features() catalog.Features { return f.features }

func (f *fakeEngine) Products(_ context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	return func(yield func(catalog.Product, error) bool) {
		for _, p := range f.products {
			if !q.UpdatedSince.IsZero() && p.UpdatedAt.Before(q.UpdatedSince) {
				continue
			}
			if !yield(p, nil) {
				return
			}
		}
	}
}

func changedIDs(t *testing.T, c *catalog.Changes[catalog.Product]) string {
	t.Helper()
	var ids []string
	for p, err := range c.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, p.ID)
	}
	return strings.Join(ids, " ")
}
