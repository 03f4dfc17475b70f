package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/soukhq/souk/catalog"
)

const (
	syncEvery   = 15 * time.Minute
	maxDelivery = 4 << 20
	pageSize    = 50
	maxPage     = 500
)

// serve syncs on a schedule, takes webhooks, and serves the table until ctx ends.
// It serves this machine alone, unless APP_HOST says otherwise: customers' data
// is behind no password here.
func serve(ctx context.Context, s *syncer, getenv func(string) string, stdout io.Writer, logger *slog.Logger) error {
	at := net.JoinHostPort(cmp.Or(getenv("APP_HOST"), "127.0.0.1"), cmp.Or(getenv("APP_PORT"), "8050"))
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", at)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: s.handler(logger), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute}
	ended := make(chan struct{})
	work, stop := context.WithCancel(ctx)
	go func() {
		defer close(ended)
		s.keep(work, logger)
	}()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	fmt.Fprintf(stdout, "http://%s/users, /users/{id} and /stats; webhooks go to /webhooks/salla\n", listener.Addr())
	select {
	case <-ctx.Done():
	case err = <-served:
	}
	stop()
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	err = errors.Join(err, server.Shutdown(ending))
	<-ended
	return err
}

func (s *syncer) keep(ctx context.Context, logger *slog.Logger) {
	ticker := time.NewTicker(syncEvery)
	defer ticker.Stop()
	for {
		n, err := s.sync(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			logger.Warn("sync", "customers", n, "error", err.Error())
		default:
			logger.Info("sync", "customers", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (s *syncer) handler(logger *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	answer := func(f func(r *http.Request) (any, error)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			v, err := f(r)
			if err != nil {
				logger.Warn("a request failed", "path", r.URL.Path, "error", err.Error())
				http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
				return
			}
			if v == nil {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(v)
		}
	}
	mux.HandleFunc("GET /users", answer(func(r *http.Request) (any, error) {
		limit, err := strconv.Atoi(r.FormValue("limit"))
		if err != nil || limit < 1 {
			limit = pageSize
		}
		list, err := s.users.list(r.Context(), "", r.FormValue("after"), min(limit, maxPage))
		return map[string]any{"users": list}, err
	}))
	mux.HandleFunc("GET /users/{id}", answer(func(r *http.Request) (any, error) {
		list, err := s.users.list(r.Context(), r.PathValue("id"), "", 1)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		return list[0], nil
	}))
	mux.HandleFunc("GET /stats", answer(func(r *http.Request) (any, error) {
		n, err := s.users.count(r.Context())
		return map[string]int{"users": n}, err
	}))
	mux.HandleFunc("POST /webhooks/salla", func(w http.ResponseWriter, r *http.Request) { s.receive(w, r, logger) })
	return mux
}

// receive answers a webhook once the table has what it reports. What fails comes
// again, and what is lost the next sync finds.
func (s *syncer) receive(w http.ResponseWriter, r *http.Request, logger *slog.Logger) {
	if s.store.verifier == nil {
		http.NotFound(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDelivery))
	if err != nil {
		http.Error(w, "the body is too long or was cut", http.StatusRequestEntityTooLarge)
		return
	}
	verdict, err := s.store.verifier.Verify(r.Context(), catalog.Delivery{Method: r.Method, URL: r.URL, Header: r.Header, Body: body, ReceivedAt: time.Now()})
	for i := 0; err == nil && i < len(verdict.Events); i++ {
		err = s.event(r.Context(), verdict.Events[i])
	}
	switch {
	case err == nil:
		w.WriteHeader(cmp.Or(verdict.Reply.Status, http.StatusOK))
		_, _ = w.Write(verdict.Reply.Body)
	case errors.Is(err, catalog.ErrUnauthorized) && len(verdict.Events) == 0:
		logger.Warn("a webhook proves nothing", "error", err.Error())
		http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
	default:
		logger.Warn("a webhook was not taken", "error", err.Error())
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
	}
}
