package transport

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/soukhq/souk/catalog"
)

// call is the state of one Do. Only its own goroutine touches it: the retry
// layer calls RoundTrip, checkRetry and Backoff in turn.
type call struct {
	client *Client
	req    *Request
	info   CallInfo

	attempts   int
	refreshed  bool
	idleSince  time.Time // when the last attempt ended, or the call began
	credential catalog.Credential
	sent       struct { // by the last attempt; may hold signatures
		query  string
		header http.Header
	}

	// The last attempt.
	resp     *Response // the last answer, of this attempt or an earlier one
	fresh    bool      // resp is this attempt's
	verdict  Verdict
	cause    error          // why there was no answer
	fatal    *catalog.Error // why nothing was sent, and never will be
	out      bool           // the request may have reached the platform
	replayed bool           // net/http sent it more than once
	doubt    bool           // some attempt may have done its work without an answer

	wait time.Duration // before the next attempt
	done bool          // err is final
	err  *catalog.Error
}

// Do makes the call: as many attempts as are safe and useful, each with a
// fresh permit and then a fresh credential. It returns the answer that the
// classifier accepted. Any error is a *catalog.Error; the last answer, where
// there was one, is returned beside it.
//
// Every wait ends with ctx, and ctx's error is then in the error's tree. A
// wait that cannot end before ctx's deadline is not begun. A write whose
// outcome cannot be known ends with catalog.ErrOutcomeUnknown and is not
// repeated. Safe for concurrent use.
func (c *Client) Do(ctx context.Context, req *Request) (*Response, error) {
	k := &call{client: c, req: req, idleSince: time.Now()}
	if text := req.problem(); text != "" {
		e := k.newError(catalog.ErrInvalid)
		e.Message = text
		return nil, e
	}
	k.info = CallInfo{Platform: c.cfg.Platform, Op: req.Op, Method: req.method(), Host: req.URL.Host}
	start := k.idleSince
	ctx = c.cfg.Observer.CallStart(ctx, k.info)
	err := k.settled(k.run(ctx))
	end := CallEnd{CallInfo: k.info, Attempts: k.attempts, Duration: time.Since(start), Err: err}
	if k.resp != nil {
		end.Status = k.resp.Status
	}
	c.cfg.Observer.CallEnd(ctx, end)
	return k.resp, err
}

func (k *call) run(ctx context.Context) error {
	if ctx.Err() != nil {
		e := k.newError(catalog.ErrUnavailable)
		e.Err = Ended(ctx)
		return e
	}
	retrying := &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: k},
		RetryMax:     k.client.cfg.Attempts + 1, // decide counts
		CheckRetry:   k.checkRetry,
		Backoff:      func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return k.wait },
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	// What is sent is built for each attempt; the retry layer sees the shell.
	shell := (&http.Request{Method: http.MethodGet, URL: k.req.URL, Header: http.Header{}}).WithContext(ctx)
	resp, err := retrying.Do(&retryablehttp.Request{Request: shell})
	if resp != nil {
		_ = resp.Body.Close() // http.NoBody
	}
	switch {
	case !k.done: // the wait for the next attempt was interrupted
		e := k.failed()
		e.Err = Ended(ctx)
		if e.Err == nil {
			e.Err = err
		}
		return e
	case k.err != nil:
		return k.err
	}
	return nil
}

// settled is the error of a write that may have happened although its last
// attempt did not. A plain refusal of the request holds for all its attempts.
func (k *call) settled(err error) error {
	if e, ok := err.(*catalog.Error); ok && k.req.Write && k.doubt && (k.fatal != nil || k.verdict.Outcome != Fail || e.Kind != catalog.ErrInvalid) {
		e.Kind = catalog.ErrOutcomeUnknown
	}
	return err
}

// checkRetry decides, after each attempt, whether there is another.
func (k *call) checkRetry(ctx context.Context, _ *http.Response, _ error) (bool, error) {
	k.err = k.decide(ctx)
	k.done = k.err != nil || k.verdict.Outcome == Accept && k.fatal == nil
	if !k.done {
		k.client.cfg.Logger.LogAttrs(ctx, slog.LevelInfo, "retrying", append(k.attrs(),
			slog.Duration("wait", k.wait), slog.String("outcome", k.verdict.Outcome.String()))...)
	}
	return !k.done, nil
}

