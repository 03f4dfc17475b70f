package authtest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

func owned(owner auth.Owner) func(*auth.ConnectConfig) {
	return func(c *auth.ConnectConfig) {
		c.Owner = func(*http.Request) (auth.Owner, error) { return owner, nil }
	}
}

func (h Harness) put(t *testing.T, b *Bench, id, store string, status catalog.AccountStatus) {
	t.Helper()
	if err := b.Accounts.Put(t.Context(), catalog.Account{ID: id, Platform: b.Platform, Store: store, Status: status, Settings: map[string]string{"kept": "yes"}}); err != nil {
		t.Fatal(err)
	}
}

// finish walks the flow to its end. A platform may say already at the
// beginning that the store is another one.
func (h Harness) finish(t *testing.T, b *Bench, browser *Browser) Answer {
	t.Helper()
	began := browser.Post(b.Path("start"), h.form(nil))
	if began.Status >= http.StatusBadRequest {
		return began
	}
	return browser.Get(b.approve(t, b.Connect, began))
}

func (h Harness) foreignStore(t *testing.T) {
	b, browser := h.bench(t, owned(auth.Owner{Account: "tenant-1", Store: h.Other}))
	if a := h.finish(t, b, browser); a.Status != http.StatusConflict && a.Status != http.StatusBadRequest || a.Location != "" {
		t.Errorf("answered %d to %q", a.Status, a.Location)
	}
	b.Empty()
}

func (h Harness) otherAccount(t *testing.T) {
	b, browser := h.bench(t, owned(auth.Owner{Account: "tenant-2"}))
	h.put(t, b, "tenant-1", h.Store, catalog.AccountActive)
	b.Refused(h.finish(t, b, browser), http.StatusConflict, "foreign_store")
	if account, err := b.Accounts.ByStore(t.Context(), b.Platform, h.Store); err != nil || account.ID != "tenant-1" {
		t.Errorf("the store now is of %s, %v", account.ID, err)
	}
	if _, err := b.Credentials.Load(t.Context(), "tenant-1"); catalog.KindOf(err) != catalog.ErrNotFound {
		t.Error("a credential was stored")
	}
}

func (h Harness) otherStore(t *testing.T) {
	b, browser := h.bench(t, owned(auth.Owner{Account: "tenant-1"}))
	h.put(t, b, "tenant-1", h.Other, catalog.AccountActive)
	if a := h.finish(t, b, browser); a.Status != http.StatusConflict && a.Status != http.StatusBadRequest || a.Location != "" {
		t.Errorf("answered %d to %q", a.Status, a.Location)
	}
	if account, err := b.Accounts.Get(t.Context(), "tenant-1"); err != nil || account.Store != h.Other {
		t.Errorf("the account now has %s, %v", account.Store, err)
	}
}

func (h Harness) again(t *testing.T) {
	for _, owner := range []auth.Owner{{}, {Account: "tenant-1"}} {
		b, browser := h.bench(t, owned(owner))
		h.put(t, b, "tenant-1", h.Store, catalog.AccountUninstalled)
		h.finish(t, b, browser)
		account, _ := b.Stored(h.Store)
		if account.ID != "tenant-1" || account.Status != catalog.AccountActive || account.Settings["kept"] != "yes" {
			t.Errorf("asked for %q: stored %+v", owner.Account, account)
		}
	}
}

// mended begins with what a crash between account and credential leaves.
func (h Harness) mended(t *testing.T) {
	b, browser := h.bench(t, owned(auth.Owner{Account: "tenant-1"}))
	h.put(t, b, "tenant-1", h.Store, catalog.AccountReauthorize)
	h.finish(t, b, browser)
	if account, _ := b.Stored(h.Store); account.Status != catalog.AccountActive || account.Reason != "" {
		t.Errorf("stored %+v", account)
	}
}

func (h Harness) openRedirect(t *testing.T) {
	b, browser := h.bench(t, func(c *auth.ConnectConfig) {
		c.Next = map[string]string{"settings": "https://app.example.com/settings"}
	})
	for _, to := range []string{"https://evil.example/", "//evil.example", "settings.evil.example", "/settings", `\\evil.example`, "javascript:alert(1)"} {
		b.Refused(browser.Post(b.Path("start"), h.form(url.Values{"next": {to}})), http.StatusBadRequest, "")
		b.Refused(browser.Get(b.Path("start")+"?"+url.Values{"next": {to}}.Encode()), http.StatusBadRequest, "")
	}
	b.Empty()
	const evil = "https://evil.example/"
	back := h.walk(t, b, browser, url.Values{"return_to": {evil}, "redirect": {evil}, "redirect_uri": {evil}, "return_url": {evil}})
	if u, err := url.Parse(back); err != nil || u.Host != "app.example.com" {
		t.Fatalf("the platform sends the browser to %q", back)
	}
	if a := browser.Get(back); !strings.HasPrefix(a.Location, Base) {
		t.Errorf("sent on to %q", a.Location)
	}
}

func (h Harness) next(t *testing.T) {
	const settings, done = "https://app.example.com/settings", "https://app.example.com/done"
	b, browser := h.bench(t, func(c *auth.ConnectConfig) { c.Next, c.DoneURL = map[string]string{"settings": settings}, done })
	if a := browser.Get(h.walk(t, b, browser, url.Values{"next": {"settings"}})); a.Location != settings {
		t.Errorf("sent on to %q: %s", a.Location, a.Body)
	}
	if a := browser.Get(h.walk(t, b, browser, nil)); a.Location != done {
		t.Errorf("sent on to %q", a.Location)
	}
}

func (h Harness) crossSite(t *testing.T) {
	b, browser := h.bench(t, nil)
	b.Refused(browser.PostFrom(b.Path("start"), h.form(nil)), http.StatusForbidden, "")
	b.Refused(browser.PostFrom(b.Path("confirm"), url.Values{"state": {strangeState}}), http.StatusForbidden, "")
	b.Empty()
}
