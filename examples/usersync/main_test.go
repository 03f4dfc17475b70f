package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/soukhq/souk/salla/sallatest"
)

func TestSecondRunBeginsWhereTheFirstEnded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "users.db")
	getenv := func(name string) string { return map[string]string{"DATABASE_PATH": path}[name] }
	for i, want := range []string{"100 customers came, 100 are in ", "0 customers came, 100 are in "} {
		var out bytes.Buffer
		if err := run(t.Context(), nil, getenv, &out, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(out.String(), want) {
			t.Errorf("run %d said %q, want %q", i+1, out.String(), want)
		}
	}
}

func TestWrongUse(t *testing.T) {
	t.Parallel()
	for name, env := range map[string]map[string]string{
		"a token without a store": {"SALLA_ACCESS_TOKEN": "canary"},
		"a store without a token": {"SALLA_MERCHANT_ID": "5"},
		"a store that is none":    {"SALLA_MERCHANT_ID": "x", "SALLA_ACCESS_TOKEN": "canary"},
	} {
		err := run(t.Context(), nil, func(key string) string { return env[key] }, io.Discard, slog.New(slog.DiscardHandler))
		if err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSyncAndWebhooks(t *testing.T) {
	t.Parallel()
	store, err := openStore(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	defer store.close()
	table, err := openUsers(t.Context(), filepath.Join(t.TempDir(), "users.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer table.close()
	s := &syncer{store, table}
	if n, err := s.sync(t.Context()); n != 100 || err != nil {
		t.Fatalf("%d customers, %v", n, err)
	}
	app := httptest.NewServer(s.handler(slog.New(slog.DiscardHandler)))
	defer app.Close()
	get := func(path string, into any) {
		t.Helper()
		res, err := http.Get(app.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if err := json.NewDecoder(res.Body).Decode(into); err != nil {
			t.Fatalf("%s: %d, %v", path, res.StatusCode, err)
		}
	}
	deliver := func(d sallatest.Delivery) int {
		t.Helper()
		r, err := d.Request(t.Context(), app.URL+"/webhooks/salla")
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}

	// A customer who is new comes by webhook, if it is authentic.
	fresh := store.server.AddCustomer(sallatest.Customer{FirstName: "Noura", LastName: "Saleh", Email: "noura@example.com"})
	created, err := store.server.Delivery("customer.created", fresh)
	if err != nil {
		t.Fatal(err)
	}
	if status := deliver(created.Forged(sallatest.WrongSecret)); status != http.StatusUnauthorized {
		t.Errorf("a forged webhook: %d", status)
	}
	var stats struct{ Users int }
	if get("/stats", &stats); stats.Users != 100 {
		t.Errorf("a forged webhook made a user: %d", stats.Users)
	}
	for range 2 {
		if status := deliver(created); status != http.StatusOK {
			t.Errorf("the webhook: %d", status)
		}
	}
	if get("/stats", &stats); stats.Users != 101 {
		t.Errorf("%d users, want 101", stats.Users)
	}

	// Their order shows as the last one.
	order := store.server.AddOrder(sallatest.Order{Customer: fresh, Currency: "SAR", Total: "150.50"})
	bought, err := store.server.Delivery("order.created", order)
	if err != nil {
		t.Fatal(err)
	}
	if status := deliver(bought); status != http.StatusOK {
		t.Errorf("the order's webhook: %d", status)
	}
	var list struct{ Users []user }
	get("/users?limit=500", &list)
	var got user
	for _, u := range list.Users {
		if u.Email == "noura@example.com" {
			got = u
		}
	}
	if len(list.Users) != 101 || got.FullName != "Noura Saleh" || got.LastOrderID == "" || !strings.HasPrefix(got.LastOrderAmount, "150.5") || got.LastOrderCurrency != "SAR" {
		t.Errorf("%d users; the new one is %+v", len(list.Users), got)
	}
	var alone user
	if get("/users/"+got.CustomerID, &alone); alone != got {
		t.Errorf("alone %+v", alone)
	}

	// A change that no webhook told is found by the next sync, and only that.
	if err := store.server.UpdateCustomer(fresh.ID, func(c *sallatest.Customer) { c.City = "Jeddah" }); err != nil {
		t.Fatal(err)
	}
	if n, err := s.sync(t.Context()); n != 1 || err != nil {
		t.Errorf("%d customers, %v; want the one that changed", n, err)
	}
	if get("/users/"+got.CustomerID, &alone); alone.City != "Jeddah" || alone.LastOrderID != got.LastOrderID {
		t.Errorf("after the sync %+v", alone)
	}
}
