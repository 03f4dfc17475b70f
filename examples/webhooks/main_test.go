package main

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/soukhq/souk/webhook"
)

func TestEveryPlatformOnce(t *testing.T) {
	t.Parallel()
	w := quietWorld(t)
	answers := make(map[string]bool)
	for _, p := range platforms {
		p := w.parcel(p.name, 0)
		for range 3 {
			w.accept(p)
		}
		for _, forged := range p.forged {
			status, body := w.post(p.path, forged)
			if status != http.StatusUnauthorized {
				t.Errorf("a forged delivery to %s was answered %d", p.path, status)
			}
			answers[body] = true
		}
	}
	if len(answers) != 1 {
		t.Errorf("senders can tell refusals apart: %v", answers)
	}
	s := w.settled(5)
	if s.Deliveries[outcomeKept] != 5 || s.Deliveries[outcomeDuplicate] != 10 || s.Deliveries[outcomeRefused] != 15 || s.Effects != (effectCounts{Effects: 5}) {
		t.Errorf("the status is %+v", s)
	}
	page := w.page("/?outcome=refused")
	for _, reason := range []string{"no configured secret made this signature", "There is no", "is older than 5m0s", "What to do", webhook.Redacted} {
		if !strings.Contains(strings.ToLower(page), strings.ToLower(reason)) {
			t.Errorf("the operator is not told %q", reason)
		}
	}
	for _, p := range platforms {
		if got := strings.Count(w.page("/?platform="+p.name+"&outcome=done"), `<li id="event-`); got != 1 {
			t.Errorf("%d events of %s are listed", got, p.name)
		}
	}
}

func TestAddressesOfTheDocuments(t *testing.T) {
	t.Parallel()
	w := quietWorld(t)
	for i, c := range []struct{ platform, path string }{
		{"shopify", "/webhooks/shopify/products/create"}, {"shopify", "/webhooks/shopify/shopify-1"}, {"shopify", "/shopify/webhook"},
		{"salla", "/webhooks/salla"}, {"salla", "/api/salla/webhook"}, {"salla", "/webhooks/salla/salla-1"},
		{"woocommerce", "/webhooks/woocommerce"}, {"woocommerce", "/webhooks/woocommerce/woocommerce-1"},
		{"magento", "/webhooks/magento/sales.order.created"}, {"magento", "/webhooks/magento/magento-1/sales.order.created"},
		{"bigcommerce", "/webhooks/bigcommerce/bigcommerce-1"},
	} {
		if status, body := w.post(c.path, w.parcel(c.platform, i).good); status != http.StatusOK {
			t.Errorf("%s answered %d %s", c.path, status, body)
		}
	}
	for path, want := range map[string]int{"/webhooks/etsy": 404, "/webhooks/shopify/shopify-1": 401, "/webhooks/": 404} {
		if response, _ := w.do(w.request("POST", path)); response.StatusCode != want {
			t.Errorf("POST %s answered %d", path, response.StatusCode)
		}
	}
	if response, _ := w.do(w.request("GET", "/webhooks/salla")); response.StatusCode != 405 {
		t.Errorf("GET of a webhook answered %d", response.StatusCode)
	}
}

func TestReplay(t *testing.T) {
	t.Parallel()
	w := quietWorld(t)
	w.accept(w.parcel("shopify", 3)) // orders/create
	w.settled(1)
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
		if response, _ := w.do(w.request("POST", "/events/1/replay", header...)); response.StatusCode != http.StatusForbidden {
			t.Errorf("another site's replay was answered %d", response.StatusCode)
		}
	}
	response, _ := w.do(w.request("POST", "/events/1/replay", "Sec-Fetch-Site", "same-origin"))
	if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != "/events/1" {
		t.Fatalf("a replay was answered %d", response.StatusCode)
	}
	w.until("the replay is done", func() bool {
		s := w.status()
		return s.Effects == effectCounts{Effects: 2, Replayed: 1} && s.Events[webhook.StateDone] == 1
	})
	if page := w.page("/events/1"); !strings.Contains(page, `id="attempt-2"`) || !strings.Contains(page, "<dd>1 time</dd>") {
		t.Errorf("the event's page lacks the second attempt:\n%s", page)
	}
	for _, path := range []string{"/events/2", "/events/x", "/events/99999999999999999999"} {
		if response, _ := w.do(w.request("GET", path)); response.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s answered %d", path, response.StatusCode)
		}
		if response, _ := w.do(w.request("POST", path+"/replay")); response.StatusCode != http.StatusNotFound {
			t.Errorf("POST %s/replay answered %d", path, response.StatusCode)
		}
	}
}

