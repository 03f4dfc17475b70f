package shopify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/shopify"
)

// writeEverything makes the adapter send each of its mutations, with every
// field it knows. The answers are made up, so some calls end in a conflict.
func writeEverything(ctx context.Context, t testing.TB, e *shopify.Engine) {
	t.Helper()
	try := func(what string, err error, allowed ...catalog.Kind) {
		t.Helper()
		for _, k := range allowed {
			if errors.Is(err, k) {
				return
			}
		}
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	const id = "9007199254740993"
	var o catalog.WriteOptions
	price, err := catalog.NewMoney("12.5", "SAR")
	try("money", err)
	weight := catalog.Weight{Value: "0.250", Unit: "kg"}

	_, err = e.CreateProduct(ctx, catalog.ProductInput{Title: "t", Description: "<p>d</p>", Vendor: "v", Type: "y", Status: catalog.ProductHidden, Tags: []string{"a"},
		Options: []catalog.Option{{Name: "Size", Values: []string{"S"}}}, Images: []catalog.ImageInput{{URL: "https://example.com/a.jpg", Alt: "a"}},
		Variants: []catalog.VariantInput{{SKU: "s", Barcode: "b", Options: []catalog.OptionValue{{Name: "Size", Value: "S"}}, Price: price, CompareAtPrice: price, Cost: price, Tracked: true, Weight: weight}}}, o)
	try("create a product", err)
	text, amount := catalog.Set("x"), catalog.Set(price)
	_, err = e.UpdateProduct(ctx, id, catalog.ProductPatch{Title: text, Description: text, Vendor: text, Type: text, Status: catalog.Set(catalog.ProductDraft), Tags: catalog.Set([]string(nil)),
		Variants: []catalog.VariantPatch{{ID: id, SKU: text, Barcode: text, Price: amount, CompareAtPrice: catalog.Set(catalog.Money{}), Cost: amount, Tracked: catalog.Set(false), Weight: catalog.Set(weight)}}}, o)
	try("update a product", err)
	try("delete a product", e.DeleteProduct(ctx, id, o))
	one := catalog.NewQuantity(1)
	try("set stock", e.SetInventory(ctx, []catalog.InventorySet{{ItemID: id, LocationID: id, Available: one}, {ItemID: id, LocationID: "7", Available: one, Expected: &one}}, o))
	try("adjust stock", e.AdjustInventory(ctx, []catalog.InventoryDelta{{ItemID: id, LocationID: id, Delta: one}}, o))
	try("cancel", e.CancelOrder(ctx, id, catalog.CancelRequest{Reason: "fraud", Note: "n", Restock: true, Notify: true, Refund: true}, o), catalog.ErrConflict)
	try("add a note", e.AddOrderNote(ctx, id, catalog.NoteInput{Text: "n"}, o))
	drain(t, "history", e.OrderHistory(ctx, id))
	tracking := []catalog.Tracking{{Company: "DHL", Number: "1", URL: "https://example.com/1"}}
	_, err = e.Fulfill(ctx, id, catalog.FulfillRequest{Tracking: tracking, Notify: true}, o)
	try("fulfil", err)
	try("update tracking", e.UpdateTracking(ctx, id, id, append(tracking, catalog.Tracking{Company: "DHL", Number: "2", URL: "https://example.com/2"}), true, o))
	_, err = e.Refund(ctx, id, catalog.RefundRequest{Lines: []catalog.FulfillmentLine{{LineItemID: id, Quantity: one}}, Shipping: true, Restock: true, Note: "n", Notify: true}, o)
	try("refund", err)
	customer := catalog.CustomerPatch{FirstName: text, LastName: text, Email: catalog.Set("a@example.com"), Phone: catalog.Set("+966500000001"), Note: text, Tags: catalog.Set([]string{"a"})}
	_, err = e.CreateCustomer(ctx, customer, o)
	try("create a customer", err)
	_, err = e.UpdateCustomer(ctx, id, customer, o)
	try("update a customer", err)
	present, err := e.Subscriptions(ctx)
	try("subscriptions", err)
	_, err = e.EnsureSubscriptions(ctx, []catalog.Subscription{{Topic: present[0].Topic, URL: "https://example.com/a", Name: "a", Rule: "id:1"}, {Topic: "orders/create", URL: "https://example.com/b"}})
	try("ensure subscriptions", err)
	for _, q := range []catalog.ProductQuery{{}, {Status: []catalog.ProductStatus{catalog.ProductActive}}} {
		_, err = catalog.Collect(e.ExportProducts(ctx, q))
		try("export", err, catalog.ErrUnavailable)
	}
}

// losing loses the answers to one operation.
type losing struct {
	http.RoundTripper
	operation string
}

func (l losing) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	resp, err := l.RoundTripper.RoundTrip(r)
	if err == nil && bytes.Contains(body, []byte("mutation "+l.operation+"(")) {
		return nil, errors.New("connection reset")
	}
	return resp, err
}

