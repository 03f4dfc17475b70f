package sqlstore

import (
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/webhook"
)

// maxEventText bounds the texts of an event in bytes: some are in an index.
const maxEventText = 2000

// eventRow is an entry as it is stored.
type eventRow struct {
	event   *catalog.Event
	key     []byte
	twin    []byte // nil = none
	states  [][]byte
	header  sql.NullString
	payload []byte
	result  webhook.PutResult
}

// maxPlainKey bounds the keys that are stored as they are, in bytes.
const maxPlainKey = 400

// storedKey is a key as the table of keys has it: as it is, so that the keys
// of states, which are alike for a store's records, are neighbours and share
// pages, or its SHA-256 when it is long. The first byte tells them apart.
func storedKey(key string) []byte {
	if len(key) <= maxPlainKey {
		return append([]byte{'k'}, key...)
	}
	hash := sha256.Sum256([]byte(key))
	return append([]byte{'h'}, hash[:]...)
}

// encode reads an entry, or says why it cannot be kept.
func (r *eventRow) encode(entry *webhook.Entry) error {
	e := &entry.Event
	refused := func(why string) error {
		return &catalog.Error{Platform: readable(e.Platform), Op: "keep event", Kind: catalog.ErrInvalid, Message: why}
	}
	if e.Key == "" {
		return refused("the event has no key")
	}
	if err := checkText(e.Key, e.Platform, e.Store, e.Account, e.Topic, string(e.Kind), string(e.Resource), e.ResourceID, e.Correlation, string(e.PayloadKind)); err != nil {
		return refused("a text of the event holds a zero byte or is not UTF-8")
	}
	for _, text := range []string{e.Platform, e.Store, e.Account, e.Topic, string(e.Kind), string(e.Resource), e.ResourceID, e.Correlation, string(e.PayloadKind)} {
		if len(text) > maxEventText {
			return refused("a text of the event is longer than " + strconv.Itoa(maxEventText) + " bytes")
		}
	}
	r.event, r.key, r.payload = e, storedKey(e.Key), e.Payload
	if entry.Twin != "" {
		r.twin = storedKey(entry.Twin)
	}
	for _, state := range entry.States {
		if state != "" {
			r.states = append(r.states, storedKey(state))
		}
	}
	if entry.Header != nil {
		if !headerIsText(entry.Header) {
			return refused("the header is not UTF-8")
		}
		text, err := json.Marshal(entry.Header)
		if err != nil {
			return refused("the header cannot be written")
		}
		r.header = sql.NullString{String: string(text), Valid: true}
	}
	return nil
}

func headerIsText(h http.Header) bool {
	for name, values := range h {
		if !utf8.ValidString(name) {
			return false
		}
		for _, v := range values {
			if !utf8.ValidString(v) {
				return false
			}
		}
	}
	return true
}

// insertColumns are what args gives, behind seq.
const insertColumns = "seq, key, platform, store, account, topic, kind, resource, resource_id, correlation, payload_kind, partial, occurred_at, updated_at, received_at, stored_at, due_at, state"

// args are the values of insertColumns.
func (r *eventRow) args(seq int64, now time.Time) []any {
	e := r.event
	return []any{seq, e.Key, e.Platform, e.Store, e.Account, e.Topic, string(e.Kind), string(e.Resource), e.ResourceID, e.Correlation, string(e.PayloadKind),
		number(e.Partial), micros(e.OccurredAt), micros(e.UpdatedAt), micros(e.ReceivedAt), now.UnixMicro(), now.UnixMicro(), string(webhook.StatePending)}
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// eventColumns are what an eventScan reads, of the table as e.
const eventColumns = "e.seq, e.key, e.platform, e.store, e.account, e.topic, e.kind, e.resource, e.resource_id, e.correlation, e.payload_kind, e.partial, " +
	"e.occurred_at, e.updated_at, e.received_at, e.stored_at, e.due_at, e.settled_at, e.state, e.attempts, e.tries, e.replays, e.last_error"

// eventScan reads a row of eventColumns.
type eventScan struct {
	seq, partial, stored, attempts, tries, replays    int64
	occurred, updated, received, due, settled         sql.NullInt64
	key, platform, store, account, topic, kind, state string
	resource, resourceID, correlation, payloadKind    string
	lastError                                         string
}

// into is where the columns go.
func (s *eventScan) into(more ...any) []any {
	return append([]any{&s.seq, &s.key, &s.platform, &s.store, &s.account, &s.topic, &s.kind, &s.resource, &s.resourceID, &s.correlation, &s.payloadKind, &s.partial,
		&s.occurred, &s.updated, &s.received, &s.stored, &s.due, &s.settled, &s.state, &s.attempts, &s.tries, &s.replays, &s.lastError}, more...)
}

func (s *eventScan) event(payload []byte) catalog.Event {
	return catalog.Event{
		Key: s.key, Platform: s.platform, Store: s.store, Account: s.account, Topic: s.topic, Kind: catalog.EventKind(s.kind),
		Resource: catalog.Resource(s.resource), ResourceID: s.resourceID, Correlation: s.correlation, PayloadKind: catalog.RawKind(s.payloadKind),
		Partial: s.partial != 0, OccurredAt: fromMicros(s.occurred), UpdatedAt: fromMicros(s.updated), ReceivedAt: fromMicros(s.received), Payload: payload,
	}
}

func (s *eventScan) record(payload []byte) webhook.Record {
	return webhook.Record{
		ID: strconv.FormatInt(s.seq, 10), Event: s.event(payload), State: webhook.State(s.state), Attempts: int(s.attempts), Replays: int(s.replays),
		LastError: s.lastError, StoredAt: time.UnixMicro(s.stored).UTC(), DueAt: fromMicros(s.due), SettledAt: fromMicros(s.settled),
	}
}

// parseID reads a record's ID; 0 = it is nobody's.
func parseID(id string) int64 {
	seq, err := strconv.ParseInt(id, 10, 64)
	if err != nil || seq < 1 || strconv.FormatInt(seq, 10) != id {
		return 0
	}
	return seq
}
