// Package stalltest runs a made-up stall inside the process, as PLATFORM.md
// describes it.
//
//	server := stalltest.New(stalltest.Config{})
//	server.Seed(stalltest.Products, 40)
//	app, err := stall.New(stall.Config{Transport: server})
//
// It is written from that page and shares no code with the adapter, so that it
// cannot share the adapter's mistakes.
package stalltest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// Config describes a server. The zero value is good.
type Config struct {
	Stall        string           // "" = brass-lamp
	Token        string           // the access token; "" = stall-token-0123456789
	RefreshToken string           // "" = stall-refresh-0123456789
	Clock        func() time.Time // of change times; nil = time.Now
	// Size and PerSecond are the credit; 0 = 40 and 20.
	Size, PerSecond float64
}

// Server is one stall. It is an http.RoundTripper for the adapter and an
// http.Handler for a listener. It is safe for concurrent use.
type Server struct {
	config Config

	mu      sync.Mutex
	records map[Kind][]Record // by rising id
	lastID  int64
	token   string
	level   float64
	filled  time.Time
	ledger  Ledger
}

// New makes an empty stall.
func New(config Config) *Server {
	config.Stall = cmp.Or(config.Stall, "brass-lamp")
	config.Token = cmp.Or(config.Token, "stall-token-0123456789")
	config.RefreshToken = cmp.Or(config.RefreshToken, "stall-refresh-0123456789")
	if config.Clock == nil {
		config.Clock = time.Now
	}
	if config.Size == 0 {
		config.Size, config.PerSecond = 40, 20
	}
	return &Server{config: config, records: map[Kind][]Record{}, token: config.Token, level: config.Size, filled: time.Now(), lastID: 1 << 40}
}

// Expire ends the life of the access token: the next one is to be asked for.
func (s *Server) Expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = fmt.Sprintf("%s-%d", s.config.Token, time.Now().UnixNano())
}

// RoundTrip implements http.RoundTripper without a socket.
func (s *Server) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	if s.ServeHTTP(w, r); r.Body != nil {
		r.Body.Close()
	}
	resp := w.Result()
	resp.Request = r
	return resp, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	status, answer := s.answer(w.Header(), r)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // a caller who is gone is no concern
}

func fault(status int, code, text string) (int, any) {
	return status, map[string]any{"fault": map[string]any{"code": code, "text": text}}
}

func (s *Server) answer(h http.Header, r *http.Request) (int, any) {
	path, ok := strings.CutPrefix(r.URL.Path, "/v1/")
	switch {
	case !ok || r.URL.Host != "" && r.URL.Host != s.config.Stall+".stall.example":
		return fault(404, "no_such_address", "there is nothing here")
	case path == "token" && r.Method == http.MethodPost:
		return s.renew(r)
	case !s.pay(h):
		return fault(429, "no_credit", "wait for credit")
	case r.Header.Get("Stall-Token") != s.token:
		return fault(401, "token_dead", "the access token is not valid")
	case r.Method != http.MethodGet:
		return fault(405, "method", "only GET is served")
	case path == "stall":
		return 200, Record{"name": s.config.Stall, "title": "The Brass Lamp", "currency": "SAR", "created": 1_700_000_000}
	}
	name, id, single := strings.Cut(path, "/")
	kind := Kind(name)
	if !slices.Contains(Kinds, kind) {
		return fault(404, "no_such_address", "there is nothing here")
	}
	if !single {
		return s.list(kind, r.URL.Query())
	}
	if id == "count" {
		return 200, map[string]int{"count": len(s.records[kind])}
	}
	if i := s.find(kind, id); i >= 0 {
		return 200, s.records[kind][i]
	}
	return fault(404, "no_such_record", "there is no such record")
}

// renew answers a refresh token with the access token.
func (s *Server) renew(r *http.Request) (int, any) {
	var request map[string]string
	if json.NewDecoder(r.Body).Decode(&request) != nil || request["refresh_token"] != s.config.RefreshToken {
		return fault(400, "refresh_token_dead", "the refresh token is not valid")
	}
	return 200, map[string]any{"access_token": s.token, "expires_in": 3600}
}
