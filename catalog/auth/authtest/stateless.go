package authtest

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog/auth"
)

// withoutState replaces the rules about states by those for a callback that
// brings none.
func (h Harness) withoutState(tests map[string]func(*testing.T)) {
	for _, name := range []string{"wrong state", "missing state", "malformed state", "replayed state", "state of another browser", "state in a browser without the cookie", "configured place to go next"} {
		delete(tests, name)
	}
	tests["connects"] = h.connectsUnasked
	tests["replayed callback"] = h.replayedCallback
	tests["confirmed for the host's account"] = h.confirms
	tests["confirmation by a link"] = h.confirmsByLink
}

var stateInput = regexp.MustCompile(`name="state" value="([0-9a-f]{64})"`)

// confirmed gives the merchant's word where the answer asks for it.
func confirmed(b *Bench, browser *Browser, a Answer) Answer {
	found := stateInput.FindStringSubmatch(a.Body)
	if a.Status != http.StatusOK || found == nil {
		return a
	}
	return browser.Post(b.Path("confirm"), url.Values{"state": {found[1]}})
}

// connectsUnasked is an install that the platform's pages began: nobody asked
// for it by an id, and the page may be in a frame that keeps no cookie.
func (h Harness) connectsUnasked(t *testing.T) {
	b, browser := h.bench(t, nil)
	page := b.Browser().Get(h.walk(t, b, browser, nil))
	if page.Status != http.StatusOK || !strings.Contains(page.Body, h.Store) {
		t.Fatalf("answered %d to %q: %s", page.Status, page.Location, page.Body)
	}
	account, stored := b.Stored(h.Store)
	if account.ID != b.Platform+":"+h.Store || !account.Status.Usable() || stored.Credential.IsZero() {
		t.Errorf("stored %+v", account)
	}
	if len(b.connected) != 1 || !b.connected[0].New {
		t.Errorf("the host heard %+v", b.connected)
	}
}

func (h Harness) replayedCallback(t *testing.T) {
	b, browser := h.bench(t, nil)
	back := h.walk(t, b, browser, nil)
	browser.Get(back)
	_, before := b.Stored(h.Store)
	if a := browser.Get(back); a.Status < 400 || a.Location != "" {
		t.Errorf("answered %d to %q", a.Status, a.Location)
	}
	if _, after := b.Stored(h.Store); after.Version != before.Version {
		t.Error("the replay changed the credential")
	}
}

func (h Harness) confirms(t *testing.T) {
	const settings = "https://app.example.com/settings"
	b, browser := h.bench(t, func(c *auth.ConnectConfig) {
		owned(auth.Owner{Account: "tenant-1"})(c)
		c.Next = map[string]string{"settings": settings}
	})
	asked := browser.Get(h.walk(t, b, browser, url.Values{"next": {"settings"}}))
	b.Empty()
	if a := confirmed(b, browser, asked); a.Location != settings {
		t.Errorf("answered %d to %q: %s", a.Status, a.Location, a.Body)
	}
	if account, _ := b.Stored(h.Store); account.ID != "tenant-1" {
		t.Errorf("stored %+v", account)
	}
}

// confirmsByLink is somebody who wants their store in another's account.
func (h Harness) confirmsByLink(t *testing.T) {
	b, browser := h.bench(t, owned(auth.Owner{Account: "tenant-1"}))
	asked := browser.Get(h.walk(t, b, browser, nil))
	found := stateInput.FindStringSubmatch(asked.Body)
	if found == nil {
		t.Fatalf("the merchant is not asked: %d %s", asked.Status, asked.Body)
	}
	b.Refused(browser.Get(b.Path("confirm")+"?state="+found[1]), http.StatusMethodNotAllowed, "")
	b.Refused(browser.PostFrom(b.Path("confirm"), url.Values{"state": {found[1]}}), http.StatusForbidden, "")
	b.Refused(b.Browser().Post(b.Path("confirm"), url.Values{"state": {found[1]}}), http.StatusBadRequest, "state")
	b.Empty()
}
