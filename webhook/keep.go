package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/soukhq/souk/catalog"
)

// keep makes an authentic delivery safe and answers it.
func (r *Receiver) keep(ctx context.Context, req *http.Request, report *Report, account catalog.Account, verdict catalog.Verdict) (catalog.Reply, answer) {
	if len(verdict.Events) == 0 && len(verdict.Grants) == 0 {
		return verdict.Reply, answer{}
	}
	if len(verdict.Grants) > 0 && (r.OnGrant == nil || len(verdict.Events) == 0) {
		return catalog.Reply{}, failing(errors.New("webhook: a credential came by webhook, and OnGrant is not set to take it, or it came without an event"))
	}
	report.Events = verdict.Events
	entries := make([]Entry, len(verdict.Events))
	header := RedactHeader(req.Header, r.KeepHeaders...)
	assign := func(ctx context.Context) {
		for i := range entries {
			if e := &entries[i].Event; e.Account == "" {
				e.Account = r.accountOf(ctx, account, e)
			}
		}
	}
	for i, event := range verdict.Events {
		if event.Key == "" {
			return catalog.Reply{}, failing(fmt.Errorf("webhook: the verifier of %s gave an event without a key", report.Platform))
		}
		if event.ReceivedAt.IsZero() {
			event.ReceivedAt = report.At.UTC()
		}
		entries[i] = EntryOf(event)
		entries[i].Header = header
	}
	assign(ctx)
	var first func(context.Context) error
	if len(verdict.Grants) > 0 {
		first = func(ctx context.Context) error {
			if err := r.take(ctx, verdict, entries[0].Event); err != nil {
				return err
			}
			// The account may exist only now.
			for _, g := range verdict.Grants {
				r.keyring.forget(report.Platform, g.Store)
			}
			assign(ctx)
			return nil
		}
	}
	results, err := r.put(ctx, entries, first)
	if err != nil {
		return catalog.Reply{}, failing(err)
	}
	report.Results = results
	for _, result := range results {
		if result.Err != nil {
			return catalog.Reply{}, failing(result.Err)
		}
	}
	for i := range entries {
		report.Events[i].Account = entries[i].Event.Account
	}
	return verdict.Reply, answer{}
}

// failing is the answer to an authentic delivery that could not be kept or
// handled: have it sent again.
func failing(err error) answer {
	return answer{status: http.StatusServiceUnavailable, err: err, free: true}
}

// take hands the credentials to the host.
func (r *Receiver) take(ctx context.Context, verdict catalog.Verdict, event catalog.Event) error {
	for _, g := range verdict.Grants {
		if err := r.OnGrant(ctx, g, event); err != nil {
			return fmt.Errorf("webhook: OnGrant: %w", err)
		}
	}
	return nil
}

// accountOf finds whose event it is; "" when there is no account, or none can
// be found now. A Dispatcher looks again.
func (r *Receiver) accountOf(ctx context.Context, named catalog.Account, e *catalog.Event) string {
	if named.ID != "" && (e.Store == "" || e.Store == named.Store) {
		return named.ID
	}
	id, err := r.keyring.owner(ctx, e.Platform, e.Store)
	if err != nil {
		r.logger().WarnContext(ctx, "webhook: the account of an event was not found", "platform", e.Platform, "store", e.Store, "error", err)
	}
	return id
}

// putAll handles the entries of one delivery. first runs once, before the first.
func (d *Direct) putAll(ctx context.Context, entries []Entry, first func(context.Context) error) ([]PutResult, error) {
	if first == nil {
		return d.Put(ctx, entries)
	}
	d.once.Do(d.start)
	results := make([]PutResult, 1)
	event := &entries[0]
	results[0].Duplicate, results[0].Err = d.put(ctx, event, first)
	rest, err := d.Put(ctx, entries[1:])
	return slices.Concat(results, rest), err
}
