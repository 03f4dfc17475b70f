package serverkit_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

func TestLoopbackKeepsTheGenuineURL(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved" {
			w.Header().Set("Location", "/orders")
			w.WriteHeader(http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, r.Host+r.URL.Path)
	}))
	t.Cleanup(server.Close)
	wire := serverkit.NewLoopback(server.Listener.Addr().String())
	t.Cleanup(wire.CloseIdleConnections)
	for _, path := range []string{"/orders", "/moved"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://shop.example"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := (&http.Client{Transport: wire}).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || string(body) != "shop.example/orders" {
			t.Errorf("%s: the server saw %s, %v", path, body, err)
		}
		if at := res.Request.URL.String(); at != "https://shop.example/orders" {
			t.Errorf("%s: the answer is of %s", path, at)
		}
	}
}
