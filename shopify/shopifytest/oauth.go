package shopifytest

import (
	"crypto/subtle"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	grantRefresh  = "refresh_token"
	grantClient   = "client_credentials"
	grantCode     = "authorization_code"
	grantExchange = "urn:ietf:params:oauth:grant-type:token-exchange"
	offlineToken  = "urn:shopify:params:oauth:token-type:offline-access-token"
)

// tokenAnswer is the body of a token response.
type tokenAnswer struct {
	AccessToken      string `json:"access_token"`
	Scope            string `json:"scope"`
	ExpiresIn        int64  `json:"expires_in,omitempty"`
	RefreshToken     string `json:"refresh_token,omitempty"`
	RefreshExpiresIn int64  `json:"refresh_token_expires_in,omitempty"`
}

// serveToken answers POST /admin/oauth/access_token for every grant.
func (s *Server) serveToken(w http.ResponseWriter, r *http.Request) {
	call := Call{Time: s.now(), Host: r.Host, Path: r.URL.Path, Header: redact(r.Header)}
	if r.Method != http.MethodPost {
		s.book.Violationf("%s on the token endpoint", r.Method)
		s.finish(w, r, &call, nil, result{http.StatusNotFound, []byte(`{"errors":"Not Found"}`)})
		return
	}
	in, ok := readForm(w, r)
	if !ok {
		s.book.Violationf("the token request is neither JSON nor a form")
	}
	grantType := in["grant_type"]
	if grantType == "" {
		grantType = grantCode
	}
	call.Operation = "oauth." + grantType
	if grantType == grantExchange {
		call.Operation = "oauth.token_exchange"
	}
	fault := s.fault(call.Operation)
	if fault != nil {
		call.Fault = fault.kind()
		if s.faultBefore(w, r, fault, &call) {
			return
		}
	}
	if !wait(r, s.cfg.Latency) {
		return
	}
	status, body := s.grantToken(grantType, in)
	s.finish(w, r, &call, fault, result{status, body})
}

func (s *Server) grantToken(grantType string, in map[string]string) (int, []byte) {
	refuse := func(status int, code, why string) (int, []byte) {
		body, _ := json.Marshal(map[string]string{"error": code, "error_description": why})
		return status, body
	}
	id := subtle.ConstantTimeCompare([]byte(in["client_id"]), []byte(s.cfg.ClientID))
	key := subtle.ConstantTimeCompare([]byte(in["client_secret"]), []byte(s.cfg.ClientSecret))
	if id&key != 1 {
		s.book.Violationf("the token request has the wrong client id or secret")
		return refuse(http.StatusUnauthorized, "invalid_client", "The client is unknown or its secret is wrong.")
	}
	t := s.tokens
	t.mu.Lock()
	defer t.mu.Unlock()
	switch grantType {
	case grantClient:
		if t.deny != "" {
			return refuse(http.StatusBadRequest, t.deny, "Client credentials cannot be used on this shop.")
		}
		return s.granted(t.issue(clientLifetime, false, nil))
	case grantRefresh:
		g, code := t.renew(in["refresh_token"])
		if g == nil && code == "invalid_grant" {
			return refuse(http.StatusBadRequest, code, "The refresh token has expired.")
		}
		if g == nil {
			return refuse(http.StatusUnauthorized, code, "The refresh token is not valid any more.")
		}
		return s.granted(g)
	case grantCode:
		scopes, ok := t.useCode(in["code"])
		if !ok {
			return refuse(http.StatusBadRequest, "invalid_request", "The authorization code was not found or was already used.")
		}
		return s.granted(t.acquired(in["expiring"] == "1", scopes))
	case grantExchange:
		if in["subject_token_type"] == offlineToken {
			if g := t.migrate(in["subject_token"]); g != nil {
				return s.granted(g)
			}
		}
		if in["subject_token_type"] == sessionToken && s.validSession(in["subject_token"]) {
			if in["requested_token_type"] != offlineToken {
				return refuse(http.StatusBadRequest, "invalid_request", "Only offline tokens are given out here.")
			}
			return s.granted(t.acquired(in["expiring"] == "1", s.cfg.Scopes))
		}
		return refuse(http.StatusBadRequest, "invalid_subject_token", "The subject token is not valid.")
	}
	return refuse(http.StatusBadRequest, "unsupported_grant_type", "The grant type is not supported.")
}

// granted is the answer that hands out g.
func (s *Server) granted(g *grant) (int, []byte) {
	a := tokenAnswer{AccessToken: g.token, Scope: strings.Join(g.list, ",")}
	now := s.now()
	if !g.expires.IsZero() {
		a.ExpiresIn = int64(g.expires.Sub(now).Round(time.Second).Seconds())
	}
	if g.refresh != nil {
		a.RefreshToken, a.RefreshExpiresIn = g.refresh.value, int64(g.refresh.expires.Sub(now).Round(time.Second).Seconds())
	}
	body, _ := json.Marshal(a)
	return http.StatusOK, body
}

// readForm reads a flat JSON object or a form.
func readForm(w http.ResponseWriter, r *http.Request) (map[string]string, bool) {
	out := map[string]string{}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		return out, false
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		var in map[string]any
		if json.Unmarshal(body, &in) != nil {
			return out, false
		}
		for k, v := range in {
			switch v := v.(type) {
			case string:
				out[k] = v
			case bool:
				out[k] = map[bool]string{true: "1", false: "0"}[v]
			case float64:
				out[k] = map[bool]string{true: "1", false: "0"}[v == 1]
			}
		}
		return out, true
	case "application/x-www-form-urlencoded":
		in, err := url.ParseQuery(string(body))
		for k := range in {
			out[k] = in.Get(k)
		}
		return out, err == nil
	}
	return out, false
}

// serveScopes answers GET /admin/oauth/access_scopes.json.
func (s *Server) serveScopes(w http.ResponseWriter, r *http.Request) {
	call := Call{Time: s.now(), Host: r.Host, Path: r.URL.Path, Operation: "oauth.scopes", Header: redact(r.Header)}
	g := s.tokens.authorize(r.Header.Get("X-Shopify-Access-Token"))
	if g == nil {
		s.finish(w, r, &call, nil, result{http.StatusUnauthorized,
			[]byte(`{"errors":"[API] Invalid API key or access token (unrecognized login or wrong password)"}`)})
		return
	}
	type handle struct {
		Handle string `json:"handle"`
	}
	list := make([]handle, len(g.list))
	for i, s := range g.list {
		list[i] = handle{s}
	}
	body, _ := json.Marshal(map[string]any{"access_scopes": list})
	s.finish(w, r, &call, nil, result{http.StatusOK, body})
}