func TestFilter(t *testing.T) {
	t.Parallel()
	w := quietWorld(t)
	w.accept(w.parcel("shopify", 3))
	w.accept(w.parcel("shopify", 7)) // themes/publish, which nothing handles
	p := w.parcel("salla", 0)
	w.accept(p)
	w.accept(p)
	w.post(p.path, p.forged[0])
	w.settled(3)
	for path, want := range map[string][2]int{ // events, deliveries
		"/": {3, 5}, "/?platform=shopify": {2, 2}, "/?platform=salla": {1, 3}, "/?platform=magento": {0, 0}, "/?platform=etsy": {0, 0},
		"/?outcome=done": {2, 0}, "/?outcome=ignored": {1, 0}, "/?outcome=dead": {0, 0}, "/?outcome=waiting": {0, 0},
		"/?outcome=kept": {0, 3}, "/?outcome=duplicate": {0, 1}, "/?outcome=refused": {0, 1}, "/?outcome=refused&platform=shopify": {0, 0},
		"/?outcome=nonsense": {3, 5}, "/?after=2": {1, 0},
	} {
		page := w.page(path)
		if got := [2]int{strings.Count(page, `<li id="event-`), strings.Count(page, `<li id="arrival-`)}; got != want {
			t.Errorf("%s lists %d events and deliveries, want %d", path, got, want)
		}
	}
	if response, _ := w.do(w.request("GET", "/?after=x", "Accept", "text/html")); response.StatusCode != http.StatusBadRequest {
		t.Errorf("a strange place to go on was answered %d", response.StatusCode)
	}
}

func TestTestServersShowEverything(t *testing.T) {
	t.Parallel()
	w := start(t, nil, nil, "-rate", "40")
	w.until("everything has happened", func() bool {
		s := w.status()
		for _, outcome := range []string{outcomeKept, outcomeDuplicate, outcomeNothing, outcomeRefused} {
			if s.Deliveries[outcome] == 0 {
				return false
			}
		}
		page := w.page("/?outcome=ignored")
		return s.Events[webhook.StateRetry] > 0 && s.Events[webhook.StateDead] > 0 && strings.Contains(page, "came late") && strings.Contains(page, "nothing here handles it")
	})
	for _, p := range platforms {
		if !strings.Contains(w.page("/?outcome=done&platform="+p.name), `<li id="event-`) {
			t.Errorf("nothing of %s is done", p.name)
		}
	}
	dead := regexp.MustCompile(`id="event-(\d+)"`).FindStringSubmatch(w.page("/?outcome=dead"))
	response, _ := w.do(w.request("POST", "/replay"))
	if at := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || !regexp.MustCompile(`^/\?replayed=[1-9]`).MatchString(at) {
		t.Fatalf("the replay of all dead letters was answered %d to %q", response.StatusCode, at)
	}
	// One for a record that has changed again since is ignored in the end.
	w.until("the dead letter is settled", func() bool {
		page := w.page("/events/" + dead[1])
		return strings.Contains(page, `<span class="state done">`) || strings.Contains(page, `<span class="state ignored">`)
	})
	w.until("a dead letter has its effect", func() bool {
		_, _ = w.do(w.request("POST", "/replay"))
		return w.status().Effects.Replayed > 0
	})
	if s := w.status(); s.Effects.Twice != 0 || s.Effects.Effects < s.Events[webhook.StateDone] {
		t.Errorf("the status is %+v", s)
	}
	if err := w.stop(); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(w.log.String(), "429"); n > 0 {
		t.Errorf("the test servers sent so many forged deliveries that others were refused")
	}
}