// loseProduct makes the adapter look for a product it may have created.
func loseProduct(ctx context.Context, t testing.TB, e *shopify.Engine) {
	t.Helper()
	_, err := e.CreateProduct(ctx, catalog.ProductInput{Title: "t"}, catalog.WriteOptions{})
	lost, ok := errors.AsType[*catalog.OutcomeError](err)
	if !ok {
		t.Fatalf("got %v, want an unknown outcome", err)
	}
	if found, err := lost.Confirm(ctx); err != nil || found != catalog.OutcomeNotDone {
		t.Errorf("Confirm: %s, %v", found, err)
	}
}

// written are the samples of writes, with the call they answer and what it must
// come to. The answers before and after are ours.
var written = map[string]func(t *testing.T, raw json.RawMessage){
	"order_cancel_ok": func(t *testing.T, raw json.RawMessage) {
		note := ""
		e := engine(t, versions[0], byOperation(func(name string, variables map[string]any) string {
			switch name {
			case "OrderCancel":
				note, _ = variables["note"].(string)
				return bodyOf(t, raw)
			case "Job":
				return fmt.Sprintf(`{"data":{"job":{"id":%q,"done":true}}}`, variables["id"])
			}
			return fmt.Sprintf(`{"data":{"order":{"id":"gid://shopify/Order/1","cancelledAt":"2026-11-01T10:00:00Z","cancellation":{"staffNote":%q}}}}`, note)
		}))
		if err := e.CancelOrder(t.Context(), "1", catalog.CancelRequest{}, catalog.WriteOptions{}); err != nil {
			t.Error(err)
		}
	},
	"order_cancel_twice":   cancelling(catalog.ErrConflict, "INVALID", "already been canceled"),
	"order_cancel_missing": cancelling(catalog.ErrNotFound, "NOT_FOUND", "does not exist"),
	"webhook_duplicate":    subscribing("has already been taken"),
	"webhook_http_uri":     subscribing("is not supported"),
	"bulk_sixth_query": func(t *testing.T, raw json.RawMessage) {
		e := engine(t, versions[0], answering(t, raw, map[string]string{"StoreCurrency": `{"data":{"shop":{"currencyCode":"SAR"}}}`}))
		_, err := catalog.Collect(e.ExportProducts(t.Context(), catalog.ProductQuery{}))
		refused(t, err, catalog.ErrConflict, "OPERATION_IN_PROGRESS", "", "already in progress")
	},
	"fulfillment_ok": func(t *testing.T, raw json.RawMessage) {
		e := engine(t, versions[0], answering(t, raw, map[string]string{"FulfillmentOrders": `{"data":{"order":{"fulfillmentOrders":{"pageInfo":{"hasNextPage":false},
			"nodes":[{"id":"gid://shopify/FulfillmentOrder/1","status":"OPEN","supportedActions":[{"action":"CREATE_FULFILLMENT"}],"assignedLocation":{"location":{"id":"gid://shopify/Location/1"}},
			"lineItems":{"pageInfo":{"hasNextPage":false},"nodes":[{"id":"gid://shopify/FulfillmentOrderLineItem/1","remainingQuantity":1,"lineItem":{"id":"gid://shopify/LineItem/1"}}]}}]}}}}`}))
		made, err := e.Fulfill(t.Context(), "1", catalog.FulfillRequest{}, catalog.WriteOptions{})
		if err != nil || len(made) != 1 || made[0].ID != "8123962229042" || made[0].Status != catalog.FulfillmentDone || len(made[0].Tracking) != 1 || made[0].Tracking[0].Company != "Hermes" {
			t.Errorf("%+v, %v", made, err)
		}
	},
	"idempotency_mismatch_usererror": func(t *testing.T, raw json.RawMessage) {
		body := fmt.Sprintf(`{"body":{"data":{"inventorySetQuantities":{"inventoryAdjustmentGroup":null,"userErrors":[%s]}}}}`, raw)
		e := engine(t, versions[0], answering(t, json.RawMessage(body), nil))
		err := e.SetInventory(t.Context(), []catalog.InventorySet{{ItemID: "1", LocationID: "1"}}, catalog.WriteOptions{})
		refused(t, err, catalog.ErrInvalid, "IDEMPOTENCY_KEY_PARAMETER_MISMATCH", "", "different operation parameters")
	},
}

