package catalogtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// wire is the round tripper between adapter and server. It breaks what the
// rules ask it to break and remembers what passed.
type wire struct {
	base   http.RoundTripper
	secret string                                  // what answers repeat in place of {secret}
	writes func(r *http.Request, body []byte) bool // tells requests that change something

	mu       sync.Mutex
	faults   []*fault
	requests int
	written  int // of them, those that change something
	inFlight int
	hosts    map[string]bool
	answers  []passed
	idle     chan struct{} // closed and replaced whenever something happens
}

// passed is an answer of the server.
type passed struct {
	request *http.Request
	body    []byte
}

// fault is one thing that goes wrong. Of several, the one injected first acts
// until it is used up.
type fault struct {
	skip  int  // requests let through first
	times int  // how often it acts; 0 = once, -1 = for ever
	write bool // it meets only requests that change something
	// One of these says what happens.
	answer   *Answer
	lose     bool // no answer, with an error that quotes the request
	swallow  bool // the server does its work, and the answer is lost
	half     bool // the connection ends amid the body
	truncate bool // half of the body, with a length that fits
	hold     bool // no answer until the request is given up
	// edit changes the body; false leaves this answer alone and waits for
	// another.
	edit func(*http.Request, []byte) ([]byte, bool)

	acted int
}

func (w *wire) inject(f fault) *fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f.times == 0 {
		f.times = 1
	}
	w.faults = append(w.faults, &f)
	return &f
}

// take returns the fault for a request.
func (w *wire) take(write bool) *fault {
	for _, f := range w.faults {
		if f.times == 0 || f.write && !write {
			continue
		}
		if f.skip > 0 {
			f.skip--
			continue
		}
		if f.edit == nil {
			f.use()
		}
		return f
	}
	return nil
}

func (f *fault) use() {
	f.acted++
	if f.times > 0 {
		f.times--
	}
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	write := w.changes(r)
	w.mu.Lock()
	w.requests++
	w.inFlight++
	if write {
		w.written++
	}
	w.hosts[r.URL.Host] = true
	f := w.take(write)
	w.wake()
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.inFlight--
		w.wake()
		w.mu.Unlock()
	}()
	switch {
	case f == nil:
		return w.pass(r, nil)
	case f.answer != nil:
		drain(r)
		return f.answer.response(r, w.secret), nil
	case f.hold:
		drain(r)
		<-r.Context().Done()
		return nil, context.Cause(r.Context())
	case f.lose:
		drain(r)
		return nil, errors.New("connection reset while sending " + r.URL.String() + " with " + r.Header.Get("Authorization") + " and " + w.secret)
	}
	if f.swallow {
		if resp, err := w.pass(r, nil); err == nil {
			resp.Body.Close()
		}
		return nil, errors.New("connection reset while waiting for " + r.URL.String() + " with " + w.secret)
	}
	return w.pass(r, f)
}

// changes tells whether a request changes something. Its body stays as it is.
func (w *wire) changes(r *http.Request) bool {
	var body []byte
	if r.Body != nil && w.writes != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body.Close()
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	if w.writes != nil {
		return w.writes(r, body)
	}
	return r.Method != http.MethodGet && r.Method != http.MethodHead
}

// heal removes all faults.
func (w *wire) heal() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = nil
}

// changed is how many requests to change something there were.
func (w *wire) changed() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.written
}

// pass asks the server and spoils its answer.
func (w *wire) pass(r *http.Request, f *fault) (*http.Response, error) {
	resp, err := w.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body.Close()
	w.mu.Lock()
	w.answers = append(w.answers, passed{r, body})
	if f != nil && f.edit != nil && f.times != 0 {
		changed, ok := f.edit(r, body)
		if ok {
			f.use()
			body = changed
		}
	}
	w.mu.Unlock()
	if f != nil && (f.half || f.truncate) {
		body = body[:len(body)/2]
	}
	var reader io.Reader = bytes.NewReader(body)
	if f != nil && f.half {
		reader = io.MultiReader(reader, lost{})
	}
	resp.Body = io.NopCloser(reader)
	resp.ContentLength = int64(len(body))
	resp.Header.Del("Content-Length")
	return resp, nil
}

// wake tells those who wait that something happened. Called with mu held.
func (w *wire) wake() {
	close(w.idle)
	w.idle = make(chan struct{})
}

// until waits for the condition, which is asked with mu held, or for ctx.
func (w *wire) until(ctx context.Context, met func() bool) bool {
	for {
		w.mu.Lock()
		ok, next := met(), w.idle
		w.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-next:
		case <-time.After(5 * time.Millisecond): // not everything passes here
		case <-ctx.Done():
			return false
		}
	}
}

// sent is how many requests there were.
func (w *wire) sent() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.requests
}

// reset forgets what passed so far.
func (w *wire) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests, w.answers = 0, nil
}

type lost struct{}

func (lost) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func drain(r *http.Request) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		r.Body.Close()
	}
}

func (a *Answer) response(r *http.Request, secret string) *http.Response {
	body := strings.ReplaceAll(a.Body, "{secret}", secret)
	h := a.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "application/json; charset=utf-8")
	}
	return &http.Response{StatusCode: a.Status, Status: http.StatusText(a.Status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r}
}
