package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

// listed is an engine whose products are listed as told.
type listed struct {
	catalog.Engine
	products func() []catalog.Product
	fail     error
}

func (l *listed) Platform() string { return "listed" }
func (l *listed) Features() catalog.Features {
	return catalog.Features{Platform: "listed", Resources: map[catalog.Resource]catalog.ResourceFeatures{
		catalog.Products: {Changes: catalog.ChangesNative, SortsUpdated: true, Grain: time.Second}, catalog.Orders: {Changes: catalog.ChangesNone}}}
}

func (l *listed) Products(_ context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	return func(yield func(catalog.Product, error) bool) {
		for _, p := range l.products() {
			if p.ID == "fail" {
				yield(catalog.Product{}, l.fail)
				return
			}
			if !p.UpdatedAt.Before(q.UpdatedSince) && !yield(p, nil) {
				return
			}
		}
	}
}

type listedAdapter struct {
	catalog.Adapter
	engine catalog.Engine
}

func (listedAdapter) Platform() string { return "listed" }
func (a listedAdapter) Open(catalog.Account, catalog.CredentialSource) (catalog.Engine, error) {
	return a.engine, nil
}

func listedStores(t *testing.T, engine *listed) *catalog.Stores {
	t.Helper()
	stores := &catalog.Stores{Registry: &catalog.Registry{}, Accounts: &catalog.MemoryAccounts{},
		Credentials: sourceFor(func(catalog.Account) catalog.CredentialSource { return catalog.StaticToken("t") })}
	check(t, stores.Registry.Register(listedAdapter{engine: engine}))
	check(t, stores.Accounts.Put(t.Context(), catalog.Account{ID: "t", Platform: "listed", Store: "s"}))
	return stores
}

func TestSweepGoesOnWhereItEnded(t *testing.T) {
	t.Parallel()
	at := time.Now().UTC().Truncate(time.Second).Add(-time.Hour)
	var products []catalog.Product
	for n := range 10 {
		products = append(products, catalog.Product{ID: fmt.Sprint(n), UpdatedAt: at.Add(time.Duration(n) * time.Minute)})
	}
	broken := slices.Insert(slices.Clone(products), 7, catalog.Product{ID: "fail"})
	engine := &listed{products: func() []catalog.Product { return broken }, fail: errors.New("connection cut")}
	inbox := webhook.NewMemoryInbox(webhook.MemoryInboxConfig{})
	var putFails error
	var put []string
	putter := &faulty{inbox, func(ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
		if putFails != nil {
			return nil, putFails
		}
		for _, e := range entries {
			put = append(put, e.Event.ResourceID)
		}
		return inbox.Put(ctx, entries)
	}}
	checkpoints := &webhook.MemoryCheckpoints{}
	s := &webhook.Sweeper{Stores: listedStores(t, engine), Inbox: putter, Checkpoints: checkpoints, Batch: 3, Resources: []catalog.Resource{catalog.Products, catalog.Orders}}
	done, err := s.Sweep(t.Context(), "t")
	check(t, err)
	if done[0].Read != 7 || done[0].Put != 7 || !errors.Is(done[0].Err, engine.fail) || !errors.Is(done[1].Err, errors.ErrUnsupported) {
		t.Errorf("swept %+v", done)
	}
	broken = products
	putFails = &catalog.Error{Kind: catalog.ErrUnavailable}
	if done, err := s.Sweep(t.Context(), "t"); err != nil || !errors.Is(done[0].Err, catalog.ErrUnavailable) || done[0].Put != 0 {
		t.Errorf("while the inbox is away: %+v, %v", done, err)
	}
	putFails = nil
	if done, err := s.Sweep(t.Context(), "t"); err != nil || done[0].Err != nil || done[0].Put != 3 {
		t.Errorf("the sweep after it: %+v, %v", done, err)
	}
	slices.Sort(put)
	if got := strings.Join(slices.Compact(put), ""); got != "0123456789" {
		t.Errorf("put %s", got)
	}
	if page, err := inbox.Search(t.Context(), webhook.Query{}); err != nil || len(page.Records) != 10 {
		t.Errorf("%d records, %v", len(page.Records), err)
	}
	check(t, checkpoints.SetCheckpoint(t.Context(), "t", catalog.Products, "not ours"))
	if done, err := s.Sweep(t.Context(), "t"); err != nil || !errors.Is(done[0].Err, catalog.ErrInvalid) {
		t.Errorf("with a foreign checkpoint: %+v, %v", done, err)
	}
	if _, err := s.Sweep(t.Context(), "nobody"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("an unknown account: %v", err)
	}
	if _, err := (&webhook.Sweeper{}).Sweep(t.Context(), "t"); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("an empty Sweeper: %v", err)
	}
}

