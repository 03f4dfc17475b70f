package main

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

//go:embed pages
var pageFiles embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"clock": func(t time.Time) string { return t.Local().Format("15:04:05") },
	"full":  func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) },
	"title": titleOf,
}).ParseFS(pageFiles, "pages/*.html"))

// render writes a page, or an error when it cannot be made.
func render(w http.ResponseWriter, status int, name string, data any) {
	var page bytes.Buffer
	if err := pages.ExecuteTemplate(&page, name, data); err != nil {
		http.Error(w, "the page cannot be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w) // nobody is left to be told
}

func titleOf(platform string) string {
	for _, p := range platforms {
		if p.name == platform {
			return p.title
		}
	}
	return platform
}

// shownEvents and shownArrivals are how many a page lists.
const (
	shownEvents   = 30
	shownArrivals = 30
)

// overviewPage is what overview.html shows.
type overviewPage struct {
	Platforms []string
	Filter    filter
	Status    status
	Events    []eventRow
	Older     string // the address of the next page of events
	Arrivals  []arrival
	Replayed  string
}

// overview is the status: a page for browsers, JSON for others.
func (h *host) overview(w http.ResponseWriter, r *http.Request) {
	now, err := h.counts.get(r.Context(), h)
	if err != nil {
		h.failed(w, err)
		return
	}
	if !wantsHTML(r) {
		writeJSON(w, http.StatusOK, now)
		return
	}
	page := overviewPage{Platforms: h.platforms(), Filter: filterOf(r.URL.Query()), Status: now}
	if page.Filter.ShowsEvents() {
		if page.Events, page.Older, err = h.search(r.Context(), page.Filter); err != nil {
			h.failed(w, err)
			return
		}
	}
	if page.Filter.ShowsArrivals() {
		page.Arrivals = h.feed.latest(shownArrivals, page.Filter.selects)
	}
	if n := r.URL.Query().Get("replayed"); n != "" && len(n) < 8 {
		page.Replayed = n
	}
	render(w, http.StatusOK, "overview.html", page)
}

// failed answers when the inbox does not.
func (h *host) failed(w http.ResponseWriter, err error) {
	switch catalog.KindOf(err) {
	case catalog.ErrNotFound:
		http.Error(w, "There is no such event.", http.StatusNotFound)
	case catalog.ErrInvalid:
		http.Error(w, "The address is not one of this page.", http.StatusBadRequest)
	default:
		h.logger.Error("a page could not be made", "error", err)
		http.Error(w, "The inbox does not answer; reload in a moment.", http.StatusServiceUnavailable)
	}
}

// eventRow is an event in the list.
type eventRow struct {
	webhook.Record
	// Became says what was done about it, or why nothing was.
	Became string
}

func (h *host) search(ctx context.Context, f filter) ([]eventRow, string, error) {
	found, err := h.inbox.Search(ctx, webhook.Query{Platform: f.Platform, States: f.states(), After: f.After, Limit: shownEvents})
	if err != nil {
		return nil, "", err
	}
	ids := make([]string, len(found.Records))
	for i, r := range found.Records {
		ids[i] = r.ID
	}
	done, err := h.effects.of(ctx, ids)
	if err != nil {
		return nil, "", err
	}
	rows := make([]eventRow, len(found.Records))
	for i, r := range found.Records {
		rows[i] = eventRow{r, became(r, done[r.ID])}
	}
	if found.Next == "" {
		return rows, "", nil
	}
	f.After = found.Next
	return rows, f.address(), nil
}

// became says what an event became, in a line.
func became(r webhook.Record, done string) string {
	switch r.State {
	case webhook.StateDone:
		return cmp.Or(done, "done")
	case webhook.StateIgnored:
		if isHandled(r.Event.Kind) {
			return "came late: a newer one was handled before"
		}
		return "kept; nothing here handles it"
	case webhook.StateRetry, webhook.StateDead:
		return r.LastError
	case webhook.StateRunning:
		return "being handled"
	}
	return "waiting"
}

// filter is what the address asks for.
type filter struct{ Platform, Outcome, After string }

// eventOutcomes and arrivalOutcomes are what can be asked for.
var (
	eventOutcomes   = []string{"waiting", string(webhook.StateRetry), string(webhook.StateDone), string(webhook.StateIgnored), string(webhook.StateDead)}
	arrivalOutcomes = []string{outcomeKept, outcomeDuplicate, outcomeRefused}
)

func filterOf(query url.Values) filter {
	f := filter{Platform: query.Get("platform"), Outcome: query.Get("outcome"), After: query.Get("after")}
	if !slices.Contains(eventOutcomes, f.Outcome) && !slices.Contains(arrivalOutcomes, f.Outcome) {
		f.Outcome = ""
	}
	return f
}

func (f filter) EventOutcomes() []string   { return eventOutcomes }
func (f filter) ArrivalOutcomes() []string { return arrivalOutcomes }
func (f filter) ShowsEvents() bool         { return !slices.Contains(arrivalOutcomes, f.Outcome) }
func (f filter) ShowsArrivals() bool {
	return f.After == "" && !slices.Contains(eventOutcomes, f.Outcome)
}
func (f filter) Some() bool { return f != filter{} }

// With returns the address that asks for another outcome.
func (f filter) With(outcome string) string { return filter{f.Platform, outcome, ""}.address() }

func (f filter) address() string {
	query := url.Values{}
	for name, value := range map[string]string{"platform": f.Platform, "outcome": f.Outcome, "after": f.After} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if len(query) == 0 {
		return "/"
	}
	return "/?" + query.Encode()
}

func (f filter) states() []webhook.State {
	switch f.Outcome {
	case "":
		return nil
	case "waiting":
		return []webhook.State{webhook.StatePending, webhook.StateRunning}
	}
	return []webhook.State{webhook.State(f.Outcome)}
}

func (f filter) selects(a *arrival) bool {
	return (f.Platform == "" || a.Platform == f.Platform) && (f.Outcome == "" || a.Outcome == f.Outcome)
}
