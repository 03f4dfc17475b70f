package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

func account(id, store string) catalog.Account {
	return catalog.Account{ID: id, Platform: "shopify", Store: store, Status: catalog.AccountActive, Reason: "new", Settings: map[string]string{"view": "ar"}}
}

func put(t *testing.T, a catalog.Accounts, accounts ...catalog.Account) {
	t.Helper()
	for _, account := range accounts {
		if err := a.Put(t.Context(), account); err != nil {
			t.Fatalf("Put(%s) = %v", account.ID, err)
		}
	}
}

func get(t *testing.T, a catalog.Accounts, id string) catalog.Account {
	t.Helper()
	account, err := a.Get(t.Context(), id)
	if err != nil {
		t.Fatalf("Get(%s) = %v", id, err)
	}
	return account
}

func accountsAbsent(t *testing.T, a catalog.Accounts) {
	for name, err := range map[string]error{
		"Get":       second(a.Get(t.Context(), "none")),
		"ByStore":   second(a.ByStore(t.Context(), "shopify", "none")),
		"SetStatus": a.SetStatus(t.Context(), "none", catalog.AccountActive, ""),
	} {
		if !errors.Is(err, catalog.ErrNotFound) {
			t.Errorf("%s of an absent account = %v, want ErrNotFound", name, err)
		}
	}
	if all, err := catalog.Collect(a.List(t.Context(), catalog.AccountQuery{})); err != nil || len(all) != 0 {
		t.Errorf("List = %v, %v; want none", all, err)
	}
}

func second[T any](_ T, err error) error { return err }

func sameAccount(a, b catalog.Account) bool {
	return a.ID == b.ID && a.Platform == b.Platform && a.Store == b.Store && a.Status == b.Status && a.Reason == b.Reason &&
		fmt.Sprint(a.Settings) == fmt.Sprint(b.Settings)
}

func accountsPutAndGet(t *testing.T, a catalog.Accounts) {
	want := account("t-1", "acme.example")
	before := time.Now().Add(-time.Second)
	put(t, a, want, account("t-2", "other.example"))
	got := get(t, a, "t-1")
	byStore, err := a.ByStore(t.Context(), "shopify", "acme.example")
	if err != nil || !sameAccount(got, want) || !sameAccount(byStore, want) {
		t.Errorf("Get = %+v\nByStore = %+v, %v\nwant %+v", got, byStore, err, want)
	}
	if got.CreatedAt.Before(before) || got.UpdatedAt.Before(got.CreatedAt) || got.CreatedAt.Location() != time.UTC || got.UpdatedAt.Location() != time.UTC {
		t.Errorf("times are %v and %v; want now, in UTC", got.CreatedAt, got.UpdatedAt)
	}
	if _, err := a.ByStore(t.Context(), "salla", "acme.example"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("the same store on another platform: %v, want ErrNotFound", err)
	}
}

func accountsReplace(t *testing.T, a catalog.Accounts) {
	put(t, a, account("t-1", "acme.example"))
	first := get(t, a, "t-1")
	next := account("t-1", "acme.example")
	next.Settings, next.Reason = nil, ""
	next.CreatedAt, next.UpdatedAt = time.Unix(1, 0), time.Unix(1, 0) // kept by the store, whatever is passed
	put(t, a, next)
	got := get(t, a, "t-1")
	if !sameAccount(got, next) || !got.CreatedAt.Equal(first.CreatedAt) || got.UpdatedAt.Before(first.UpdatedAt) {
		t.Errorf("got %+v after %+v", got, first)
	}
}

func accountsMove(t *testing.T, a catalog.Accounts) {
	put(t, a, account("t-1", "old.example"), account("t-1", "new.example"))
	if _, err := a.ByStore(t.Context(), "shopify", "old.example"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("the old store: %v, want ErrNotFound", err)
	}
	if got, err := a.ByStore(t.Context(), "shopify", "new.example"); err != nil || got.ID != "t-1" {
		t.Errorf("the new store: %s, %v", got.ID, err)
	}
	put(t, a, account("t-2", "old.example")) // it is free again
}