func TestNothingSecretIsShown(t *testing.T) {
	t.Parallel()
	w := quietWorld(t)
	secrets := []string{w.env["SHOPIFY_WEBHOOK_SECRET"], w.env["SALLA_WEBHOOK_SECRET"], w.env["WOOCOMMERCE_WEBHOOK_SECRET"], w.env["MAGENTO_WEBHOOK_SECRET"], w.env["BIGCOMMERCE_CLIENT_SECRET"]}
	for _, p := range platforms {
		p := w.parcel(p.name, 0)
		for _, d := range append([]signed{p.good}, p.forged...) {
			r, err := d.Request(t.Context(), w.url+p.path)
			if err != nil {
				t.Fatal(err)
			}
			for name, values := range r.Header {
				if name := strings.ToLower(name); strings.Contains(name, "signature") || strings.Contains(name, "hmac") {
					secrets = append(secrets, values...)
				}
			}
			r.Header.Set("Authorization", "Bearer canary-1")
			r.Header.Set("X-Whatever", "canary-2")
			w.do(r)
		}
	}
	secrets = append(secrets, "canary-")
	w.settled(5)
	shown := w.page("/") + w.page("/?outcome=refused")
	for _, id := range []string{"1", "2", "3", "4", "5"} {
		shown += w.page("/events/" + id)
	}
	if err := w.stop(); err != nil {
		t.Fatal(err)
	}
	shown += w.log.String()
	files, err := filepath.Glob(w.file + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		shown += string(text)
	}
	if !strings.Contains(shown, webhook.Redacted) || len(secrets) < 20 {
		t.Fatalf("nothing was redacted, or only %d secrets are looked for", len(secrets))
	}
	for _, secret := range secrets {
		if strings.Contains(shown, secret) {
			t.Errorf("a secret or signature is on a page, in the log or in the database: %s", secret)
		}
	}
}

func TestWrongUse(t *testing.T) {
	t.Parallel()
	w := quietWorld(t)
	for name, c := range map[string]struct {
		args []string
		env  map[string]string
		want string
	}{
		"an argument":            {[]string{"now"}, nil, `unexpected argument "now"`},
		"a rate of nothing":      {[]string{"-rate", "0"}, nil, "-rate must be above 0"},
		"no number":              {[]string{"-rate", "NaN"}, nil, "-rate must be above 0"},
		"a port that is none":    {nil, map[string]string{"APP_PORT": "http!"}, "APP_PORT"},
		"a port in use":          {nil, map[string]string{"APP_PORT": w.url[strings.LastIndex(w.url, ":")+1:]}, "APP_HOST and APP_PORT"},
		"a database in use":      {[]string{"-quiet"}, map[string]string{"DATABASE_PATH": w.file}, "in use"},
		"a store without name":   {nil, map[string]string{"WOOCOMMERCE_WEBHOOK_SECRET": "canary"}, "WOOCOMMERCE_STORE_URL is empty"},
		"a key that is no key":   {[]string{"-quiet"}, map[string]string{"SOUK_KEY": "canary"}, "32"},
		"a strange scheme":       {nil, map[string]string{"MAGENTO_WEBHOOK_SECRET": "canary", "MAGENTO_STORE_URL": "https://shop.example", "MAGENTO_WEBHOOK_SCHEME": "x"}, "WebhookScheme"},
		"a key that went astray": {[]string{"-quiet"}, map[string]string{"DATABASE_PATH": orphan(t)}, "is gone"},
	} {
		env := map[string]string{"APP_PORT": "0", "DATABASE_PATH": filepath.Join(t.TempDir(), "webhooks.db")}
		for key, value := range c.env {
			env[key] = value
		}
		var out strings.Builder
		err := run(t.Context(), c.args, func(key string) string { return env[key] }, &out, &out)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
}

// orphan is a database whose key is lost.
func orphan(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "webhooks.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