// A record without a time is told apart by its content.
func TestSweepWithoutTimes(t *testing.T) {
	t.Parallel()
	product := catalog.Product{ID: "1", Record: catalog.Record{Raw: []byte(`{"v":1}`)}}
	engine := &listed{products: func() []catalog.Product { return []catalog.Product{product} }}
	inbox := webhook.NewMemoryInbox(webhook.MemoryInboxConfig{})
	s := &webhook.Sweeper{Stores: listedStores(t, engine), Inbox: inbox, Checkpoints: &webhook.MemoryCheckpoints{}, Resources: []catalog.Resource{catalog.Products}}
	for i, want := range []int{1, 0, 1, 0} {
		if i == 2 {
			product.Raw = []byte(`{"v":2}`)
		}
		if put := sweepOf(t, s, "t"); put[catalog.Products] != want {
			t.Errorf("sweep %d put %d; want %d", i, put[catalog.Products], want)
		}
	}
}

func TestEntryOfGivesTwins(t *testing.T) {
	t.Parallel()
	at := time.Unix(1_700_000_000, 999_000_000).UTC()
	of := func(kind catalog.EventKind, id string, updated time.Time) webhook.Entry {
		return webhook.EntryOf(catalog.Event{Key: "k", Platform: "p", Store: "s", Kind: kind, Resource: catalog.Orders, ResourceID: id, UpdatedAt: updated})
	}
	created, updated := of(catalog.EventOrderCreated, "1", at), of(catalog.EventOrderUpdated, "1", at)
	if created.Twin == "" || updated.Twin == "" || created.Twin == updated.Twin {
		t.Errorf("twins %q and %q", created.Twin, updated.Twin)
	}
	if !slices.Equal(created.States, []string{created.Twin, updated.Twin}) || !slices.Equal(updated.States, []string{updated.Twin}) {
		t.Errorf("states %q and %q", created.States, updated.States)
	}
	for name, c := range map[string]struct {
		entry webhook.Entry
		same  bool
	}{
		"same second":     {of(catalog.EventOrderUpdated, "1", at.Truncate(time.Second)), true},
		"next second":     {of(catalog.EventOrderUpdated, "1", at.Add(time.Second)), false},
		"another record":  {of(catalog.EventOrderUpdated, "2", at), false},
		"no time":         {of(catalog.EventOrderUpdated, "1", time.Time{}), false},
		"no id":           {of(catalog.EventOrderUpdated, "", at), false},
		"a payment":       {of(catalog.EventOrderPaid, "1", at), false},
		"a cancellation":  {of(catalog.EventOrderCancelled, "1", at), false},
		"a deletion":      {of(catalog.EventOrderDeleted, "1", at), false},
		"something other": {of(catalog.EventOther, "1", at), false},
	} {
		if same := c.entry.Twin == updated.Twin; same != c.same {
			t.Errorf("%s: twin %q", name, c.entry.Twin)
		}
		if c.entry.Twin == "" && len(c.entry.States) != 0 {
			t.Errorf("%s: states %q", name, c.entry.States)
		}
	}
}

// What the inbox cannot take does not hold up what comes after it.
func TestSweepPassesBadEntries(t *testing.T) {
	t.Parallel()
	engine := &listed{products: func() []catalog.Product {
		return []catalog.Product{{ID: "1", UpdatedAt: time.Unix(1, 0)}, {ID: "bad", UpdatedAt: time.Unix(2, 0)}, {ID: "3", UpdatedAt: time.Unix(3, 0)}}
	}}
	inbox := webhook.NewMemoryInbox(webhook.MemoryInboxConfig{})
	putter := &faulty{inbox, func(ctx context.Context, entries []webhook.Entry) ([]webhook.PutResult, error) {
		if slices.ContainsFunc(entries, func(e webhook.Entry) bool { return e.Event.ResourceID == "bad" }) {
			return nil, &catalog.Error{Kind: catalog.ErrInvalid, Message: "value out of range"}
		}
		return inbox.Put(ctx, entries)
	}}
	s := &webhook.Sweeper{Stores: listedStores(t, engine), Inbox: putter, Checkpoints: &webhook.MemoryCheckpoints{}, Resources: []catalog.Resource{catalog.Products}}
	done, err := s.Sweep(t.Context(), "t")
	check(t, err)
	if done[0].Err != nil || done[0].Put != 2 || done[0].Refused != 1 {
		t.Errorf("swept %+v", done)
	}
}