func accountsConflict(t *testing.T, a catalog.Accounts) {
	put(t, a, account("t-1", "acme.example"), account("t-2", "other.example"))
	taken := account("t-2", "acme.example")
	taken.Reason = "moved"
	if err := a.Put(t.Context(), taken); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("a store that belongs to another account: %v, want ErrConflict", err)
	}
	if got := get(t, a, "t-2"); !sameAccount(got, account("t-2", "other.example")) {
		t.Errorf("the refused Put left %+v", got)
	}
	for store, id := range map[string]string{"acme.example": "t-1", "other.example": "t-2"} {
		if got, err := a.ByStore(t.Context(), "shopify", store); err != nil || got.ID != id {
			t.Errorf("%s belongs to %q, %v; want %s", store, got.ID, err, id)
		}
	}
	onOther := account("t-3", "acme.example")
	onOther.Platform = "salla"
	put(t, a, onOther)
}

func accountsInvalid(t *testing.T, a catalog.Accounts) {
	for field, account := range map[string]catalog.Account{
		"ID":       {Platform: "shopify", Store: "acme.example"},
		"Platform": {ID: "t-1", Store: "acme.example"},
		"Store":    {ID: "t-1", Platform: "shopify"},
	} {
		err := a.Put(t.Context(), account)
		if !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("without %s: %v, want ErrInvalid", field, err)
			continue
		}
		want := "put account: invalid: " + field + " is empty; an account needs ID, Platform and Store"
		if account.Platform != "" {
			want = account.Platform + ": " + want
		}
		if err.Error() != want {
			t.Errorf("without %s: %q, want %q", field, err, want)
		}
	}
	if all, _ := catalog.Collect(a.List(t.Context(), catalog.AccountQuery{})); len(all) != 0 {
		t.Errorf("refused accounts are stored: %v", all)
	}
}

func accountsStatus(t *testing.T, a catalog.Accounts) {
	put(t, a, account("t-1", "acme.example"))
	first := get(t, a, "t-1")
	if err := a.SetStatus(t.Context(), "t-1", catalog.AccountReauthorize, "token revoked"); err != nil {
		t.Fatal(err)
	}
	want := account("t-1", "acme.example")
	want.Status, want.Reason = catalog.AccountReauthorize, "token revoked"
	got := get(t, a, "t-1")
	if !sameAccount(got, want) || !got.CreatedAt.Equal(first.CreatedAt) || got.UpdatedAt.Before(first.UpdatedAt) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got.Status.Usable() || !catalog.AccountActive.Usable() || !catalog.AccountStatus("").Usable() {
		t.Error("Usable is wrong")
	}
}

func accountsDelete(t *testing.T, a catalog.Accounts) {
	put(t, a, account("t-1", "acme.example"), account("t-2", "other.example"))
	for range 2 { // deleting an absent one is no error
		if err := a.Delete(t.Context(), "t-1"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.Get(t.Context(), "t-1"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("Get after Delete: %v", err)
	}
	if _, err := a.ByStore(t.Context(), "shopify", "acme.example"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("ByStore after Delete: %v", err)
	}
	put(t, a, account("t-3", "acme.example")) // the store is free
	if got := get(t, a, "t-2"); got.Store != "other.example" {
		t.Errorf("another account became %+v", got)
	}
}

func accountsCopies(t *testing.T, a catalog.Accounts) {
	given := account("t-1", "acme.example")
	put(t, a, given)
	given.Settings["view"] = "changed by the giver"
	byStore, _ := a.ByStore(t.Context(), "shopify", "acme.example")
	listed, _ := catalog.Collect(a.List(t.Context(), catalog.AccountQuery{}))
	for name, got := range map[string]catalog.Account{"Get": get(t, a, "t-1"), "ByStore": byStore, "List": listed[0]} {
		if got.Settings["view"] != "ar" {
			t.Errorf("%s gives %q", name, got.Settings["view"])
		}
		got.Settings["view"] = "changed by the taker of " + name
	}
	if got := get(t, a, "t-1").Settings["view"]; got != "ar" {
		t.Errorf("the stored setting is %q", got)
	}
}
