package authtest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

const strangeState = "00000000000000000000000000000000ffffffffffffffffffffffffffffffff"

// Run holds a flow against what every flow must do. Each rule is a subtest
// with a Connect and a platform of its own.
func Run(t *testing.T, h Harness) {
	for name, test := range map[string]func(*testing.T){
		"connects":                               h.connects,
		"wrong state":                            h.badState(func(*Browser, string) string { return strangeState }),
		"missing state":                          h.badState(func(*Browser, string) string { return "" }),
		"malformed state":                        h.badState(func(_ *Browser, s string) string { return s[:63] + "g" }),
		"replayed state":                         h.replayed,
		"state of another browser":               h.anotherBrowser,
		"state in a browser without the cookie":  h.noCookie,
		"oversize parameter":                     h.malformed("x=" + strings.Repeat("a", 5000)),
		"oversize query":                         h.malformed(strings.Repeat("&a=bbbbbbbbbb", 2000)),
		"parameter that comes twice":             h.malformed("dup=1&dup=2"),
		"parameter with a control character":     h.malformed("x=a%0Ab"),
		"parameter that is not UTF-8":            h.malformed("x=%ff%fe"),
		"parameter with a malformed escape":      h.malformed("x=%zz"),
		"parameters cut by semicolons":           h.malformed("a=1;b=2"),
		"wrong HTTP method":                      h.wrongMethod,
		"foreign store":                          h.foreignStore,
		"store of another account":               h.otherAccount,
		"account of another store":               h.otherStore,
		"installed again keeps the host's id":    h.again,
		"open redirect attempt":                  h.openRedirect,
		"configured place to go next":            h.next,
		"form of another site":                   h.crossSite,
		"mended after a crash before the secret": h.mended,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

// walk begins the flow in the browser and takes it to the platform and back;
// it returns the address the browser is then sent to.
func (h Harness) walk(t *testing.T, b *Bench, browser *Browser, extra url.Values) string {
	t.Helper()
	began := browser.Post(b.Path("start"), h.form(extra))
	if began.Location == "" && !strings.Contains(began.Body, Base) {
		t.Fatalf("the flow does not begin: %d %s", began.Status, began.Body)
	}
	return b.approve(t, b.Connect, began)
}

func (h Harness) form(extra url.Values) url.Values {
	form := url.Values{"method": {h.Method}}
	for _, from := range []url.Values{h.Fields, extra} {
		for name, values := range from {
			form[name] = values
		}
	}
	return form
}

func (h Harness) bench(t *testing.T, change func(*auth.ConnectConfig)) (*Bench, *Browser) {
	t.Helper()
	flow := h.Flow(t)
	b := NewBench(t, flow.Adapter, change)
	b.approve = flow.Approve
	b.Watch(flow.Log)
	t.Cleanup(func() {
		b.Clean(flow.Secrets...)
		for _, browser := range b.browsers {
			for _, a := range browser.Seen {
				secured(t, a)
			}
			for _, c := range browser.Cookies() {
				if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || !strings.HasPrefix(c.Name, "__Host-") {
					t.Errorf("the cookie %s is not bound as it should be", c.Name)
				}
			}
		}
	})
	return b, b.Browser()
}

// secured checks the headers of an answer.
func secured(t *testing.T, a Answer) {
	t.Helper()
	for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors ") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("Content-Security-Policy is %q", csp)
	}
}

func (h Harness) connects(t *testing.T) {
	b, browser := h.bench(t, nil)
	back := browser.Get(h.walk(t, b, browser, nil))
	if back.Status != http.StatusSeeOther || !strings.HasPrefix(back.Location, Base) {
		t.Fatalf("answered %d to %q: %s", back.Status, back.Location, back.Body)
	}
	account, stored := b.Stored(h.Store)
	if account.Status != catalog.AccountActive || account.ID != b.Platform+":"+h.Store || stored.Credential.IsZero() {
		t.Errorf("stored %+v", account)
	}
	for range 2 { // the page can be loaded again
		page := browser.Get(back.Location)
		if page.Status != http.StatusOK || !strings.Contains(page.Body, h.Store) {
			t.Errorf("the page of the connection: %d %s", page.Status, page.Body)
		}
	}
	stranger := b.Browser()
	for range 2 { // the second time with a cookie of its own
		if page := stranger.Get(back.Location); page.Status != http.StatusBadRequest || strings.Contains(page.Body, h.Store) {
			t.Errorf("another browser sees the connection: %d", page.Status)
		}
		h.walk(t, b, stranger, nil)
	}
	if len(b.connected) != 1 || !b.connected[0].New || b.connected[0].Account.Status != catalog.AccountActive {
		t.Errorf("the host heard %+v", b.connected)
	}
}

// replace puts another state into the address.
func (h Harness) replace(t *testing.T, address, state string) (changed, old string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if h.State == "" {
		i := strings.LastIndexByte(u.Path, '/')
		old = u.Path[i+1:]
		u.Path = u.Path[:i+1] + state
		return u.String(), old
	}
	q := u.Query()
	old = q.Get(h.State)
	q.Set(h.State, state)
	u.RawQuery = q.Encode()
	return u.String(), old
}

func (h Harness) badState(state func(*Browser, string) string) func(*testing.T) {
	return func(t *testing.T) {
		b, browser := h.bench(t, nil)
		back := h.walk(t, b, browser, nil)
		_, real := h.replace(t, back, "x")
		changed, _ := h.replace(t, back, state(browser, real))
		a := browser.Get(changed)
		if a.Location != "" { // a platform's own state: the browser is sent through the consent anew
			if strings.HasPrefix(a.Location, Base) {
				t.Errorf("sent on to %q", a.Location)
			}
		} else {
			b.Refused(a, http.StatusBadRequest, "state")
		}
		b.Empty()
	}
}

func (h Harness) replayed(t *testing.T) {
	b, browser := h.bench(t, nil)
	back := h.walk(t, b, browser, nil)
	browser.Get(back)
	_, before := b.Stored(h.Store)
	b.Refused(browser.Get(back), http.StatusBadRequest, "state")
	if _, after := b.Stored(h.Store); after.Version != before.Version {
		t.Error("the replay changed the credential")
	}
}

func (h Harness) anotherBrowser(t *testing.T) {
	b, browser := h.bench(t, nil)
	back := h.walk(t, b, browser, nil)
	other := b.Browser()
	h.walk(t, b, other, nil) // has a cookie, and a flow of its own
	b.Refused(other.Get(back), http.StatusBadRequest, "state")
	b.Empty()
}

func (h Harness) noCookie(t *testing.T) {
	b, browser := h.bench(t, nil)
	back := h.walk(t, b, browser, nil)
	b.Refused(b.Browser().Get(back), http.StatusBadRequest, "state")
	b.Empty()
	browser.Get(back) // whose flow it is can still finish it
	b.Stored(h.Store)
}

func (h Harness) malformed(query string) func(*testing.T) {
	return func(t *testing.T) {
		b, browser := h.bench(t, nil)
		back := h.walk(t, b, browser, nil)
		joint := "?"
		if strings.Contains(back, "?") {
			joint = "&"
		}
		b.Refused(browser.Get(back+joint+query), http.StatusBadRequest, "")
		b.Refused(browser.Get(b.Path("start")+"?"+query), http.StatusBadRequest, "")
		b.Empty()
	}
}

func (h Harness) wrongMethod(t *testing.T) {
	b, browser := h.bench(t, nil)
	back := h.walk(t, b, browser, nil)
	for _, method := range []string{http.MethodPost, http.MethodHead, http.MethodPut, http.MethodDelete} {
		a := browser.Do(method, back)
		b.Refused(a, http.StatusMethodNotAllowed, "")
		if a.Header.Get("Allow") != http.MethodGet {
			t.Errorf("%s: Allow is %q", method, a.Header.Get("Allow"))
		}
	}
	b.Refused(browser.Do(http.MethodPut, b.Path("start")), http.StatusMethodNotAllowed, "")
	b.Empty()
}
