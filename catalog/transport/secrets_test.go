package transport_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// recorder keeps everything an observer is told, as text.
type recorder struct {
	mu       sync.Mutex
	text     strings.Builder
	starts   int
	attempts []transport.AttemptInfo
	ends     []transport.CallEnd
}

func (r *recorder) CallStart(ctx context.Context, c transport.CallInfo) context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.starts++
	fmt.Fprintf(&r.text, "%+v\n", c)
	return ctx
}

func (r *recorder) AttemptEnd(_ context.Context, a transport.AttemptInfo) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attempts = append(r.attempts, a)
	fmt.Fprintf(&r.text, "%+v %v\n", a, a.Err)
}

func (r *recorder) CallEnd(_ context.Context, e transport.CallEnd) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ends = append(r.ends, e)
	fmt.Fprintf(&r.text, "%+v %v\n", e, e.Err)
}

func TestNoSecretLeaves(t *testing.T) {
	t.Parallel()
	const token, key, header, query = "tok/canary+1", "ck_canary2", "hdr-canary3", "consumer_secret=cs_canary4&sig=a%20canary5"
	canaries := []string{token, url.QueryEscape(token), base64.StdEncoding.EncodeToString([]byte(token)), key, header, "cs_canary4", "canary5", "signed-canary6", "body-canary7", base64.StdEncoding.EncodeToString([]byte("ck:" + token))}
	echo := func(r *http.Request) string {
		return r.URL.String() + " " + r.Header.Get("Authorization") + r.Header.Get("X-Basic") + " body-canary7"
	}
	answers := map[string]func(*http.Request) (*http.Response, error){
		"url error": func(r *http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Get", URL: r.URL.String(), Err: errors.New("boom")}
		},
		"wrapped url error": func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("outer: %w", &url.Error{Op: "Get", URL: r.URL.String(), Err: errors.New("boom")})
		},
		"echoing error": func(r *http.Request) (*http.Response, error) { return nil, errors.New("cannot send " + echo(r)) },
		"echoing message": func(r *http.Request) (*http.Response, error) {
			return answer(422, `{"message":"bad `+echo(r)+`"}`), nil
		},
		"echoing html": func(r *http.Request) (*http.Response, error) { return answer(404, `<html>`+echo(r)), nil },
		"echoing 503":  func(r *http.Request) (*http.Response, error) { return answer(503, echo(r)), nil },
		"echoing 401":  func(r *http.Request) (*http.Response, error) { return answer(401, `{"error":"`+echo(r)+`"}`), nil },
		"redirect":     func(r *http.Request) (*http.Response, error) { return answer(302, "", "Location", r.URL.String()), nil },
		"accept":       func(r *http.Request) (*http.Response, error) { return answer(200, echo(r)), nil },
	}
	for name, f := range answers {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			synctest.Test(t, func(t *testing.T) {
				var logs bytes.Buffer
				seen := &recorder{}
				c := client(t, transport.Config{Transport: wire(f), Attempts: 2, Observer: seen,
					Logger: slog.New(slog.NewJSONHandler(&logs, &slog.HandlerOptions{Level: slog.LevelDebug}))})
				_, err := c.Do(t.Context(), &transport.Request{
					Op: "op", Method: method, URL: address(t, "https://acme.example/x?"+query), Header: http.Header{"X-Key": {header}}, Secrets: []catalog.Secret{catalog.NewSecret("body-canary7")},
					Credential: catalog.StaticCredential(catalog.Credential{AccessToken: catalog.NewSecret(token), Key: catalog.NewSecret(key)}),
					Authorize: func(r *http.Request, c catalog.Credential) error {
						r.Header.Set("Authorization", "Bearer "+c.AccessToken.Reveal())
						r.Header.Set("X-Basic", "Basic "+base64.StdEncoding.EncodeToString([]byte("ck:"+token)))
						q := r.URL.Query()
						q.Set("oauth_signature", "signed-canary6")
						r.URL.RawQuery = q.Encode()
						return nil
					}})
				shown := fmt.Sprintf("%v %+v %#v ", err, err, err) + logs.String() + seen.text.String()
				for e := err; e != nil; e = errors.Unwrap(e) {
					shown += fmt.Sprintf("%v %+v", e, e)
				}
				for _, canary := range canaries {
					if at := strings.Index(shown, canary); at >= 0 {
						t.Errorf("%s %s: %q in %q", name, method, canary, shown[max(0, at-60):at+len(canary)])
					}
				}
				if seen.starts != 1 || len(seen.ends) != 1 || len(seen.attempts) == 0 || (err == nil) != (name == "accept") {
					t.Errorf("%s: observed %d starts, %d attempts, %d ends: %v", name, seen.starts, len(seen.attempts), len(seen.ends), err)
				}
			})
		}
	}
}

func TestObserverSeesEachAttempt(t *testing.T) {
	t.Parallel()
	seen := &recorder{}
	platform := &script{answers: []func(*http.Request) (*http.Response, error){says(503, "down"), says(200, "{}")}}
	c := client(t, transport.Config{Transport: platform, Observer: seen})
	req := get(t)
	req.Cost, req.Budget = 3, bucket(t, 100, 100)
	if _, err := c.Do(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	a := seen.attempts
	if len(a) != 2 || a[0].Number != 1 || a[0].Status != 503 || a[0].Bytes != 4 || a[0].Outcome != transport.Transient ||
		a[1].Number != 2 || a[1].Status != 200 || a[1].Cost != 3 || a[1].Charged != 3 || a[1].Wait <= 0 || a[1].Host != "acme.example" {
		t.Errorf("%+v", a)
	}
	if e := seen.ends[0]; e.Attempts != 2 || e.Status != 200 || e.Err != nil || e.Duration <= 0 {
		t.Errorf("%+v", e)
	}
}