func TestWrittenSamples(t *testing.T) {
	t.Parallel()
	all, good := samples(t), 0
	for name, check := range written {
		if t.Run(name, func(t *testing.T) { check(t, all[name]) }) {
			good++
		}
	}
	specs.Report(t, "shopify samples of writes %s", fraction(good, len(written)))
}

func cancelling(kind catalog.Kind, code, says string) func(*testing.T, json.RawMessage) {
	return func(t *testing.T, raw json.RawMessage) {
		err := engine(t, versions[0], answering(t, raw, nil)).CancelOrder(t.Context(), "1", catalog.CancelRequest{}, catalog.WriteOptions{})
		refused(t, err, kind, code, "orderId", says)
	}
}

func subscribing(says string) func(*testing.T, json.RawMessage) {
	return func(t *testing.T, raw json.RawMessage) {
		e := engine(t, versions[0], answering(t, raw, map[string]string{"Subscriptions": `{"data":{"webhookSubscriptions":{"pageInfo":{"hasNextPage":false},"nodes":[]}}}`}))
		_, err := e.EnsureSubscriptions(t.Context(), []catalog.Subscription{{Topic: "orders/create", URL: "https://example.com/hooks"}})
		refused(t, err, catalog.ErrInvalid, "", "webhookSubscription.callbackUrl", says)
	}
}

// refused holds an error against what Shopify complained of.
func refused(t *testing.T, err error, kind catalog.Kind, code, field, says string) {
	t.Helper()
	got, ok := errors.AsType[*catalog.Error](err)
	if !ok || got.Kind != kind || got.Code != code || len(got.Fields) != 1 || got.Fields[0].Field != field || !strings.Contains(got.Fields[0].Message, says) {
		t.Errorf("%v", err)
	}
}

// byOperation answers each operation by its name.
type byOperation func(name string, variables map[string]any) string

func (f byOperation) RoundTrip(r *http.Request) (*http.Response, error) {
	var req request
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		return nil, err
	}
	name := strings.FieldsFunc(req.Query, func(c rune) bool { return c == ' ' || c == '(' })[1]
	return reply(http.StatusOK, map[string]string{"X-Shopify-Api-Version": versions[0]}, []byte(f(name, req.Variables))), nil
}

// answering answers mutations with the sample, and the rest as told.
func answering(t *testing.T, raw json.RawMessage, others map[string]string) byOperation {
	return func(name string, _ map[string]any) string {
		if text := others[name]; text != "" {
			return text
		}
		return bodyOf(t, raw)
	}
}

func bodyOf(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var s sample
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	return string(s.Body)
}

// TestTopicsAreTold writes each of the vendor's topics as deliveries name it.
func TestTopicsAreTold(t *testing.T) {
	t.Parallel()
	var topics []struct{ Enum, Topic string }
	specs.Decode(t, &topics, "shopify", "webhook_topics.json")
	good := 0
	for _, one := range topics {
		answer := fmt.Sprintf(`{"data":{"webhookSubscriptions":{"pageInfo":{"hasNextPage":false},"nodes":[{"id":"gid://shopify/WebhookSubscription/1","topic":%q,"uri":"https://example.com/","format":"JSON"}]}}}`, one.Enum)
		e := engine(t, versions[0], byOperation(func(string, map[string]any) string { return answer }))
		got, err := e.Subscriptions(t.Context())
		if err != nil || len(got) != 1 || got[0].Topic != one.Topic {
			t.Errorf("%s is told as %+v, %v; want %s", one.Enum, got, err, one.Topic)
			continue
		}
		if changes, err := e.EnsureSubscriptions(t.Context(), []catalog.Subscription{{Topic: one.Topic, URL: "https://example.com/"}}); err != nil || len(changes.Created)+len(changes.Removed)+len(changes.Updated) > 0 {
			t.Errorf("%s is not known again as %s: %+v, %v", one.Enum, one.Topic, changes, err)
			continue
		}
		good++
	}
	specs.Report(t, "shopify topics of subscriptions %s", fraction(good, len(topics)))
}
