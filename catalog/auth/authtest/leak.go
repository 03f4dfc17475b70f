package authtest

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// Log keeps all that is logged, at every level. The zero value is ready. It is
// safe for concurrent use.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Logger writes to the log.
func (l *Log) Logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String is what was logged.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// leaks says in which form a text holds a secret, "" when it does not.
func leaks(text, secret string) string {
	if secret == "" {
		return ""
	}
	quoted, _ := json.Marshal(secret) // a string always encodes
	forms := map[string]string{
		"raw": secret, "in a URL": url.QueryEscape(secret), "in a path": url.PathEscape(secret), "in HTML": html.EscapeString(secret),
		"in JSON": strings.Trim(string(quoted), `"`), "in hex": hex.EncodeToString([]byte(secret)),
	}
	for name, form := range forms {
		if strings.Contains(text, form) {
			return name
		}
	}
	// A secret inside something encoded starts at one of three places.
	for shift := range 3 {
		for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			coded := strings.TrimRight(enc.EncodeToString([]byte(strings.Repeat("x", shift)+secret)), "=")
			from, to := (shift*8+5)/6, len(coded)-1 // the characters the secret alone decides
			if to-from >= 12 && strings.Contains(text, coded[from:to]) {
				return "in base64"
			}
		}
	}
	return ""
}

func headerText(h http.Header) string {
	var b strings.Builder
	for name, values := range h {
		if name != "Set-Cookie" { // the browser's own
			b.WriteString(name + ": " + strings.Join(values, ", ") + "\n")
		}
	}
	return b.String()
}
