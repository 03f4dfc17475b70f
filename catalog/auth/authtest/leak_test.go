package authtest

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"testing"
)

func TestLeaksAreSeen(t *testing.T) {
	t.Parallel()
	const secret = `canary"secret<&>with/odd=bytes`
	quoted, _ := json.Marshal(map[string]string{"token": secret})
	for name, text := range map[string]string{
		"raw": "x" + secret + "y", "in a query": url.Values{"t": {secret}}.Encode(), "in HTML": "<p>" + html.EscapeString(secret),
		"in JSON": string(quoted), "in hex": hex.EncodeToString([]byte(secret)),
		"in base64, first":     base64.StdEncoding.EncodeToString([]byte(secret)),
		"in base64, one in":    base64.URLEncoding.EncodeToString([]byte(":" + secret + ":")),
		"in base64, two in":    base64.RawStdEncoding.EncodeToString([]byte("ab" + secret + "cd")),
		"in base64, longer in": base64.StdEncoding.EncodeToString([]byte("user name:" + secret)),
	} {
		if leaks(text, secret) == "" {
			t.Errorf("%s: not seen in %q", name, text)
		}
	}
	if form := leaks("nothing to see here, move on: canary", secret); form != "" {
		t.Errorf("seen %s where there is none", form)
	}
}
