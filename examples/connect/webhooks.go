package main

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"time"

	"github.com/soukhq/souk/catalog"
)

// maxDelivery bounds the body of a webhook.
const maxDelivery = 4 << 20

// receive takes a platform's webhooks: credentials that arrive by themselves,
// and the news that an app was removed. A service that acts on orders and
// products needs more, which is package webhook's.
func (h *host) receive(w http.ResponseWriter, r *http.Request) {
	platform := r.PathValue("platform")
	verifier := h.verifiers[platform]
	if verifier == nil {
		http.NotFound(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDelivery))
	if err != nil {
		http.Error(w, "the body is too long or was cut", http.StatusRequestEntityTooLarge)
		return
	}
	// Nothing in it is believed before the signature over its bytes is checked.
	verdict, err := verifier.Verify(r.Context(), catalog.Delivery{Method: r.Method, URL: r.URL, Header: r.Header, Body: body, ReceivedAt: time.Now()})
	// The platform counts a success as taken, so everything is stored first; what
	// fails makes it send again, which does no harm.
	for i := 0; err == nil && i < len(verdict.Grants); i++ {
		_, err = h.life.Grant(r.Context(), platform, verdict.Grants[i])
	}
	for i := 0; err == nil && i < len(verdict.Events); i++ {
		err = h.life.Event(r.Context(), verdict.Events[i])
	}
	if err != nil {
		status := http.StatusServiceUnavailable
		switch {
		case errors.Is(err, catalog.ErrUnauthorized):
			status = http.StatusUnauthorized
		case errors.Is(err, catalog.ErrBadAnswer):
			status = http.StatusBadRequest
		}
		h.logger.Warn("a webhook was not taken", "platform", platform, "error", err.Error())
		http.Error(w, http.StatusText(status), status) // the sender is told no more
		return
	}
	maps.Copy(w.Header(), verdict.Reply.Header)
	if verdict.Reply.Status != 0 {
		w.WriteHeader(verdict.Reply.Status)
	}
	_, _ = w.Write(verdict.Reply.Body)
}
