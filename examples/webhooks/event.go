package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/soukhq/souk/webhook"
)

// shownPayload bounds the payload on a page; the inbox has all of it.
const shownPayload = 64 << 10

// eventPage is what event.html shows.
type eventPage struct {
	webhook.Record
	Became  string
	Headers []header
	Payload string
	Size    int
	Cut     bool
	Latest  []webhook.Attempt // latest first
}

func (p eventPage) Replayable() bool {
	return slices.Contains(webhook.Query{}.Replayable(), p.State)
}

func (h *host) event(w http.ResponseWriter, r *http.Request) {
	record, err := h.inbox.Get(r.Context(), r.PathValue("id"))
	if err != nil {
		h.failed(w, err)
		return
	}
	done, err := h.effects.of(r.Context(), []string{record.ID})
	if err != nil {
		h.failed(w, err)
		return
	}
	page := eventPage{Record: record, Became: became(record, done[record.ID]), Headers: headersOf(record.Header, 64), Size: len(record.Event.Payload)}
	page.Payload, page.Cut = pretty(record.Event.Payload)
	page.Latest = slices.Clone(record.History)
	slices.Reverse(page.Latest)
	render(w, http.StatusOK, "event.html", page)
}

// pretty indents JSON, up to a length. What is no JSON stays as it is.
func pretty(payload []byte) (string, bool) {
	var indented bytes.Buffer
	text := payload
	if len(payload) <= 8*shownPayload && json.Indent(&indented, payload, "", "  ") == nil {
		text = indented.Bytes()
	}
	if len(text) <= shownPayload {
		return string(text), false
	}
	return string(bytes.ToValidUTF8(text[:shownPayload], nil)), true
}

// replay makes one event due again.
func (h *host) replay(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if _, err := h.inbox.Get(r.Context(), id); err != nil {
		h.failed(w, err)
		return
	}
	// None is replayed when it is being handled just now, which is as good.
	if _, err := h.inbox.Replay(r.Context(), webhook.Query{ID: id}); err != nil {
		h.failed(w, err)
		return
	}
	h.feed.changed()
	http.Redirect(w, r, "/events/"+id, http.StatusSeeOther)
}

// replayDead makes all dead letters due again, or those of a platform.
func (h *host) replayDead(w http.ResponseWriter, r *http.Request) {
	f := filter{Platform: r.URL.Query().Get("platform"), Outcome: string(webhook.StateDead)}
	n, err := h.inbox.Replay(r.Context(), webhook.Query{Platform: f.Platform, States: f.states()})
	if err != nil {
		h.failed(w, err)
		return
	}
	h.feed.changed()
	f.Outcome = ""
	address := f.address()
	if address == "/" {
		address += "?"
	} else {
		address += "&"
	}
	http.Redirect(w, r, address+"replayed="+strconv.Itoa(n), http.StatusSeeOther)
}
