package catalog_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
)

const canary = "canary-7f3a/Q+x"

// leaks reports the form in which text shows the canary.
func leaks(text string) string {
	quoted, _ := json.Marshal(canary)
	for form, shown := range map[string]string{
		"plain": canary, "hexadecimal": hex.EncodeToString([]byte(canary)), "base64": base64.StdEncoding.EncodeToString([]byte(canary)),
		"escaped": url.QueryEscape(canary), "JSON": strings.Trim(string(quoted), `"`),
		"bytes": strings.Trim(fmt.Sprint([]byte(canary)), "[]"),
	} {
		if strings.Contains(strings.ToLower(text), strings.ToLower(shown)) {
			return form
		}
	}
	return ""
}

type hidden struct {
	name   string
	secret catalog.Secret
}

type nested struct {
	inner *hidden
	list  []catalog.Secret
	Open  catalog.Secret
}

// secretHolders are the places a secret may lie in when somebody prints them.
func secretHolders() map[string]any {
	s := catalog.NewSecret(canary)
	c := catalog.Credential{AccessToken: s, RefreshToken: s, Key: s, Secret: s, TokenSecret: s, Scopes: []string{"read"}}
	return map[string]any{
		"secret":            s,
		"pointer":           &s,
		"slice":             []catalog.Secret{s, s},
		"slice of pointers": []*catalog.Secret{&s},
		"array":             [1]catalog.Secret{s},
		"map":               map[string]catalog.Secret{"token": s},
		"map key":           map[catalog.Secret]int{s: 1},
		"any":               []any{s, &s},
		"unexported field":  hidden{"n", s},
		"pointer to struct": &hidden{"n", s},
		"nested":            nested{&hidden{"n", s}, []catalog.Secret{s}, s},
		"reflect value":     reflect.ValueOf(hidden{"n", s}),
		"credential":        c,
		"credential ptr":    &c,
		"stored credential": catalog.StoredCredential{Credential: c, Version: 3},
		"verdict":           catalog.Verdict{Grants: []catalog.Grant{{Store: "1", Credential: c}}},
		"verifier config":   catalog.VerifierConfig{Secrets: []catalog.Secret{s}},
		"source":            catalog.StaticCredential(c),
		"token source":      catalog.StaticToken(canary),
		"error with args":   fmt.Errorf("token %v %s %q: %w", s, s, s, errors.New("refused")),
		"error":             &catalog.Error{Op: "test", Message: fmt.Sprint(s), Err: fmt.Errorf("credential %+v", c)},
	}
}

func TestSecretIsNeverFormatted(t *testing.T) {
	t.Parallel()
	for name, v := range secretHolders() {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%t", "%T", "%p", "%10v", "%.3s", "%!", "%w"} {
			if form := leaks(fmt.Sprintf(verb, v)); form != "" {
				t.Errorf("%s printed with %s shows the secret (%s)", name, verb, form)
			}
		}
		if form := leaks(fmt.Sprint(v) + fmt.Sprintln(v)); form != "" {
			t.Errorf("%s printed shows the secret (%s)", name, form)
		}
	}
}

func TestSecretIsNeverLogged(t *testing.T) {
	t.Parallel()
	for name, v := range secretHolders() {
		var out bytes.Buffer
		for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
			logger := slog.New(h).With("bound", v)
			logger.Info(fmt.Sprint(v), "value", v, slog.Group("group", "value", v))
		}
		if form := leaks(out.String()); form != "" {
			t.Errorf("a log of %s shows the secret (%s)", name, form)
		}
		if out.Len() == 0 {
			t.Error("nothing was logged")
		}
	}
}

func TestSecretIsNeverEncoded(t *testing.T) {
	t.Parallel()
	for name, v := range secretHolders() {
		if _, isError := v.(error); isError {
			continue // errors have no JSON of their own
		}
		text, err := json.Marshal(v)
		if form := leaks(string(text)); form != "" {
			t.Errorf("the JSON of %s shows the secret (%s), %v", name, form, err)
		}
	}
	var back catalog.Secret
	if err := json.Unmarshal([]byte(`"REDACTED"`), &back); err == nil || !back.IsZero() {
		t.Error("a redacted secret was read back as if it were one")
	}
	if err := json.Unmarshal([]byte(`"from a configuration"`), &back); err != nil || back.Reveal() != "from a configuration" {
		t.Errorf("a secret of a configuration: %v", err)
	}
}

func TestSecretShows(t *testing.T) {
	t.Parallel()
	s, none := catalog.NewSecret(canary), catalog.NewSecret("")
	for verb, want := range map[string]string{"%v": "REDACTED", "%s": "REDACTED", "%q": "REDACTED", "%#v": "REDACTED", "%x": "REDACTED"} {
		if got := fmt.Sprintf(verb, s); got != want {
			t.Errorf("%s gives %q, want %q", verb, got, want)
		}
		if got := fmt.Sprintf(verb, none); got != "" {
			t.Errorf("%s of no secret gives %q, want nothing", verb, got)
		}
	}
	if s.Reveal() != canary || none.Reveal() != "" || s.IsZero() || !none.IsZero() || none != (catalog.Secret{}) {
		t.Error("Reveal or IsZero is wrong")
	}
	text, err := json.Marshal(struct {
		A catalog.Secret `json:"a"`
		B catalog.Secret `json:"b,omitzero"`
	}{A: s})
	if err != nil || string(text) != `{"a":"REDACTED"}` {
		t.Errorf("JSON is %s, %v", text, err)
	}
}

func TestSecretEqual(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		a, b string
		want bool
	}{
		"same value":  {"abc", "abc", true},
		"other value": {"abc", "abd", false},
		"prefix":      {"abc", "ab", false},
		"one absent":  {"abc", "", false},
		"both absent": {"", "", true},
	} {
		if got := catalog.NewSecret(c.a).Equal(catalog.NewSecret(c.b)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
