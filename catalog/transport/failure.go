package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/soukhq/souk/catalog"
)

// longestMessage bounds, in bytes, what an error repeats of an answer.
const longestMessage = 300

// IsHTML reports whether the body is an HTML page rather than the API's
// answer: by its first tag, since platforms mislabel JSON as text/html.
func IsHTML(resp *Response) bool {
	head := bytes.ToLower(bytes.TrimLeft(resp.Body[:min(len(resp.Body), 256)], " \t\r\n\uFEFF"))
	if len(head) == 0 || head[0] != '<' {
		return false
	}
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html")) ||
		strings.Contains(resp.Header.Get("Content-Type"), "html")
}

// describe says what an answer plainly says about a failure.
func describe(resp *Response) string {
	if IsHTML(resp) {
		text := "the answer is an HTML page, not JSON"
		if ct := resp.Header.Get("Content-Type"); ct != "" {
			text += " (content type " + ct + ")"
		}
		return text
	}
	if len(resp.Body) > 64<<10 {
		return ""
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(resp.Body, &members) != nil {
		return ""
	}
	for _, name := range []string{"message", "error_description", "title", "error", "errors"} {
		var text string
		if json.Unmarshal(members[name], &text) == nil && text != "" {
			return text
		}
	}
	return ""
}

// shorten cuts text at a rune's border.
func shorten(text string) string {
	if len(text) <= longestMessage {
		return text
	}
	n := longestMessage
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}

// scrub removes the call's secrets from text that others wrote.
func (k *call) scrub(text string) string {
	for _, secret := range k.secrets() {
		if len(secret) >= 4 && strings.Contains(text, secret) {
			text = strings.ReplaceAll(text, secret, "REDACTED")
		}
	}
	return shorten(text)
}

func (k *call) secrets() []string {
	c := k.credential
	list := []string{k.req.URL.RawQuery, k.sent.query}
	if q, err := url.QueryUnescape(k.req.URL.RawQuery); err == nil {
		list = append(list, q)
	}
	for _, s := range append([]catalog.Secret{c.AccessToken, c.RefreshToken, c.Key, c.Secret, c.TokenSecret}, k.req.Secrets...) {
		if v := s.Reveal(); v != "" {
			list = append(list, v, url.QueryEscape(v))
		}
	}
	for name, values := range k.sent.header {
		if name == "User-Agent" || slices.Equal(values, k.req.Header[name]) {
			continue // known to the caller; the rest was put in by Authorize
		}
		for _, v := range values {
			_, after, _ := strings.Cut(v, " ") // without "Basic" or "Bearer"
			list = append(list, v, after)
		}
	}
	return list
}

// cleanError is a cause whose text has lost the call's secrets. It can be
// compared with errors.Is, but not unwrapped back to the secret.
type cleanError struct {
	text string
	err  error
}

func (e *cleanError) Error() string        { return e.text }
func (e *cleanError) Is(target error) bool { return errors.Is(e.err, target) }

// clean makes a transport's error fit to be shown: without a URL's query and
// without secrets.
func (k *call) clean(err error) error {
	for {
		u, ok := err.(*url.Error)
		if !ok {
			break
		}
		err = u.Err
	}
	if _, nested := errors.AsType[*url.Error](err); !nested {
		if text := err.Error(); k.scrub(text) == text {
			return err
		}
	}
	return &cleanError{text: k.scrub(withoutQueries(err.Error())), err: err}
}

// withoutQueries cuts the query off every URL in text.
func withoutQueries(text string) string {
	words := strings.Split(text, " ")
	for i, w := range words {
		at := strings.Index(w, "://")
		if at < 0 {
			continue
		}
		if q := strings.IndexByte(w[at:], '?'); q >= 0 {
			words[i] = w[:at+q]
		}
	}
	return strings.Join(words, " ")
}

// failed makes the error for a call that ends with the current verdict.
func (k *call) failed() *catalog.Error {
	e := k.newError(k.verdict.kind())
	v := k.verdict
	e.Code, e.Hint, e.RetryAfter, e.Err = k.scrub(v.Code), k.scrub(v.Hint), v.RetryAfter, k.cause
	if k.out && !k.req.repeatable() && v.Outcome == Transient {
		e.Kind = catalog.ErrOutcomeUnknown
	}
	if r := k.answered(); r != nil {
		e.Message = v.Message
		if e.Message == "" && k.cause == nil {
			e.Message = describe(r)
		}
		e.Message = k.scrub(e.Message)
		e.Fields = slices.Clone(v.Fields)
		for i, f := range e.Fields {
			e.Fields[i].Message = k.scrub(f.Message)
		}
	}
	return e
}

// newError makes an error that knows the call and its last answer.
func (k *call) newError(kind catalog.Kind) *catalog.Error {
	e := &catalog.Error{Platform: k.client.cfg.Platform, Op: k.req.Op, Kind: kind}
	if r := k.resp; r != nil {
		e.Status, e.RequestID = r.Status, shorten(r.Header.Get(k.client.cfg.RequestIDHeader))
	}
	return e
}

// because makes the error for a call that a part of souk ended: the budget,
// the credential source, the authoriser. Such a part's own *catalog.Error
// keeps everything it says.
func (k *call) because(doing string, fallback catalog.Kind, err error) *catalog.Error {
	e := k.newError(fallback)
	inner, ok := err.(*catalog.Error)
	if !ok {
		if kind := catalog.KindOf(err); kind != "" {
			e.Kind = kind
		}
		e.Err = &doingError{doing, k.clean(err)}
		return e
	}
	status, id := e.Status, e.RequestID
	*e = *inner
	e.Platform, e.Op = k.client.cfg.Platform, k.req.Op
	if inner.Op != "" {
		e.Op += ": " + inner.Op
	} else {
		e.Op += ": " + doing
	}
	if e.Status == 0 {
		e.Status, e.RequestID = status, id
	}
	return e
}

// doingError says what failed before a call could be made.
type doingError struct {
	doing string
	err   error
}

func (e *doingError) Error() string { return e.doing + ": " + e.err.Error() }
func (e *doingError) Unwrap() error { return e.err }

// Ended is the error of a context that is over, with its cause where it has
// one; nil while it is not over.
func Ended(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if err == nil || cause == nil || errors.Is(cause, err) {
		return err
	}
	return errors.Join(err, cause)
}

// CalledOff names the platform and what was done in the bare error of a context,
// which is one that ended between two calls. Any other error is returned as it
// is, nil too.
func CalledOff(platform, op string, err error) error {
	if catalog.KindOf(err) != "" || !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &catalog.Error{Platform: platform, Op: op, Kind: catalog.ErrUnavailable, Err: err}
}
