package catalogtest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// watch keeps what an adapter logs, reports and returns, and searches it for
// secrets.
type watch struct {
	mu      sync.Mutex
	text    bytes.Buffer
	secrets []string
	waits   int // attempts that waited before they were sent
	calls   int // calls begun
}

// Write takes the log's lines.
func (w *watch) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(line)
}

func (w *watch) note(format string, values ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintf(&w.text, format+"\n", values...)
}

func (w *watch) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// CallStart implements transport.Observer.
func (w *watch) CallStart(ctx context.Context, call transport.CallInfo) context.Context {
	w.note("observer: %+v", call)
	w.mu.Lock()
	w.calls++
	w.mu.Unlock()
	return ctx
}

// begun is how many calls there were.
func (w *watch) begun() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.calls
}

// AttemptEnd implements transport.Observer.
func (w *watch) AttemptEnd(_ context.Context, attempt transport.AttemptInfo) {
	w.note("observer: %+v %v", attempt, attempt.Err)
	if attempt.Wait > time.Millisecond {
		w.mu.Lock()
		w.waits++
		w.mu.Unlock()
	}
}

// CallEnd implements transport.Observer.
func (w *watch) CallEnd(_ context.Context, end transport.CallEnd) {
	w.note("observer: %+v %v", end, end.Err)
}

// search fails the test for every secret found.
func (w *watch) search(t testing.TB) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, secret := range w.secrets {
		for form, needle := range disguises(secret) {
			if i := bytes.Index(w.text.Bytes(), []byte(needle)); i >= 0 {
				from := max(0, i-160)
				t.Errorf("a secret (%s) is in an error, a log line or an observation: %s[HERE]",
					form, strings.ReplaceAll(w.text.String()[from:i], secret, "[SECRET]"))
			}
		}
	}
}

// disguises are the forms a secret may be printed in.
func disguises(secret string) map[string]string {
	forms := map[string]string{
		"as it is":       secret,
		"in hexadecimal": hex.EncodeToString([]byte(secret)),
		"query-escaped":  url.QueryEscape(secret),
		"path-escaped":   url.PathEscape(secret),
	}
	// In base64 the secret's middle looks one of three ways, depending on how
	// many bytes stand before it, such as a user name and a colon.
	for before := range 3 {
		padded := append(make([]byte, before), secret...)
		for name, encoding := range map[string]*base64.Encoding{"base64": base64.StdEncoding, "URL base64": base64.URLEncoding} {
			text := encoding.EncodeToString(padded[:len(padded)/3*3])
			forms[fmt.Sprintf("in %s at offset %d", name, before)] = text[4:]
		}
	}
	return forms
}

// fails holds an error against what every error keeps and against the kinds
// it may be: it names platform and operation first, and holds no secret.
func (x *session) fails(err error, what string, kinds ...catalog.Kind) {
	x.t.Helper()
	if err == nil {
		x.t.Errorf("%s: no error, want one of %q", what, kinds)
		return
	}
	x.watch.note("error: %s %+v %#v %s", err.Error(), err, fmt.Sprint(err), unwrapped(err))
	matched := false
	for _, k := range kinds {
		matched = matched || errors.Is(err, k)
	}
	if !matched {
		x.t.Errorf("%s: got %v, want one of %q", what, err, kinds)
	}
	x.worded(err, what)
}

// worded holds an error against the form "platform: operation: ...".
func (x *session) worded(err error, what string) {
	x.t.Helper()
	rest, ok := strings.CutPrefix(err.Error(), x.suite.Platform+": ")
	op, _, more := strings.Cut(rest, ": ")
	if !ok || !more || op == "" || strings.ContainsAny(op, "?=") || strings.Contains(op, "://") {
		x.t.Errorf("%s: the error should begin %q and an operation: %v", what, x.suite.Platform+": ", err)
	}
}

// unwrapped prints every error below, which a host may log as well.
func unwrapped(err error) string {
	var b strings.Builder
	for err != nil {
		fmt.Fprintf(&b, " | %T %v", err, err)
		if e, ok := err.(*catalog.Error); ok {
			fmt.Fprintf(&b, " %q %q %q %+v", e.Message, e.Hint, e.RequestID, e.Fields)
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, one := range many.Unwrap() {
				b.WriteString(unwrapped(one))
			}
			break
		}
		err = errors.Unwrap(err)
	}
	return b.String()
}
