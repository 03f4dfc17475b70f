package salla_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/salla"
)

// constant answers everything in the same way.
type constant struct {
	status int
	body   []byte
}

func (c constant) RoundTrip(r *http.Request) (*http.Response, error) {
	return reply(r, c.status, c.body), nil
}

// refusals are the named errors, with what they are to become.
var refusals = map[string]struct {
	kind   catalog.Kind
	code   string
	fields []string
}{
	"401_deleted_user":  {catalog.ErrReauthorize, "Unauthorized", nil},
	"401_inactive_user": {catalog.ErrReauthorize, "Unauthorized", nil},
	"401_scope":         {catalog.ErrForbidden, "Unauthorized", nil},
	// A static token cannot be refreshed.
	"401_invalid_token": {catalog.ErrReauthorize, "Unauthorized", nil},
	"404_a":             {catalog.ErrNotFound, "404", nil},
	"404_b":             {catalog.ErrNotFound, "error", nil},
	"422_a":             {catalog.ErrInvalid, "error", []string{"first_name"}},
	"422_b":             {catalog.ErrInvalid, "validation_failed", []string{"{field-name}"}},
	"422_actions":       {catalog.ErrInvalid, "error", []string{"actions", "actions"}},
}

func fieldsOf(e *catalog.Error) []string {
	var names []string
	for _, f := range e.Fields {
		names = append(names, f.Field)
	}
	return names
}

func TestErrorSamples(t *testing.T) {
	t.Parallel()
	for name, body := range samples(t)["_errors"].members {
		text, _, _ := strings.Cut(name, "_")
		status, err := strconv.Atoi(text)
		if err != nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			e := open(t, constant{status, body}, "a token")
			want, refused := refusals[name]
			if !refused {
				got, err := e.Do(t.Context(), catalog.RESTRequest{Method: http.MethodDelete, Path: "/products/1"})
				if err != nil || got.Status != status || !bytes.Equal(got.Body, body) {
					t.Errorf("%d %s, %v", got.Status, got.Body, err)
				}
				return
			}
			_, err := e.Product(t.Context(), "1")
			got, ok := errors.AsType[*catalog.Error](err)
			if !ok || got.Kind != want.kind || got.Status != status || !slices.Equal(fieldsOf(got), want.fields) {
				t.Fatalf("%+v", err)
			}
			message := parse(t, body).text(t, "error.message")
			if name != "401_invalid_token" && (got.Code != want.code || got.Message != message) {
				t.Errorf("%s %q, want %s %q", got.Code, got.Message, want.code, message)
			}
		})
	}
}

// TestTokenSamples reads the answers of the accounts host.
func TestTokenSamples(t *testing.T) {
	t.Parallel()
	all := samples(t)["_oauth"].members
	app := func(t testing.TB, through http.RoundTripper) *salla.Adapter {
		return adapter(t, through, salla.Config{ClientID: "an app", ClientSecret: catalog.NewSecret("its secret"), Attempts: 1})
	}
	for name, lifetime := range map[string]time.Duration{"token_exchange_200": 1209599 * time.Second, "token_refresh_200": 1209599 * time.Second,
		"token_exchange_200_agent_kit_variant": 0} {
		t.Run(name, func(t *testing.T) {
			sample := parse(t, all[name])
			grant, err := app(t, script{"/oauth2/token": all[name], "/oauth2/user/info": all["user_info_200"]}).
				Exchange(t.Context(), "a code", "https://host.example.com/callback")
			refreshed, err2 := app(t, script{"/oauth2/token": all[name]}).
				RefreshCredential(t.Context(), catalog.Account{Store: merchant}, catalog.Credential{RefreshToken: catalog.NewSecret("the last one")})
			if err != nil || err2 != nil || grant.Store != parse(t, all["user_info_200"]).text(t, "data.merchant.id") {
				t.Fatalf("store %s, %v, %v", grant.Store, err, err2)
			}
			for _, c := range []catalog.Credential{grant.Credential, refreshed} {
				if c.AccessToken.Reveal() != sample.text(t, "access_token") || c.RefreshToken.Reveal() != sample.text(t, "refresh_token") ||
					strings.Join(c.Scopes, " ") != sample.text(t, "scope") {
					t.Errorf("the credential with %v is not the sample's", c.Scopes)
				}
				if lifetime == 0 {
					if got := itoa(c.ExpiresAt.Unix()); got != sample.text(t, "expires") {
						t.Errorf("it expires at %s", got)
					}
				} else if left := time.Until(c.ExpiresAt); left > lifetime || left < lifetime-time.Hour {
					t.Errorf("it expires in %s", left)
				}
			}
		})
	}
	t.Run("refresh_reuse_401", func(t *testing.T) {
		_, err := app(t, constant{401, all["refresh_reuse_401"]}).
			RefreshCredential(t.Context(), catalog.Account{Store: merchant}, catalog.Credential{RefreshToken: catalog.NewSecret("the last one")})
		got, ok := errors.AsType[*catalog.Error](err)
		if !ok || got.Kind != catalog.ErrReauthorize || got.Code != "invalid_grant" {
			t.Errorf("%v", err)
		}
	})
}

// TestEveryAnswerIsHandedThrough makes the host's own call of every file: an
// answer comes back to the byte, a refusal as an error with its fields.
func TestEveryAnswerIsHandedThrough(t *testing.T) {
	t.Parallel()
	answered, refused := 0, 0
	for name, s := range samples(t) {
		for code := range s.Responses {
			status, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(code, "x-"), ":With translations"))
			if err != nil {
				t.Errorf("%s has the status %s", name, code)
				continue
			}
			for example, body := range s.answers(t, code) {
				if !json.Valid(body) || body[0] != '{' {
					continue // an example that was no JSON on the page
				}
				what := fmt.Sprint(name, " ", code, " ", example)
				path, _, _ := strings.Cut(argument.ReplaceAllString(s.Path, "1"), "?")
				got, err := open(t, constant{status, body}, "a token").Do(t.Context(), catalog.RESTRequest{Method: s.Method, Path: path})
				// One example of a 200 is an error inside.
				if status < 300 && parse(t, body).text(t, "success") != "false" {
					answered++
					if err != nil || got.Status != status || !bytes.Equal(got.Body, body) {
						t.Errorf("%s: %d, %v", what, got.Status, err)
					}
					continue
				}
				refused++
				e, ok := errors.AsType[*catalog.Error](err)
				kinds := map[string]catalog.Kind{"401": catalog.ErrForbidden, "404": catalog.ErrNotFound, "422": catalog.ErrInvalid}
				if !ok || e.Status != status || e.Kind != kinds[parse(t, body).text(t, "status")] || e.Message == "" {
					t.Errorf("%s: %v", what, err)
					continue
				}
				var complaint struct {
					Error struct{ Fields map[string]json.RawMessage }
				}
				if json.Unmarshal(body, &complaint) == nil && len(complaint.Error.Fields) > len(e.Fields) {
					t.Errorf("%s: the fields %v of %s", what, e.Fields, body)
				}
			}
		}
	}
	specs.Report(t, "salla answers of all samples handed through native calls: %d to the byte, %d refusals as errors", answered, refused)
}
