package auth_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

var jwtNow = time.Unix(1_700_000_000, 0)

func jwtKit(secrets ...string) auth.JWT {
	j := auth.JWT{Audience: "app", Issuer: "bc", Leeway: time.Minute}
	for _, s := range secrets {
		j.Secrets = append(j.Secrets, catalog.NewSecret(s))
	}
	return j
}

// jwtClaims are good ones, with changes; nil takes one away.
func jwtClaims(change map[string]any) map[string]any {
	c := map[string]any{"aud": "app", "iss": "bc", "sub": "stores/abc", "exp": jwtNow.Add(time.Hour).Unix(), "nbf": jwtNow.Unix(), "iat": jwtNow.Unix(), "jti": "1"}
	for name, value := range change {
		if c[name] = value; value == nil {
			delete(c, name)
		}
	}
	return c
}

func TestJWT(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]map[string]any{
		"plain":                            {},
		"audience in a list":               {"aud": []string{"x", "app"}},
		"fraction of a second":             {"exp": 1_700_000_000.5},
		"within the leeway after its end":  {"exp": jwtNow.Add(-59 * time.Second).Unix()},
		"within the leeway before it":      {"nbf": jwtNow.Add(59 * time.Second).Unix()},
		"issued in the future":             {"iat": jwtNow.Add(time.Hour).Unix()},
		"without a beginning or issue":     {"nbf": nil, "iat": nil},
		"claims of the platform's own too": {"user": map[string]any{"id": 7}},
	} {
		claims, err := jwtKit("new", "old").Verify(token("HS256", "old", jwtClaims(change)), jwtNow)
		if err != nil || claims.Subject != "stores/abc" || claims.ID != "1" || claims.ExpiresAt.IsZero() || len(claims.Raw) == 0 {
			t.Errorf("%s: %+v, %v", name, claims, err)
		}
	}
}

func TestJWTRefused(t *testing.T) {
	t.Parallel()
	good := token("HS256", "key", jwtClaims(nil))
	parts := strings.Split(good, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`))
	for name, test := range map[string]struct{ token, code string }{
		"expired":                      {token("HS256", "key", jwtClaims(map[string]any{"exp": jwtNow.Add(-time.Minute).Unix()})), "expired"},
		"not valid yet":                {token("HS256", "key", jwtClaims(map[string]any{"nbf": jwtNow.Add(61 * time.Second).Unix()})), "not_yet"},
		"never ends":                   {token("HS256", "key", jwtClaims(map[string]any{"exp": nil})), "no_expiry"},
		"one part":                     {parts[0], "malformed"},
		"end that is no number":        {token("HS256", "key", jwtClaims(map[string]any{"exp": "tomorrow"})), "malformed"},
		"end that is negative":         {token("HS256", "key", jwtClaims(map[string]any{"exp": -1})), "malformed"},
		"end that is beyond all years": {token("HS256", "key", jwtClaims(map[string]any{"exp": 1e30})), "malformed"},
		"wrong audience":               {token("HS256", "key", jwtClaims(map[string]any{"aud": "another"})), "audience"},
		"no audience":                  {token("HS256", "key", jwtClaims(map[string]any{"aud": nil})), "audience"},
		"wrong issuer":                 {token("HS256", "key", jwtClaims(map[string]any{"iss": "x"})), "issuer"},
		"wrong secret":                 {token("HS256", "other", jwtClaims(nil)), "signature"},
		"empty secret":                 {token("HS256", "", jwtClaims(nil)), "signature"},
		"alg none":                     {none + "." + parts[1] + ".", "algorithm"},
		"alg none, signed":             {token("none", "key", jwtClaims(nil)), "algorithm"},
		"alg HS512":                    {token("HS512", "key", jwtClaims(nil)), "algorithm"},
		"alg RS256":                    {token("RS256", "key", jwtClaims(nil)), "algorithm"},
		"alg in small letters":         {token("hs256", "key", jwtClaims(nil)), "algorithm"},
		"no alg":                       {token("", "key", jwtClaims(nil)), "algorithm"},
		"changed claims":               {parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"aud":"app","exp":9999999999}`)) + "." + parts[2], "signature"},
		"signature cut":                {good[:len(good)-4], "signature"},
		"no signature":                 {parts[0] + "." + parts[1] + ".", "signature"},
		"two parts":                    {parts[0] + "." + parts[1], "malformed"},
		"four parts":                   {good + "." + parts[2], "malformed"},
		"empty":                        {"", "malformed"},
		"signature that is no base64":  {parts[0] + "." + parts[1] + ".!!!", "malformed"},
		"padded":                       {parts[0] + "." + parts[1] + "." + parts[2] + "=", "malformed"},
		"header that is no JSON":       {"e30x." + parts[1] + "." + parts[2], "malformed"},
		"oversize":                     {token("HS256", "key", jwtClaims(map[string]any{"x": strings.Repeat("a", 8<<10)})), "oversize"},
	} {
		_, err := jwtKit("key").Verify(test.token, jwtNow)
		var e *catalog.Error
		if !errors.As(err, &e) || e.Code != test.code || e.Kind != catalog.ErrUnauthorized {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
		if test.token != "" && strings.Contains(err.Error(), test.token) {
			t.Errorf("%s: the error repeats the token", name)
		}
	}
}

func TestJWTVerifierThatCannotVerify(t *testing.T) {
	t.Parallel()
	for name, j := range map[string]auth.JWT{
		"no secret":    jwtKit(),
		"empty secret": jwtKit("key", ""),
		"no audience":  {Secrets: []catalog.Secret{catalog.NewSecret("key")}},
	} {
		if _, err := j.Verify(token("HS256", "", jwtClaims(map[string]any{"aud": ""})), jwtNow); catalog.KindOf(err) != catalog.ErrInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzJWT(f *testing.F) {
	f.Add(token("HS256", "key", jwtClaims(nil)))
	f.Add("a.b.c")
	f.Add("..")
	f.Fuzz(func(t *testing.T, text string) {
		claims, err := jwtKit("key").Verify(text, jwtNow)
		if err == nil && (claims.ExpiresAt.IsZero() || !strings.HasPrefix(text, "ey")) {
			t.Errorf("%q was taken", text)
		}
	})
}
