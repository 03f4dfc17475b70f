package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Report is what became of one request. It is for the operator: nothing of it
// but the status was told to the sender.
type Report struct {
	At   time.Time
	Took time.Duration
	// Method and Path are the request's; the query is left out.
	Method, Path string
	// Source is who sent it, see Receiver.Source.
	Source string
	// Platform is the adapter's name, "" when the address names none. Account
	// is the account in the address, "" when there is none.
	Platform, Account string
	// Status is what was answered. Err says why it was not success, with the
	// verifier's Code, Message and Hint in a *catalog.Error; nil on success.
	Status int
	Err    error
	// Size is the body's, as far as it was read.
	Size int
	// Header is the request's without secrets; only when it was not accepted.
	Header http.Header
	// SecretIndex is as in catalog.Verdict.
	SecretIndex int
	// Events are those the delivery held, in order; Results what the Inbox said
	// of each, as far as it did.
	Events  []catalog.Event
	Results []PutResult
}

// answer is a refusal: its status, and what the operator is told.
type answer struct {
	status int
	err    error
	free   bool // the source is not charged: the fault is ours
}

// ServeHTTP implements http.Handler.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	report := Report{At: time.Now(), Method: req.Method, Path: req.URL.Path}
	var reply catalog.Reply
	refused := answer{status: http.StatusInternalServerError, free: true}
	err := contain(func() error {
		if err := r.Check(); err != nil {
			refused.err = err
			return nil
		}
		ctx, cancel := context.WithDeadline(req.Context(), report.At.Add(orDefault(r.Timeout, 4*time.Second)))
		defer cancel()
		reply, refused = r.serve(ctx, w, req, &report)
		return nil
	})
	if err != nil {
		refused = answer{status: http.StatusInternalServerError, err: err, free: true}
	}
	if refused.err == nil {
		report.Status = writeReply(w, reply)
	} else {
		report.Status, report.Err = refused.status, refused.err
		if !refused.free && refused.status != http.StatusTooManyRequests {
			r.sources.charge(report.Source, report.At)
		}
		writeRefusal(w, refused.status)
	}
	r.tell(req, &report)
}

// serve handles a request up to its answer.
func (r *Receiver) serve(ctx context.Context, w http.ResponseWriter, req *http.Request, report *Report) (catalog.Reply, answer) {
	report.Source = r.source(req)
	if !r.sources.allow(report.Source, report.At) {
		return refuse(http.StatusTooManyRequests, "too many refused requests of this source")
	}
	platform, rest, ok := r.route(req.URL)
	if !ok {
		return refuse(http.StatusNotFound, "no webhook is received at this address")
	}
	adapter, err := r.keyring.registry().Get(platform)
	if err != nil {
		return catalog.Reply{}, answer{status: http.StatusNotFound, err: err}
	}
	report.Platform = platform
	if req.Method != http.MethodPost && req.Method != http.MethodGet {
		return refuse(http.StatusMethodNotAllowed, "the method is not POST")
	}
	delivery := catalog.Delivery{Method: req.Method, URL: req.URL, Header: req.Header, ReceivedAt: report.At.UTC()}
	if req.Method == http.MethodPost {
		body, held, refused := r.readBody(ctx, w, req)
		defer r.inFlight.release(held)
		if report.Size = len(body); refused.err != nil {
			return catalog.Reply{}, refused
		}
		delivery.Body = body
	}
	verdict, account, err := r.keyring.verify(ctx, adapter, rest, delivery)
	report.Account, report.SecretIndex = account.ID, verdict.SecretIndex
	if req.Method == http.MethodGet && (err != nil && !errors.Is(err, catalog.ErrUnavailable) || len(verdict.Events) > 0) {
		return refuse(http.StatusMethodNotAllowed, "the method is not POST, and this is no challenge of the platform")
	}
	if err != nil {
		return catalog.Reply{}, unverified(err)
	}
	return r.keep(ctx, req, report, account, verdict)
}

