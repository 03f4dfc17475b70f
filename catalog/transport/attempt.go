package transport

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/soukhq/souk/catalog"
)

// errNoAnswer is what the retry layer sees of an attempt without a usable
// answer; the call knows the rest.
var errNoAnswer = errors.New("no answer")

// RoundTrip makes one attempt: permit, then credential, then http. Its result
// stays in the call, judged; the retry layer gets an empty answer, so that it
// has nothing to drain, to follow or to log.
func (k *call) RoundTrip(r *http.Request) (*http.Response, error) {
	// A call whose context ends while it waits for another attempt, for the
	// permit too, fails for what it failed for before.
	var before *catalog.Error
	if k.verdict.Outcome == Transient || k.verdict.Outcome == Throttled {
		if before = k.failed(); r.Context().Err() != nil {
			before.Err = Ended(r.Context())
			k.fatal = before
			return nil, errNoAnswer
		}
	}
	made := k.attempts
	k.verdict, k.cause, k.fatal, k.out, k.fresh = Verdict{}, nil, nil, false, false
	k.attempt(r.Context())
	if before != nil && k.attempts == made {
		switch late := k.fatal; {
		case r.Context().Err() != nil:
			before.Err = Ended(r.Context())
			k.fatal = before
		case late != nil && errors.Is(late, context.DeadlineExceeded): // the budget knows it first
			before.Err, before.RetryAfter = noTime(before.Err), max(before.RetryAfter, late.RetryAfter)
			k.fatal = before
		}
	}
	k.doubt = k.doubt || k.out && (k.verdict.Outcome == Transient || k.verdict.Kind == catalog.ErrOutcomeUnknown)
	if !k.fresh {
		return nil, errNoAnswer
	}
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
}

func (k *call) attempt(ctx context.Context) {
	var permit Permit
	if k.req.Budget != nil {
		var err error
		if permit, err = k.req.Budget.Reserve(ctx, k.req.Cost); err != nil {
			k.fatal = k.because("waiting for the rate budget", catalog.ErrRateLimited, err)
			return
		}
	}
	// A panic or an early return below means that nothing was charged; once
	// the request may be out, everything.
	settlement := Settlement{}
	defer func() {
		if permit != nil {
			permit.Settle(settlement)
		}
	}()

	k.attempts++
	if k.req.Credential != nil {
		credential, err := k.req.Credential.Credential(ctx)
		if err != nil {
			k.fatal = k.because("credential", catalog.ErrUnauthorized, err)
			return
		}
		k.credential = credential
	}

	start := time.Now()
	wait := start.Sub(k.idleSince)
	settlement = Settlement{Sent: true, Charged: k.req.Cost}
	resp := k.send(ctx)
	switch {
	case k.fatal != nil:
		settlement = Settlement{}
		return
	case resp != nil:
		resp.Attempts = k.attempts
		k.resp, k.fresh = resp, true
		settlement = k.verdict.settlement(k.req.Cost)
	case !k.out:
		settlement = Settlement{Failed: ctx.Err() == nil}
	default:
		settlement.Failed = ctx.Err() == nil // a caller who left is no trouble of the platform's
	}
	settlement.Wait = min(settlement.Wait, k.client.cfg.MaxWait)
	k.idleSince = time.Now()
	k.report(ctx, wait, k.idleSince.Sub(start), settlement.Charged)
}

// send puts the request on the wire and reads the answer whole. It returns
// nil when there is no answer to judge, with the reason in k.cause, or in
// k.fatal when nothing may be sent at all.
func (k *call) send(ctx context.Context) *Response {
	limit, cancel := context.WithTimeout(ctx, k.client.cfg.AttemptTimeout)
	defer cancel()
	var wire wire
	req := k.build(httptrace.WithClientTrace(limit, wire.trace()))
	if k.req.Credential != nil {
		authorize := k.req.Authorize
		if authorize == nil {
			authorize = bearer
		}
		if err := authorize(req, k.credential); err != nil {
			k.fatal = k.because("authorize", catalog.ErrUnauthorized, err)
			return nil
		}
	}
	k.sent.query, k.sent.header = req.URL.RawQuery, req.Header
	hideIdempotencyKey(req, k.req.repeatable())

	hr, err := k.client.cfg.Transport.RoundTrip(req)
	k.out, k.replayed = wire.sent() || err == nil, wire.written.Load() > 1
	if err != nil {
		k.lost(ctx, limit, err)
		return nil
	}
	body, err := readBody(hr, req.Method, k.client.cfg.MaxBody)
	resp := &Response{Status: hr.StatusCode, Header: hr.Header, Body: body, Received: time.Now()}
	if host, ok := redirect(hr, req.URL); ok {
		k.verdict = Verdict{Outcome: Fail, Kind: catalog.ErrInvalid, Message: "the answer redirects to " + host,
			Hint: "use the address the store answers at itself: a redirect would lose the credential or the request's body"}
		resp.Body = nil
		return resp
	}
	if err != nil && (hr.StatusCode < 400 || ctx.Err() != nil) {
		k.resp = resp
		k.lost(ctx, limit, fmt.Errorf("reading the answer: %w", err))
		return nil
	}
	if err != nil { // a refusal is one even when its text is cut
		resp.Body = nil
		k.verdict = ByStatus(resp)
		return resp
	}
	k.verdict = k.classify(resp)
	return resp
}