// decide returns the error the call ends with. Without one, the call ends
// with an accepted answer or goes on after k.wait.
func (k *call) decide(ctx context.Context) *catalog.Error {
	if k.fatal != nil {
		return k.fatal
	}
	k.wait = 0
	switch k.verdict.Outcome {
	case Accept:
		k.client.quota.give(k.attempts > 1)
		return nil
	case Unauthorized:
		return k.reauthorize(ctx)
	case Transient:
		if k.out && !k.req.repeatable() {
			return k.failed()
		}
	case Throttled:
	default:
		return k.failed()
	}

	e := k.failed()
	if ctx.Err() != nil {
		e.Err = Ended(ctx)
		return e
	}
	if k.attempts >= k.limit() {
		return e
	}
	wait := k.verdict.RetryAfter
	if wait == 0 {
		wait = backoff(k.attempts, k.client.cfg.MaxWait)
	} else if wait > k.client.cfg.MaxWait {
		return e
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		if e.RetryAfter == 0 {
			e.RetryAfter = wait
		}
		e.Err = noTime(e.Err)
		return e
	}
	if k.verdict.Outcome == Transient && !k.client.quota.take() {
		e.Hint = "not repeated: too many of this client's calls are failing"
		return e
	}
	// A throttled budget holds its queue for as long as the platform asked;
	// waiting there, in line, is better than coming back late.
	if held := k.verdict.settlement(k.req.Cost); k.req.Budget != nil && held.Refused && held.Wait > 0 {
		wait = 0
	}
	k.wait = wait
	return nil
}

// limit is how many attempts the call may make.
func (k *call) limit() int {
	if k.refreshed {
		return k.client.cfg.Attempts + 1
	}
	return k.client.cfg.Attempts
}

// reauthorize asks for a new credential, once.
func (k *call) reauthorize(ctx context.Context) *catalog.Error {
	if k.req.Credential == nil || k.refreshed {
		return k.failed()
	}
	if k.replayed && k.attempts < k.limit() { // the second copy carried a used nonce; a new one may pass
		return nil
	}
	k.refreshed = true
	if _, err := k.req.Credential.Refresh(ctx, k.credential); err != nil {
		e := k.because("refresh credential", catalog.ErrUnauthorized, err)
		if e.Err == nil { // the platform's own words say what was wrong
			refusal := k.failed()
			refusal.Platform, refusal.Op = "", "" // the error has them
			e.Err = refusal
		}
		return e
	}
	return nil
}

func noTime(cause error) error {
	if cause == nil {
		return fmt.Errorf("no time for another attempt: %w", context.DeadlineExceeded)
	}
	return fmt.Errorf("%w; no time for another attempt: %w", cause, context.DeadlineExceeded)
}

// answered is this attempt's answer, nil when it has none.
func (k *call) answered() *Response {
	if !k.fresh {
		return nil
	}
	return k.resp
}

func (k *call) report(ctx context.Context, wait, took time.Duration, charged float64) {
	a := AttemptInfo{CallInfo: k.info, Number: k.attempts, Wait: wait, Duration: took,
		Cost: k.req.Cost, Charged: charged, Outcome: k.verdict.Outcome, Err: k.cause}
	if r := k.answered(); r != nil {
		a.Status, a.Bytes = r.Status, len(r.Body)
	}
	k.client.cfg.Observer.AttemptEnd(ctx, a)
	if k.client.cfg.Logger.Enabled(ctx, slog.LevelDebug) {
		k.client.cfg.Logger.LogAttrs(ctx, slog.LevelDebug, "attempt", append(k.attrs(),
			slog.Int("status", a.Status), slog.Int("bytes", a.Bytes), slog.Duration("waited", wait),
			slog.Duration("took", took), slog.String("outcome", a.Outcome.String()))...)
	}
}

func (k *call) attrs() []slog.Attr {
	return []slog.Attr{slog.String("platform", k.info.Platform), slog.String("op", k.info.Op),
		slog.String("method", k.info.Method), slog.String("host", k.info.Host), slog.Int("attempt", k.attempts)}
}
