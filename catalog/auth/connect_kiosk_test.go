package auth_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

const (
	kioskStore  = "https://acme.example"
	kioskOther  = "https://other.example"
	kioskSecret = "kiosk-canary-secret-5f1c"
)

// kiosk is a platform with a flow of every shape. Its codes and keys are
// "good-" and the store.
type kiosk struct {
	dead bool // the store refuses its credential
}

func (*kiosk) Platform() string           { return "kiosk" }
func (*kiosk) Features() catalog.Features { return catalog.Features{} }

func (*kiosk) CanonicalStore(store string) (string, error) {
	if !regexp.MustCompile(`^https://[a-z.]+$`).MatchString(store) {
		return "", &catalog.Error{Platform: "kiosk", Kind: catalog.ErrInvalid, Message: "no store", Hint: "Enter the store's address."}
	}
	return store, nil
}

func (*kiosk) Verifier(catalog.VerifierConfig) (catalog.WebhookVerifier, error) {
	return nil, errors.ErrUnsupported
}

type kioskEngine struct {
	catalog.Engine
	platform *kiosk
}

func (e kioskEngine) Shop(context.Context) (catalog.Shop, error) {
	if e.platform.dead {
		return catalog.Shop{}, &catalog.Error{Platform: "kiosk", Kind: catalog.ErrUnauthorized}
	}
	return catalog.Shop{}, nil
}

func (k *kiosk) Open(catalog.Account, catalog.CredentialSource) (catalog.Engine, error) {
	return kioskEngine{platform: k}, nil
}

// trade gives the credential of a code.
func (k *kiosk) trade(code string) (auth.Outcome, error) {
	store, ok := strings.CutPrefix(code, "good-")
	if !ok {
		return auth.Outcome{}, &catalog.Error{Platform: "kiosk", Op: "exchange", Kind: catalog.ErrReauthorize, Message: "refused"}
	}
	return auth.Outcome{Grant: &auth.Grant{Grant: catalog.Grant{Store: store, Credential: catalog.Credential{AccessToken: catalog.NewSecret(kioskSecret)}},
		Return: store + "/admin/done"}}, nil
}

func (k *kiosk) ConnectPlan() auth.Plan {
	leave := func(route string) func(context.Context, auth.Step) (auth.Outcome, error) {
		return func(_ context.Context, s auth.Step) (auth.Outcome, error) {
			q := url.Values{"state": {s.State}, "back": {s.URL("callback")}, "keys": {s.StateURL(route)}, "return": {s.StateURL("keyed")}}
			return auth.Outcome{Redirect: "https://consent.example/?" + q.Encode()}, nil
		}
	}
	return auth.Plan{Title: "Kiosk", FrameAncestors: []string{"https://admin.example"},
		Methods: []auth.Method{
			{Name: "consent", Title: "Consent", Consent: true, Begin: leave("callback")},
			{Name: "keys", Title: "Keys", Consent: true, Begin: leave("keys")},
			{Name: "handshake", Title: "Handshake", Lifetime: 30 * time.Minute, Begin: func(_ context.Context, s auth.Step) (auth.Outcome, error) {
				return auth.Outcome{Instructions: &auth.Instructions{Title: "Go to the admin", Values: []auth.Value{{Label: "Callback", Text: s.StateURL("keys")}, {Label: "Identity", Text: s.StateURL("keyed")}}}}, nil
			}},
			{Name: "enter", Title: "Enter", Fields: []auth.Field{{Name: "code", Label: "Key", Secret: true}, {Name: "size", Label: "Size", Optional: true, Options: []string{"s", "m"}}},
				Begin: func(_ context.Context, s auth.Step) (auth.Outcome, error) { return k.trade(s.Fields["code"]) }},
			{Name: "all", Title: "All", Operator: true, Begin: func(context.Context, auth.Step) (auth.Outcome, error) { return k.trade("good-" + kioskStore) }},
		},
		Routes: []auth.Route{
			{Name: "callback", State: "state", Handle: func(_ context.Context, s auth.Step) (auth.Outcome, error) {
				out, err := k.trade(s.Query.Get("code"))
				if err == nil && s.Query.Get("stay") != "" {
					out.Grant.Return = s.Query.Get("stay")
				} else if err == nil {
					out.Grant.Return = ""
				}
				return out, err
			}},
			{Name: "keys", Method: http.MethodPost, State: "state", Server: true, Handle: func(_ context.Context, s auth.Step) (auth.Outcome, error) {
				if !strings.HasPrefix(string(s.Body), "good-") {
					return auth.Outcome{}, &catalog.Error{Platform: "kiosk", Kind: catalog.ErrUnauthorized, Message: "the key does not work"}
				}
				return auth.Outcome{Memory: catalog.NewSecret(string(s.Body))}, nil
			}},
			{Name: "keyed", State: "state", Handle: func(_ context.Context, s auth.Step) (auth.Outcome, error) {
				out, err := k.trade(s.Memory.Reveal())
				if err == nil {
					out.Grant.Return = ""
				}
				return out, err
			}},
			{Name: "auth", Handle: func(_ context.Context, s auth.Step) (auth.Outcome, error) {
				out, err := k.trade(s.Query.Get("code"))
				if err == nil && s.Query.Has("plain") {
					out.Grant.Return = ""
				}
				return out, err
			}},
			{Name: "load", Handle: func(_ context.Context, s auth.Step) (auth.Outcome, error) {
				var c struct{ Sub string }
				claims, err := auth.JWT{Secrets: []catalog.Secret{catalog.NewSecret(kioskSecret)}, Audience: "app"}.Verify(s.Query.Get("jwt"), s.Received)
				if err != nil {
					return auth.Outcome{}, err
				}
				_ = json.Unmarshal(claims.Raw, &c) // it was read before
				return auth.Outcome{Visit: &auth.Visit{Store: c.Sub, User: "7"}}, nil
			}},
			{Name: "uninstall", Server: true, Handle: func(_ context.Context, s auth.Step) (auth.Outcome, error) {
				claims, err := auth.JWT{Secrets: []catalog.Secret{catalog.NewSecret(kioskSecret)}, Audience: "app"}.Verify(s.Query.Get("jwt"), s.Received)
				if err != nil {
					return auth.Outcome{}, err
				}
				return auth.Outcome{Event: &catalog.Event{Store: claims.Subject, Topic: "uninstall", Kind: catalog.EventAppUninstalled, OccurredAt: claims.IssuedAt}}, nil
			}},
		},
	}
}

var _ auth.Connector = (*kiosk)(nil)

// sent reads what the consent page was told.
func kioskSent(t *testing.T, location string) url.Values {
	t.Helper()
	u, err := url.Parse(location)
	if err != nil || u.Host != "consent.example" {
		t.Fatalf("sent to %q", location)
	}
	return u.Query()
}
