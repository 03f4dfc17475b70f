package magentotest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// ErrChallenge is wrapped by the error of a challenge that was answered wrong.
var ErrChallenge = errors.New("magentotest: challenge failed")

// Challenge registers a webhook URL as Adobe I/O does: a GET with a challenge,
// which has to come back as plain text or as {"challenge": "..."} with 200.
func (s *Server) Challenge(ctx context.Context, webhook string) error {
	u, err := url.Parse(webhook)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrChallenge, err)
	}
	want := uuid()
	q := u.Query()
	q.Set("challenge", want)
	u.RawQuery = q.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrChallenge, err)
	}
	client := &http.Client{Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	res, err := client.Do(r)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrChallenge, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrChallenge, err)
	}
	kind := res.Header.Get("Content-Type")
	got := string(body)
	if strings.HasPrefix(kind, "application/json") {
		var v struct{ Challenge string }
		_ = json.Unmarshal(body, &v) // what cannot be read is no challenge
		got = v.Challenge
	} else if !strings.HasPrefix(kind, "text/plain") {
		return fmt.Errorf("%w: Content-Type %q", ErrChallenge, kind)
	}
	if res.StatusCode != http.StatusOK || got != want {
		return fmt.Errorf("%w: status %d, %d bytes", ErrChallenge, res.StatusCode, len(body))
	}
	return nil
}

// validations are the checks of webhooks that were not done by a challenge.
type validations struct {
	mu      sync.Mutex
	pending map[string]time.Time // by token, when it was sent
	done    map[string]bool
}

// validationWindow is how long the URL of a validation may be fetched.
const validationWindow = 5 * time.Minute

// StartValidation registers a webhook URL the other way: it posts
// {"validationUrl": ...}, which has to be answered 200, and the URL, at
// [ValidationHost], be fetched by GET within five minutes. Validated tells
// whether it was, by the token returned here.
func (s *Server) StartValidation(ctx context.Context, webhook string) (token string, err error) {
	token = key32()
	s.validations.mu.Lock()
	if s.validations.pending == nil {
		s.validations.pending, s.validations.done = map[string]time.Time{}, map[string]bool{}
	}
	s.validations.pending[token] = s.now()
	s.validations.mu.Unlock()
	w := &writer{plain: true}
	w.obj("")
	w.str("validationUrl", "https://"+ValidationHost+"/csm/registrations/validate?id="+token)
	w.end()
	r, err := newDelivery(KindIO, "validation", w.b).Request(ctx, webhook)
	if err != nil {
		return token, err
	}
	client := &http.Client{Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	res, err := client.Do(r)
	if err != nil {
		return token, fmt.Errorf("%w: %w", ErrChallenge, err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return token, fmt.Errorf("%w: status %d", ErrChallenge, res.StatusCode)
	}
	return token, nil
}

// Validated says whether the URL of a validation was fetched in time.
func (s *Server) Validated(token string) bool {
	s.validations.mu.Lock()
	defer s.validations.mu.Unlock()
	return s.validations.done[token]
}

// serveValidation answers for ValidationHost.
func (c *call) serveValidation() {
	v := &c.server.validations
	token := c.r.URL.Query().Get("id")
	v.mu.Lock()
	sent, ok := v.pending[token]
	if ok = ok && c.server.now().Sub(sent) <= validationWindow && c.r.Method == http.MethodGet; ok {
		v.done[token] = true
	}
	v.mu.Unlock()
	c.status = http.StatusOK
	c.header.Set("Content-Type", "text/plain")
	if !ok {
		c.violation("no validation waits for this request")
		c.status = http.StatusNotFound
	}
}
