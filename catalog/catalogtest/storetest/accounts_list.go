package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/soukhq/souk/catalog"
)

func accountsList(t *testing.T, a catalog.Accounts) {
	for _, id := range []string{"b", "B", "a10", "é", "a2", "z"} {
		put(t, a, account(id, "store-"+id))
	}
	salla := account("salla-1", "1234")
	salla.Platform = "salla"
	unset := account("unset", "unset.example")
	unset.Status = ""
	put(t, a, salla, unset)
	if err := a.SetStatus(t.Context(), "z", catalog.AccountSuspended, ""); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		query catalog.AccountQuery
		want  []string
	}{
		"all, in byte order":         {want: []string{"B", "a10", "a2", "b", "salla-1", "unset", "z", "é"}},
		"after":                      {query: catalog.AccountQuery{After: "b"}, want: []string{"salla-1", "unset", "z", "é"}},
		"after an absent id":         {query: catalog.AccountQuery{After: "c"}, want: []string{"salla-1", "unset", "z", "é"}},
		"after the last":             {query: catalog.AccountQuery{After: "é"}},
		"platform":                   {query: catalog.AccountQuery{Platform: "salla"}, want: []string{"salla-1"}},
		"status":                     {query: catalog.AccountQuery{Status: catalog.AccountSuspended}, want: []string{"z"}},
		"active finds the zero too":  {query: catalog.AccountQuery{Status: catalog.AccountActive, After: "b"}, want: []string{"salla-1", "unset", "é"}},
		"platform, status and after": {query: catalog.AccountQuery{Platform: "shopify", Status: catalog.AccountActive, After: "a10"}, want: []string{"a2", "b", "unset", "é"}},
		"unknown platform":           {query: catalog.AccountQuery{Platform: "magento"}},
	} {
		var got []string
		for account, err := range a.List(t.Context(), c.query) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, account.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	count := 0
	for range a.List(t.Context(), catalog.AccountQuery{}) {
		if count++; count == 2 {
			break
		}
	}
	put(t, a, account("after-break", "after-break.example")) // nothing is left locked
}

func accountsListWhileChanged(t *testing.T, a catalog.Accounts) {
	put(t, a, account("1", "1.example"), account("2", "2.example"), account("3", "3.example"), account("4", "4.example"))
	var got []string
	for account, err := range a.List(t.Context(), catalog.AccountQuery{Status: catalog.AccountActive}) {
		if err != nil {
			t.Fatal(err)
		}
		if got = append(got, account.ID); account.ID == "1" { // from within the loop: no lock is held
			if err := errors.Join(a.Delete(t.Context(), "2"), a.SetStatus(t.Context(), "3", catalog.AccountSuspended, "")); err != nil {
				t.Fatal(err)
			}
		}
		if !account.Status.Usable() {
			t.Errorf("%s came although it is %s", account.ID, account.Status)
		}
	}
	if !slices.Contains(got, "1") || !slices.Contains(got, "4") || !slices.IsSorted(got) {
		t.Errorf("got %v; want at least 1 and 4, in order", got)
	}
}

func accountsEndedContext(t *testing.T, a catalog.Accounts) {
	put(t, a, account("t-1", "acme.example"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range map[string]error{
		"Get": second(a.Get(ctx, "t-1")), "ByStore": second(a.ByStore(ctx, "shopify", "none")), "Put": a.Put(ctx, account("t-1", "new.example")),
		"SetStatus": a.SetStatus(ctx, "t-1", catalog.AccountSuspended, ""), "Delete": a.Delete(ctx, "t-1"),
		"List": second(catalog.Collect(a.List(ctx, catalog.AccountQuery{}))),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", name, err)
		}
	}
	if got := get(t, a, "t-1"); !sameAccount(got, account("t-1", "acme.example")) {
		t.Errorf("an ended context changed the account to %+v", got)
	}
}
