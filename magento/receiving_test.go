package magento_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

// receiving is the least of a webhook's receiver.
type receiving struct{ v catalog.WebhookVerifier }

func (r *receiving) start(t *testing.T) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(io.LimitReader(req.Body, 1<<20))
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		verdict, err := r.v.Verify(req.Context(), catalog.Delivery{Method: req.Method, URL: req.URL, Header: req.Header, Body: body, ReceivedAt: time.Now()})
		if err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		for name, values := range verdict.Reply.Header {
			w.Header()[name] = values
		}
		_, _ = w.Write(verdict.Reply.Body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}
