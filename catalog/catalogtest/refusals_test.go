package catalogtest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest"
)

// tellTale refuses every write and says what it was asked for.
type tellTale struct {
	catalog.Engine
	catalog.ProductWriter
}

var errTold = errors.New("refused")

func told(words ...any) error { return fmt.Errorf("%v: %w", words, errTold) }

func (tellTale) Features() catalog.Features { return catalog.Features{} }

func (tellTale) CancelOrder(_ context.Context, id string, r catalog.CancelRequest, _ catalog.WriteOptions) error {
	return told("cancel", id, r.Reason)
}

func (tellTale) Fulfill(_ context.Context, id string, r catalog.FulfillRequest, _ catalog.WriteOptions) ([]catalog.Fulfillment, error) {
	return nil, told("fulfill", id, r.LocationID)
}

func (tellTale) Refund(_ context.Context, id string, r catalog.RefundRequest, _ catalog.WriteOptions) (catalog.Refund, error) {
	return catalog.Refund{}, told("refund", id, r.Note)
}

func (tellTale) AddOrderNote(_ context.Context, id string, n catalog.NoteInput, _ catalog.WriteOptions) error {
	return told("note", id, n.Text)
}

func (tellTale) UpdateProduct(_ context.Context, id string, p catalog.ProductPatch, _ catalog.WriteOptions) (catalog.Product, error) {
	title, _ := p.Title.Get()
	return catalog.Product{}, told("update", id, title)
}

func (tellTale) SetInventory(_ context.Context, levels []catalog.InventorySet, _ catalog.WriteOptions) error {
	return told("level", levels[0].ItemID, len(levels))
}

func (tellTale) Subscriptions(context.Context) ([]catalog.Subscription, error) { return nil, nil }

func (tellTale) EnsureSubscriptions(_ context.Context, wanted []catalog.Subscription) (catalog.SubscriptionChanges, error) {
	return catalog.SubscriptionChanges{}, told("subscribe", wanted[0].Topic, wanted[0].Rule)
}

func TestRefusalsAskForWhatTheySay(t *testing.T) {
	t.Parallel()
	asked := 0
	which := func() string { asked++; return "7" }
	sound := catalog.Subscription{Topic: "orders"}
	for want, try := range map[string]catalogtest.Refusal{
		"[cancel 7 x]":         catalogtest.RefusedCancel(which, catalog.CancelRequest{Reason: "x"}),
		"[fulfill 7 x]":        catalogtest.RefusedFulfill(which, catalog.FulfillRequest{LocationID: "x"}),
		"[refund 7 x]":         catalogtest.RefusedRefund(which, catalog.RefundRequest{Note: "x"}),
		"[note 7 x]":           catalogtest.RefusedNote(which, catalog.NoteInput{Text: "x"}),
		"[update 7 x]":         catalogtest.RefusedUpdate(which, catalog.ProductPatch{Title: catalog.Set("x")}),
		"[level x 1]":          catalogtest.RefusedLevel(catalog.InventorySet{ItemID: "x"}),
		"[subscribe orders x]": catalogtest.RefusedSubscription(sound, func(s *catalog.Subscription) { s.Rule = "x" }),
	} {
		before := asked
		if err := try(t.Context(), tellTale{}); !errors.Is(err, errTold) || err.Error() != want+": refused" {
			t.Errorf("got %v, want %s", err, want)
		}
		if usesID := slices.Contains([]byte(want), '7'); usesID != (asked == before+1) {
			t.Errorf("%s: the id was asked for %d times", want, asked-before)
		}
	}
	if sound.Rule != "" {
		t.Error("the sound subscription was changed")
	}
}

// TestRefusalsNeedTheirCapability: what was never tried was not refused.
func TestRefusalsNeedTheirCapability(t *testing.T) {
	t.Parallel()
	err := catalogtest.RefusedLevel(catalog.InventorySet{})(t.Context(), brokenEngine{})
	if err == nil || errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("got %v, want an error that is no refusal", err)
	}
}
