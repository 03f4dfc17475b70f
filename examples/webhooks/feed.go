package main

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

// What the feed keeps in memory: so many deliveries, and so much of each.
const (
	keptArrivals = 200
	keptText     = 300 // bytes of a text that strangers send
	keptHeaders  = 24
)

// An arrival's outcomes.
const (
	outcomeKept      = "kept"      // as a new event
	outcomeDuplicate = "duplicate" // of events that were known
	outcomeNothing   = "nothing"   // authentic, without an event: a ping or a challenge
	outcomeRefused   = "refused"
)

// arrival is one delivery as the page shows it.
type arrival struct {
	Number   int64
	At       time.Time
	Method   string
	Path     string
	Platform string
	Source   string
	Status   int
	Outcome  string
	// Code, Reason and Hint say why it was refused. The sender was not told.
	Code, Reason, Hint string
	Size               int
	Topics             []string // of the events it holds
	Events             []string // the inbox's names for them
	Header             []header // only of what was refused
}

type header struct{ Name, Value string }

// feed remembers the latest deliveries and tells browsers that something
// changed. Its memory does not grow with what is sent. It is safe for
// concurrent use.
type feed struct {
	mu       sync.Mutex
	recent   []arrival // a ring
	total    int64
	outcomes map[string]int64
	clients  map[chan struct{}]bool
	quiet    int // ticks left until nothing more is told
	ended    chan struct{}
	end      func()
}

func newFeed() *feed {
	f := &feed{outcomes: make(map[string]int64), clients: make(map[chan struct{}]bool), ended: make(chan struct{})}
	f.end = sync.OnceFunc(func() { close(f.ended) })
	go f.tick()
	return f
}

// add remembers a delivery.
func (f *feed) add(report webhook.Report) {
	a := arrivalOf(report)
	f.mu.Lock()
	defer f.mu.Unlock()
	a.Number = f.total
	if len(f.recent) < keptArrivals {
		f.recent = append(f.recent, a)
	} else {
		f.recent[f.total%keptArrivals] = a
	}
	f.total++
	f.outcomes[a.Outcome]++
	f.quiet = quietTicks
}

func arrivalOf(report webhook.Report) arrival {
	a := arrival{At: report.At, Method: cut(report.Method), Path: cut(report.Path), Platform: report.Platform, Source: cut(report.Source),
		Status: report.Status, Size: report.Size, Outcome: outcomeNothing}
	for i, result := range report.Results {
		if result.Err == nil && i < len(report.Events) {
			a.Events = append(a.Events, result.ID)
			a.Topics = append(a.Topics, cut(report.Events[i].Topic))
		}
		switch {
		case !result.Duplicate:
			a.Outcome = outcomeKept
		case a.Outcome == outcomeNothing:
			a.Outcome = outcomeDuplicate
		}
	}
	if report.Err == nil {
		return a
	}
	a.Outcome, a.Reason = outcomeRefused, cut(report.Err.Error())
	if e, ok := errors.AsType[*catalog.Error](report.Err); ok {
		a.Code, a.Reason, a.Hint = cut(e.Code), cut(cmp.Or(e.Message, a.Reason)), cut(e.Hint)
	}
	a.Header = headersOf(report.Header, keptHeaders)
	return a
}

// headersOf lists headers by name, bounded.
func headersOf(h http.Header, most int) []header {
	var all []header
	for name, values := range h {
		all = append(all, header{cut(name), cut(strings.Join(values, ", "))})
	}
	slices.SortFunc(all, func(a, b header) int { return strings.Compare(a.Name, b.Name) })
	return all[:min(len(all), most)]
}

func cut(text string) string {
	if len(text) <= keptText {
		return text
	}
	return strings.ToValidUTF8(text[:keptText], "") + "…"
}

// latest returns up to limit deliveries, newest first.
func (f *feed) latest(limit int, selects func(*arrival) bool) []arrival {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []arrival
	for n := f.total - 1; n >= 0 && n >= f.total-int64(len(f.recent)) && len(all) < limit; n-- {
		if a := f.recent[n%keptArrivals]; selects(&a) {
			all = append(all, a)
		}
	}
	return all
}

// counted returns how many deliveries came to each outcome since the start.
func (f *feed) counted() map[string]int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	counts := map[string]int64{outcomeKept: 0, outcomeDuplicate: 0, outcomeNothing: 0, outcomeRefused: 0}
	for outcome, n := range f.outcomes {
		counts[outcome] = n
	}
	return counts
}

// Browsers are told of changes once in a tick, and for some ticks after the
// last: an attempt is on record a moment after it is reported. Then keepAlive has
// them look again, should a busy machine have taken longer.
const (
	tick       = 400 * time.Millisecond
	quietTicks = 4
)

// changed says that something on the page may look different now.
func (f *feed) changed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.quiet = quietTicks
}

func (f *feed) tick() {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-f.ended:
			return
		case <-ticker.C:
		}
		f.mu.Lock()
		if f.quiet > 0 {
			f.quiet--
			for client := range f.clients {
				select {
				case client <- struct{}{}:
				default: // it has one to read already, which says the same
				}
			}
		}
		f.mu.Unlock()
	}
}

// maxClients bounds the browsers that are told of changes; a client that does
// not take a message within slowClient is dropped.
const (
	maxClients = 32
	slowClient = 5 * time.Second
	keepAlive  = 15 * time.Second
)

func (f *feed) join() (chan struct{}, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.clients) >= maxClients {
		return nil, false
	}
	client := make(chan struct{}, 1)
	f.clients[client] = true
	return client, true
}

func (f *feed) leave(client chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.clients, client)
}

// ServeHTTP streams "changed" as server-sent events.
func (f *feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	client, ok := f.join()
	if !ok {
		w.Header().Set("Retry-After", "30")
		http.Error(w, "too many open pages: "+strconv.Itoa(maxClients)+" are told of changes at a time; reload by hand", http.StatusServiceUnavailable)
		return
	}
	defer f.leave(client)
	w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(w)
	tell := func(text string) bool {
		if control.SetWriteDeadline(time.Now().Add(slowClient)) != nil {
			return false
		}
		_, err := fmt.Fprint(w, text)
		return err == nil && control.Flush() == nil
	}
	ok = tell("retry: 2000\nevent: changed\ndata: {}\n\n")
	alive := time.NewTicker(keepAlive)
	defer alive.Stop()
	for ok {
		select {
		case <-client:
			ok = tell("event: changed\ndata: {}\n\n")
		case <-alive.C: // also for what came on record later than the ticks
			ok = tell("event: changed\ndata: {}\n\n")
		case <-f.ended:
			return
		case <-r.Context().Done():
			return
		}
	}
}
