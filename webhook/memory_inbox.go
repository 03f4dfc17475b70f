package webhook

import (
	"cmp"
	"container/list"
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/soukhq/souk/catalog"
)

// MemoryInboxConfig tunes a MemoryInbox; zero fields mean the defaults.
type MemoryInboxConfig struct {
	// MaxRecords bounds the records; 0 = 10,000. When it is reached the record
	// that is final for the longest time is forgotten, its keys stay; when none
	// is final, Put is ErrUnavailable.
	MaxRecords int
	// MaxBytes bounds the payloads of all records, with the same effect;
	// 0 = 64 MiB.
	MaxBytes int64
	// MaxKeys bounds the known keys, at about 300 bytes each; 0 = 200,000. When
	// it is reached the oldest of a final record is forgotten.
	MaxKeys int
	// Now is the clock; nil = time.Now.
	Now func() time.Time
}

// MemoryInbox is an Inbox within one process, for tests and for hosts that can
// lose events: a restart forgets all. It is a Claimer and a Waker, and safe
// for concurrent use.
type MemoryInbox struct {
	config MemoryInboxConfig
	wake   chan struct{}

	mu      sync.Mutex
	last    int64 // sequence of the newest record
	bytes   int64 // of all payloads
	waiting int64 // of those of open records
	records map[string]*memoryRecord
	order   []*memoryRecord          // by sequence, oldest first; forgotten ones are nil
	open    map[string]*memoryRecord // those not final
	final   list.List                // final records, settled longest ago first
	keys    map[string]*memoryKey
	byAge   list.List // of *memoryKey, oldest first
}

type memoryRecord struct {
	Record
	seq   int64
	at    int // index in order
	owner string
	tries int
	final *list.Element // nil while open
}

type memoryKey struct {
	key string
	id  string
	own bool // it is the Event.Key of its record
	at  time.Time
	age *list.Element
}

// NewMemoryInbox makes an empty inbox.
func NewMemoryInbox(config MemoryInboxConfig) *MemoryInbox {
	config.MaxRecords = cmp.Or(max(config.MaxRecords, 0), 10_000)
	config.MaxBytes = cmp.Or(max(config.MaxBytes, 0), 64<<20)
	config.MaxKeys = cmp.Or(max(config.MaxKeys, 0), 200_000)
	if config.Now == nil {
		config.Now = time.Now
	}
	return &MemoryInbox{config: config, wake: make(chan struct{}, 1), records: make(map[string]*memoryRecord),
		open: make(map[string]*memoryRecord), keys: make(map[string]*memoryKey)}
}

// Wake implements Waker.
func (m *MemoryInbox) Wake() <-chan struct{} { return m.wake }

func (m *MemoryInbox) ring() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// Put implements Putter.
func (m *MemoryInbox) Put(ctx context.Context, entries []Entry) ([]PutResult, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.fits(entries) {
		return nil, &catalog.Error{Op: "keep events", Kind: catalog.ErrUnavailable, Message: "the inbox in memory is full of events that wait"}
	}
	results := make([]PutResult, len(entries))
	for i := range entries {
		results[i] = m.put(&entries[i])
	}
	m.ring()
	return results, nil
}

// fits reports whether the entries that are new have room beside the records
// that cannot be forgotten.
func (m *MemoryInbox) fits(entries []Entry) bool {
	bytes, fresh := m.waiting, 0
	for i := range entries {
		if m.keys[entries[i].Event.Key] == nil {
			bytes += int64(len(entries[i].Event.Payload))
			fresh++
		}
	}
	return fresh == 0 || bytes <= m.config.MaxBytes && len(m.open)+fresh <= m.config.MaxRecords
}

func (m *MemoryInbox) put(e *Entry) PutResult {
	if e.Event.Key == "" {
		return PutResult{Err: &catalog.Error{Platform: e.Event.Platform, Op: "keep event", Kind: catalog.ErrInvalid, Message: "the event has no key"}}
	}
	if k := m.keys[e.Event.Key]; k != nil {
		return m.duplicate(k)
	}
	if k := m.keys[e.Twin]; k != nil && k.own {
		return m.duplicate(k)
	}
	m.makeRoom(int64(len(e.Event.Payload)))
	m.last++
	now := m.config.Now().UTC()
	r := &memoryRecord{seq: m.last, at: len(m.order), Record: Record{ID: strconv.FormatInt(m.last, 10), Event: e.Event, Header: e.Header.Clone(),
		State: StatePending, StoredAt: now, DueAt: now}}
	r.Event.Payload = slices.Clone(e.Event.Payload)
	m.records[r.ID], m.open[r.ID] = r, r
	m.order = append(m.order, r)
	m.bytes += int64(len(r.Event.Payload))
	m.waiting += int64(len(r.Event.Payload))
	m.know(e.Event.Key, r.ID, true, now)
	for _, state := range e.States {
		m.know(state, r.ID, false, now)
	}
	return PutResult{ID: r.ID}
}

func (m *MemoryInbox) duplicate(k *memoryKey) PutResult {
	result := PutResult{Duplicate: true}
	if m.records[k.id] != nil {
		result.ID = k.id
	}
	return result
}

func (m *MemoryInbox) know(key, id string, own bool, now time.Time) {
	if key == "" || m.keys[key] != nil {
		return
	}
	for e := m.byAge.Front(); e != nil && len(m.keys) >= m.config.MaxKeys; {
		next := e.Next()
		if old := e.Value.(*memoryKey); m.open[old.id] == nil {
			m.forget(old)
		}
		e = next
	}
	k := &memoryKey{key: key, id: id, own: own, at: now}
	k.age = m.byAge.PushBack(k)
	m.keys[key] = k
}

func (m *MemoryInbox) forget(k *memoryKey) {
	m.byAge.Remove(k.age)
	delete(m.keys, k.key)
}

// makeRoom forgets final records until one more fits.
func (m *MemoryInbox) makeRoom(size int64) {
	for len(m.records) >= m.config.MaxRecords || m.bytes+size > m.config.MaxBytes {
		front := m.final.Front()
		if front == nil {
			return
		}
		m.remove(front.Value.(*memoryRecord))
	}
}

func (m *MemoryInbox) remove(r *memoryRecord) {
	m.final.Remove(r.final)
	delete(m.records, r.ID)
	m.order[r.at] = nil
	m.bytes -= int64(len(r.Event.Payload))
	if len(m.order) > 64 && len(m.records) < len(m.order)/2 {
		m.order = slices.DeleteFunc(m.order, func(r *memoryRecord) bool { return r == nil })
		for i, r := range m.order {
			r.at = i
		}
	}
}

var (
	_ Inbox   = (*MemoryInbox)(nil)
	_ Claimer = (*MemoryInbox)(nil)
	_ Waker   = (*MemoryInbox)(nil)
)
