package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestThePageIsForTheOperator(t *testing.T) {
	t.Parallel()
	w := quietWorld(t)
	w.accept(w.parcel("shopify", 3))
	ask := func(w *world, method, path, host, accept string) (*http.Response, string) {
		r := w.request(method, path, "Accept", accept)
		r.Host = host
		return w.do(r)
	}
	for _, host := range []string{"shop.ngrok.app", "evil.example:8050", "192.168.1.7:8050", "localhost.evil.example"} {
		for path, method := range map[string]string{"/": "GET", "/events/1": "GET", "/live": "GET", "/docs": "GET", "/openapi.json": "GET", "/assets/style.css": "GET", "/events/1/replay": "POST", "/replay": "POST"} {
			if response, body := ask(w, method, path, host, "text/html"); response.StatusCode != http.StatusForbidden || strings.Contains(body, "orders/create") {
				t.Errorf("%s %s at %s was answered %d", method, path, host, response.StatusCode)
			}
		}
		if response, body := ask(w, "GET", "/", host, "*/*"); response.StatusCode != http.StatusOK || body != `{"status":"running"}`+"\n" {
			t.Errorf("the status at %s is %d %s", host, response.StatusCode, body)
		}
		r, err := w.parcel("shopify", 4).good.Request(t.Context(), w.url+"/webhooks/shopify")
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		if response, _ := w.do(r); response.StatusCode != http.StatusOK {
			t.Errorf("a delivery to %s was answered %d", host, response.StatusCode)
		}
	}
	for _, host := range []string{"localhost", "localhost:8050", "127.0.0.1:1", "[::1]:8050"} {
		if response, _ := ask(w, "GET", "/", host, "text/html"); response.StatusCode != http.StatusOK {
			t.Errorf("the page at %s was answered %d", host, response.StatusCode)
		}
	}
	for _, path := range []string{"/", "/events/1", "/docs", "/assets/live.js"} {
		response, _ := w.do(w.request("GET", path, "Accept", "text/html"))
		policy := response.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || response.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("GET %s has the policy %q", path, policy)
		}
	}
	if page := w.page("/") + w.page("/events/1"); strings.Contains(page, "<style") || strings.Contains(page, "style=") || strings.Contains(page, "onclick") || strings.Contains(page, "<script>") {
		t.Error("a page has what its policy forbids")
	}

	env := map[string]string{"APP_PASSWORD": "canary-password", "SHOPIFY_WEBHOOK_SECRET": "s"}
	w = start(t, nil, env, "-quiet")
	for password, want := range map[string]int{"": 401, "canary": 401, "canary-password": 200} {
		r := w.request("GET", "/", "Accept", "text/html")
		r.Host = "hooks.example.com"
		r.SetBasicAuth("anyone", password)
		response, body := w.do(r)
		if response.StatusCode != want || strings.Contains(body, "canary-password") || (want == 401) != (response.Header.Get("WWW-Authenticate") != "") {
			t.Errorf("with the password %q the page was answered %d", password, response.StatusCode)
		}
	}
	if response, _ := w.do(w.request("GET", "/", "Accept", "text/html")); response.StatusCode != 401 {
		t.Errorf("without a password the page was answered %d", response.StatusCode)
	}
}

func TestWhatStrangersWriteIsText(t *testing.T) {
	t.Parallel()
	w := quietWorld(t)
	const attack = `<script>alert(1)</script><img src=x onerror=alert(1)>`
	r := w.request("POST", "/webhooks/shopify/x%22%3E%3Cscript%3E", "X-Shopify-Topic", attack, "User-Agent", attack)
	if response, _ := w.do(r); response.StatusCode != http.StatusUnauthorized {
		t.Fatalf("answered %d", response.StatusCode)
	}
	server := w.shops["shopify"].send.(*shopifySender).server
	d := server.Webhook(attack, []byte(`{"id":1,"title":"`+attack+`"}`)).With("User-Agent", attack)
	if status, _ := w.post("/webhooks/shopify", d); status != http.StatusOK {
		t.Fatalf("answered %d", status)
	}
	w.settled(1)
	pages := w.page("/") + w.page("/events/1")
	if strings.Contains(pages, "<script>") || strings.Contains(pages, "<img") {
		t.Error("a page holds what a stranger wrote as it is")
	}
	if strings.Count(pages, "&lt;script&gt;alert(1)") < 4 {
		t.Error("a page does not show what a stranger wrote")
	}
}
