package auth_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/auth/authtest"
)

// serverPost is a call of the store's server.
func serverPost(handler http.Handler, address, body string) int {
	r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(body))
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Code
}

var hrefs = regexp.MustCompile(`https://app\.example\.com/connect/kiosk/(keys|keyed)/[0-9a-f]{64}`)

func TestConnectFlows(t *testing.T) {
	t.Parallel()
	for method, approve := range map[string]func(t *testing.T, connect http.Handler, began authtest.Answer) string{
		"consent": func(t *testing.T, _ http.Handler, began authtest.Answer) string {
			q := kioskSent(t, began.Location)
			return q.Get("back") + "?" + url.Values{"code": {"good-" + kioskStore}, "state": {q.Get("state")}}.Encode()
		},
		"keys": func(t *testing.T, connect http.Handler, began authtest.Answer) string {
			q := kioskSent(t, began.Location)
			if code := serverPost(connect, q.Get("keys"), "good-"+kioskStore); code != http.StatusOK {
				t.Errorf("the keys were answered %d", code)
			}
			return q.Get("return")
		},
		"handshake": func(t *testing.T, connect http.Handler, began authtest.Answer) string {
			found := hrefs.FindAllString(began.Body, -1)
			if len(found) != 2 || serverPost(connect, found[0], "good-"+kioskStore) != http.StatusOK {
				t.Fatalf("instructions: %s", began.Body)
			}
			return found[1]
		},
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			state := ""
			if method == "consent" {
				state = "state"
			}
			authtest.Run(t, authtest.Harness{Store: kioskStore, Other: kioskOther, Method: method, State: state, Flow: func(*testing.T) authtest.Flow {
				return authtest.Flow{Adapter: &kiosk{}, Approve: func(t *testing.T, connect http.Handler, began authtest.Answer) string {
					return approve(t, connect, began)
				}, Secrets: []string{kioskSecret, "good-" + kioskStore}}
			}})
		})
	}
}

func TestKeysAreStoredOnlyWhenTheBrowserIsBack(t *testing.T) {
	t.Parallel()
	b := authtest.NewBench(t, &kiosk{}, nil)
	attacker, victim := b.Browser(), b.Browser()
	q := kioskSent(t, attacker.Get(b.Path("start")+"?method=keys").Location)
	if code := serverPost(b.Connect, q.Get("keys"), "bad"); code != http.StatusForbidden {
		t.Errorf("a key that does not work was answered %d", code)
	}
	b.Refused(attacker.Get(q.Get("return")), http.StatusBadRequest, "state")
	b.Empty()

	q = kioskSent(t, attacker.Get(b.Path("start")+"?method=keys").Location)
	for i, want := range []int{http.StatusOK, http.StatusBadRequest} { // the second is a replay
		if code := serverPost(b.Connect, q.Get("keys"), "good-"+kioskStore); code != want {
			t.Errorf("delivery %d of the keys was answered %d", i, code)
		}
	}
	b.Empty()
	// The merchant agreed on a page somebody else had led them to.
	b.Refused(victim.Get(q.Get("return")), http.StatusBadRequest, "state")
	b.Empty()

	q = kioskSent(t, attacker.Get(b.Path("start")+"?method=keys").Location)
	b.Refused(attacker.Get(q.Get("return")), http.StatusForbidden, "") // no key came
	b.Empty()
	for name, address := range map[string]string{
		"wrong state":   b.Path("keys", strings.Repeat("0", 64)),
		"missing state": b.Path("keys"),
		"two states":    q.Get("keys") + "?state=" + strings.Repeat("0", 64),
	} {
		if code := serverPost(b.Connect, address, "good-"+kioskStore); code != http.StatusBadRequest {
			t.Errorf("%s: answered %d", name, code)
		}
	}
	if code := serverPost(b.Connect, q.Get("keys"), "good-"+strings.Repeat("x", 70<<10)); code != http.StatusBadRequest {
		t.Errorf("oversize body: answered %d", code)
	}
	b.Empty()
}

func TestStateOfAnotherPlatform(t *testing.T) {
	t.Parallel()
	states := &auth.MemoryStates{}
	share := func(c *auth.ConnectConfig) { c.States = states }
	b := authtest.NewBench(t, &kiosk{}, share)
	other := authtest.NewBench(t, renamed{&kiosk{}}, share)
	browser := b.Browser()
	q := kioskSent(t, browser.Get(b.Path("start")+"?method=consent").Location)
	r := httptest.NewRequest(http.MethodGet, other.Path("callback")+"?code=good-"+kioskStore+"&state="+q.Get("state"), nil)
	for _, c := range browser.Cookies() {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	other.ServeHTTP(w, r)
	other.Refused(authtest.Answer{Status: w.Code}, http.StatusBadRequest, "state")
	other.Empty()
}

// renamed is the same platform under another name.
type renamed struct{ *kiosk }

func (renamed) Platform() string { return "stall" }

func TestStatesExpire(t *testing.T) {
	t.Parallel()
	for method, lifetime := range map[string]time.Duration{"consent": 10 * time.Minute, "handshake": 30 * time.Minute} {
		for _, late := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				b := authtest.NewBench(t, &kiosk{}, nil)
				browser := b.Browser()
				began := browser.Post(b.Path("start"), url.Values{"method": {method}})
				var back string
				if method == "consent" {
					q := kioskSent(t, began.Location)
					back = q.Get("back") + "?code=good-" + kioskStore + "&state=" + q.Get("state")
				} else {
					found := hrefs.FindAllString(began.Body, -1)
					serverPost(b.Connect, found[0], "good-"+kioskStore)
					back = found[1]
				}
				if !late {
					time.Sleep(lifetime - time.Second)
					browser.Get(back)
					b.Stored(kioskStore)
					return
				}
				time.Sleep(lifetime)
				b.Refused(browser.Get(back), http.StatusBadRequest, "state")
				b.Empty()
			})
		}
	}
}

