package woocommercetest

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// browser opens pages at the server's own address and follows what leads on
// there.
func browser(t *testing.T, s *Server) (get func(at string, form url.Values) (page string, res *http.Response)) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if "http://"+r.URL.Host != s.URL() {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	t.Cleanup(client.CloseIdleConnections)
	return func(at string, form url.Values) (string, *http.Response) {
		method := http.MethodGet
		if form != nil {
			method = http.MethodPost
		}
		r, err := http.NewRequestWithContext(t.Context(), method, at, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		if form != nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		page, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(page), res
	}
}

var (
	formAction = regexp.MustCompile(`action="([^"]*)"`)
	redirectTo = regexp.MustCompile(`name="redirect_to" value="([^"]*)"`)
	approveRef = regexp.MustCompile(`wc-auth-approve" href="([^"]*)"`)
)

func matched(t *testing.T, re *regexp.Regexp, page string) string {
	t.Helper()
	m := re.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no %s in %s", re, page)
	}
	return html.UnescapeString(m[1])
}

func below(t *testing.T, res *http.Response, ref string) string {
	t.Helper()
	u, err := res.Request.URL.Parse(ref)
	if err != nil {
		t.Fatal(err)
	}
	return u.String()
}

func TestABrowserWalksTheGrantingOfKeys(t *testing.T) {
	t.Parallel()
	for _, store := range []string{"https://shop.example.test", "https://shop.example.test/blog"} {
		r := newReceiver(t, true)
		at := time.Date(2026, 11, 20, 11, 59, 0, 0, time.UTC)
		s := start(t, &Config{StoreURL: store, WebhookTransport: r.Client().Transport, Clock: func() time.Time { return at }})
		folder := strings.TrimPrefix(store, "https://shop.example.test")
		q := url.Values{"app_name": {"Souk"}, "scope": {"read"}, "user_id": {"42"}, "return_url": {"https://app.example.test/back"}, "callback_url": {r.URL + "/cb"}}
		get := browser(t, s)
		page, res := get(s.URL()+folder+"/wc-auth/v1/authorize?"+q.Encode(), nil)
		to := matched(t, redirectTo, page)
		login := below(t, res, matched(t, formAction, page))
		if page, _ := get(login, url.Values{"log": {"m"}, "pwd": {"p"}, "redirect_to": {"https://evil.example/"}}); !strings.Contains(page, "Error") {
			t.Errorf("the login leads elsewhere: %s", page)
		}
		page, res = get(login, url.Values{"log": {"m"}, "pwd": {"p"}, "redirect_to": {to}})
		approve := below(t, res, matched(t, approveRef, page))
		at = at.Add(25 * time.Hour)
		if page, res := get(approve, nil); res.StatusCode != http.StatusUnauthorized || !strings.Contains(page, "nonce") {
			t.Errorf("an old page grants keys: %d %s", res.StatusCode, page)
		}
		page, res = get(s.URL()+folder+"/wc-auth/v1/authorize?"+q.Encode(), nil) // is logged in
		if _, res = get(below(t, res, matched(t, approveRef, page)), nil); res.Header.Get("Location") != "https://app.example.test/back?success=1&user_id=42" {
			t.Errorf("%s: answered %d to %q", store, res.StatusCode, res.Header.Get("Location"))
		}
		if len(s.Keys()) != 2 {
			t.Errorf("%d keys", len(s.Keys()))
		}
	}
}

func TestPlainCallbacksOnlyWhereAskedFor(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, false)
	q := url.Values{"app_name": {"Souk"}, "scope": {"read"}, "user_id": {"42"}, "return_url": {"https://app.example.test/back"}, "callback_url": {r.URL + "/cb"}}
	for _, plain := range []bool{false, true} {
		s := start(t, &Config{PlainCallbacks: plain})
		if _, err := s.Approve(t.Context(), s.StoreURL()+"/wc-auth/v1/authorize?"+q.Encode()); (err == nil) != plain {
			t.Errorf("plain callbacks %v: %v", plain, err)
		}
	}
}