func refuse(status int, why string) (catalog.Reply, answer) {
	return catalog.Reply{}, answer{status: status, err: errors.New("webhook: " + why)}
}

// unverified is the answer to a delivery that its verifier did not accept.
func unverified(err error) answer {
	switch {
	case errors.Is(err, catalog.ErrUnauthorized), errors.Is(err, catalog.ErrNotFound):
		return answer{status: http.StatusUnauthorized, err: err}
	case errors.Is(err, catalog.ErrBadAnswer), errors.Is(err, catalog.ErrInvalid):
		return answer{status: http.StatusBadRequest, err: err}
	case errors.Is(err, catalog.ErrUnavailable), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return answer{status: http.StatusServiceUnavailable, err: err, free: true}
	}
	return answer{status: http.StatusInternalServerError, err: err, free: true}
}

// route splits the path below the prefix into the platform and the rest, still
// escaped.
func (r *Receiver) route(u *url.URL) (platform, rest string, ok bool) {
	prefix := r.Prefix
	if prefix == "" {
		prefix = "/webhooks"
	}
	path, ok := strings.CutPrefix(u.EscapedPath(), strings.TrimSuffix(prefix, "/")+"/")
	if !ok {
		return "", "", false
	}
	platform, rest, _ = strings.Cut(path, "/")
	return platform, rest, platform != ""
}

// writeReply sends what the platform counts as success.
func writeReply(w http.ResponseWriter, reply catalog.Reply) int {
	status := reply.Status
	if status == 0 {
		status = http.StatusOK
	}
	for name, values := range reply.Header {
		w.Header()[http.CanonicalHeaderKey(name)] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(reply.Body)))
	w.WriteHeader(status)
	if len(reply.Body) > 0 {
		_, _ = w.Write(reply.Body) // nobody is left to be told
	}
	return status
}

var refusals = map[int]string{
	http.StatusBadRequest:            "the delivery cannot be read",
	http.StatusUnauthorized:          "the delivery was not accepted",
	http.StatusNotFound:              "nothing is received here",
	http.StatusMethodNotAllowed:      "send a POST",
	http.StatusRequestEntityTooLarge: "the body is too large",
	http.StatusTooManyRequests:       "too many requests",
	http.StatusInternalServerError:   "internal error",
	http.StatusServiceUnavailable:    "not now, send it again",
}

// writeRefusal sends a refusal, the same for every reason.
func writeRefusal(w http.ResponseWriter, status int) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	switch status {
	case http.StatusMethodNotAllowed:
		h.Set("Allow", http.MethodPost)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		h.Set("Retry-After", "10")
	}
	body, _ := json.Marshal(map[string]any{"error": refusals[status], "status": status}) // plain text and a number
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // nobody is left to be told
}

// tell reports a request to the operator.
func (r *Receiver) tell(req *http.Request, report *Report) {
	report.Took = time.Since(report.At)
	if report.Err != nil {
		level := slog.LevelWarn
		switch {
		case report.Status == http.StatusTooManyRequests:
			level = slog.LevelDebug // a flood of requests must not become one of lines
		case report.Status >= 500:
			level = slog.LevelError
		}
		r.logger().LogAttrs(req.Context(), level, "webhook refused", slog.Int("status", report.Status), slog.String("platform", report.Platform),
			slog.String("account", report.Account), slog.String("source", report.Source), slog.Int("size", report.Size), slog.Any("error", report.Err))
	}
	if r.OnDelivery == nil {
		return
	}
	if report.Err != nil {
		report.Header = RedactHeader(req.Header, r.KeepHeaders...)
	}
	if err := contain(func() error { r.OnDelivery(context.WithoutCancel(req.Context()), *report); return nil }); err != nil {
		r.logger().ErrorContext(req.Context(), "webhook: OnDelivery failed", "error", err)
	}
}

func (r *Receiver) logger() *slog.Logger {
	if r.Logger != nil {
		return r.Logger
	}
	return slog.Default()
}