func TestOneOfManyCallbacksWins(t *testing.T) {
	t.Parallel()
	b := authtest.NewBench(t, &kiosk{}, nil)
	browser := b.Browser()
	q := kioskSent(t, browser.Get(b.Path("start")+"?method=consent").Location)
	cookies := browser.Cookies()
	var wait sync.WaitGroup
	codes := make(chan int, 50)
	for range cap(codes) {
		wait.Go(func() {
			r := httptest.NewRequest(http.MethodGet, q.Get("back")+"?code=good-"+kioskStore+"&state="+q.Get("state"), nil)
			for _, c := range cookies {
				r.AddCookie(c)
			}
			w := httptest.NewRecorder()
			b.ServeHTTP(w, r)
			codes <- w.Code
		})
	}
	wait.Wait()
	close(codes)
	won := 0
	for code := range codes {
		if code == http.StatusSeeOther {
			won++
		} else if code != http.StatusBadRequest {
			t.Errorf("answered %d", code)
		}
	}
	if won != 1 {
		t.Errorf("%d of them connected the store, want 1", won)
	}
}

func TestKeysByForm(t *testing.T) {
	t.Parallel()
	b := authtest.NewBench(t, &kiosk{}, nil)
	browser := b.Browser()
	good := url.Values{"method": {"enter"}, "code": {"good-" + kioskStore}}
	for name, a := range map[string]authtest.Answer{
		"a key in the address": browser.Get(b.Path("start") + "?" + good.Encode()),
		"a key that is wrong":  browser.Post(b.Path("start"), url.Values{"method": {"enter"}, "code": {"bad"}}),
		"no key":               browser.Post(b.Path("start"), url.Values{"method": {"enter"}}),
		"a blank key":          browser.Post(b.Path("start"), url.Values{"method": {"enter"}, "code": {"  "}}),
		"a key that is long":   browser.Post(b.Path("start"), url.Values{"method": {"enter"}, "code": {strings.Repeat("x", 1025)}}),
		"no such choice":       browser.Post(b.Path("start"), url.Values{"method": {"enter"}, "code": {"good-" + kioskStore}, "size": {"xl"}}),
		"another site's form":  browser.PostFrom(b.Path("start"), good),
		"operators' method":    browser.Post(b.Path("start"), url.Values{"method": {"all"}}),
		"no such method":       browser.Post(b.Path("start"), url.Values{"method": {"none"}}),
	} {
		if a.Status < 400 || a.Location != "" {
			t.Errorf("%s: answered %d to %q", name, a.Status, a.Location)
		}
	}
	b.Empty()
	if a := browser.Get(b.Path("start") + "?method=enter"); a.Status != http.StatusOK || !strings.Contains(a.Body, `type="password"`) {
		t.Errorf("the form: %d %s", a.Status, a.Body)
	}
	if a := browser.Get(b.Path("start") + "?method=consent&next="); a.Location == "" {
		t.Errorf("a link does not begin a consent: %d", a.Status)
	}
	a := browser.Post(b.Path("start"), good)
	if a.Status != http.StatusSeeOther || a.Location != kioskStore+"/admin/done" { // back to the store's own admin
		t.Errorf("answered %d to %q: %s", a.Status, a.Location, a.Body)
	}
	b.Stored(kioskStore)
	b.Clean(kioskSecret, "good-"+kioskStore)
}

func TestReturnLeadsToTheStoreAlone(t *testing.T) {
	t.Parallel()
	for to, allowed := range map[string]bool{
		kioskStore + "/admin?x=1": true, kioskOther + "/admin": false, "https://evil.example/": false, "//evil.example/": false, "https://acme.example:8443/": false,
		"https://acme.example@evil.example/": false, "http://acme.example/": false, "javascript:alert(1)": false, `https://acme.example\@evil.example/`: false,
	} {
		b := authtest.NewBench(t, &kiosk{}, nil)
		browser := b.Browser()
		q := kioskSent(t, browser.Get(b.Path("start")+"?method=consent").Location)
		a := browser.Get(q.Get("back") + "?" + url.Values{"code": {"good-" + kioskStore}, "state": {q.Get("state")}, "stay": {to}}.Encode())
		if got := a.Location == to; got != allowed || !got && !strings.HasPrefix(a.Location, authtest.Base) {
			t.Errorf("%q: sent to %q", to, a.Location)
		}
	}
}

func TestConnectFailsWithItsStores(t *testing.T) {
	t.Parallel()
	states := &auth.MemoryStates{Limit: 1}
	b := authtest.NewBench(t, &kiosk{}, func(c *auth.ConnectConfig) { c.States = states })
	if err := states.Put(t.Context(), "full", catalog.NewSecret("x"), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	b.Refused(b.Browser().Get(b.Path("start")+"?method=consent"), http.StatusServiceUnavailable, "")
	b.Empty()
}