// classify asks the call's own classifier, else the adapter's.
func (k *call) classify(resp *Response) Verdict {
	if k.req.Classify != nil {
		return k.req.Classify(resp)
	}
	return k.client.cfg.Classify(resp)
}

// lost judges an attempt that brought no answer.
func (k *call) lost(ctx, limit context.Context, err error) {
	k.verdict = Verdict{Outcome: Transient, Kind: catalog.ErrUnavailable}
	var tooLong tooLongError
	var untrusted *tls.CertificateVerificationError
	switch {
	case ctx.Err() != nil:
		k.cause = Ended(ctx)
		return
	case limit.Err() != nil:
		k.cause = fmt.Errorf("no whole answer within %s", k.client.cfg.AttemptTimeout)
		return
	case errors.As(err, &tooLong):
		k.verdict = Verdict{Outcome: Fail, Kind: catalog.ErrBadAnswer}
		if !k.req.repeatable() || k.req.Write {
			k.verdict.Kind = catalog.ErrOutcomeUnknown
		}
	case errors.As(err, &untrusted):
		k.verdict.Outcome = Fail
	}
	k.cause = k.clean(err)
}

// build makes this attempt's own request. A body that must not be sent twice
// gets no GetBody, so that net/http cannot replay it.
func (k *call) build(ctx context.Context) *http.Request {
	u := *k.req.URL
	r := (&http.Request{
		Method: k.req.method(), URL: &u, Host: u.Host, Header: k.req.Header.Clone(),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(ctx)
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if r.Header.Get("User-Agent") == "" {
		r.Header.Set("User-Agent", k.client.cfg.UserAgent)
	}
	if len(k.req.Body) > 0 {
		open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(k.req.Body)), nil }
		r.Body, _ = open()
		r.ContentLength = int64(len(k.req.Body))
		if k.req.repeatable() {
			r.GetBody = open
		}
	}
	return r
}

func bearer(r *http.Request, c catalog.Credential) error {
	if c.AccessToken.IsZero() {
		return errors.New("the credential holds no access token")
	}
	r.Header.Set("Authorization", "Bearer "+c.AccessToken.Reveal())
	return nil
}

// hideIdempotencyKey spells the header in lower case, which is the same on
// the wire, on requests that may not be repeated: net/http replays on its own
// any request in whose map it finds the canonical spelling.
func hideIdempotencyKey(r *http.Request, repeatable bool) {
	if repeatable {
		return
	}
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if v, ok := r.Header[name]; ok {
			delete(r.Header, name)
			r.Header[strings.ToLower(name)] = v
		}
	}
}

// redirect reports whether the answer points elsewhere, and to which host.
func redirect(r *http.Response, from *url.URL) (host string, ok bool) {
	location := r.Header.Get("Location")
	if r.StatusCode < 300 || r.StatusCode > 399 || location == "" {
		return "", false
	}
	to, err := from.Parse(location)
	switch {
	case err != nil:
		return "an unreadable address", true
	case to.Host == from.Host && to.Scheme != from.Scheme:
		return to.Host + " by " + to.Scheme, true
	case to.Host == from.Host:
		return "another path of " + to.Host, true
	}
	return to.Host, true
}

// wire watches whether the request may have left this machine.
type wire struct {
	watched atomic.Bool
	written atomic.Int32
}

func (w *wire) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn:      func(string) { w.watched.Store(true) },
		WroteHeaders: func() { w.written.Add(1) },
	}
}

// sent reports whether it may have. A transport that reports nothing may have
// sent anything.
func (w *wire) sent() bool { return w.written.Load() > 0 || !w.watched.Load() }
