package catalog

import (
	"encoding/json"
	"strconv"
	"time"
)

// checkpoint is how far a reader of changes has come.
type checkpoint struct {
	// Mark: what changed before it, less the overlap, was delivered.
	Mark time.Time
	// readState belongs to a read that is not over.
	readState
	// seen holds fingerprints of what was delivered within the overlap behind
	// Mark, so that looking there again does not deliver it again.
	seen map[uint64]time.Time
	// crowded says that seen was too small for this read.
	crowded bool
}

// readState is how far one read has come.
type readState struct {
	Mode readMode `json:"mode,omitempty"`
	// Began is when it began, by this machine's clock.
	Began time.Time `json:"began,omitzero"`
	// Since is where its list starts; Cursor fits no other list.
	Since  time.Time `json:"since,omitzero"`
	Cursor Cursor    `json:"cursor,omitempty"`
	// Last and LastID are the time and the id delivered last.
	Last   time.Time `json:"last,omitzero"`
	LastID string    `json:"last_id,omitempty"`
}

type readMode string

const (
	readFull       readMode = "full"
	readSorted     readMode = "sorted"
	readSortedScan readMode = "sorted_scan"
	readCollected  readMode = "collected"
)

const (
	// maxSeen bounds a checkpoint; beyond it records come again, which is allowed.
	maxSeen = 2000
	// maxCheckpoint bounds the text, far above what maxSeen can fill.
	maxCheckpoint = 1 << 20
	// clockSkew is by how much our clock may differ from the platform's.
	clockSkew = 5 * time.Minute
)

// sinceMark is where the platform is asked to start: behind the mark by the
// overlap and rounded down to the grain, so that nothing late is left out.
func sinceMark(mark time.Time, f ResourceFeatures) time.Time {
	if mark.IsZero() {
		return time.Time{}
	}
	return mark.Add(-f.Overlap).Truncate(max(f.Grain, time.Second))
}

// limit is what Mark must not pass: a record listed since Began may have
// changed again, and a change just before it may not have been visible yet.
func (c *checkpoint) limit() time.Time { return c.Began.Add(-clockSkew) }

// begin starts a read, or goes on with one that was left.
func (c *checkpoint) begin(mode readMode, f ResourceFeatures, now time.Time) {
	now = now.UTC().Truncate(time.Second)
	c.crowded = false
	switch {
	case c.Mode != mode:
	case mode == readFull && c.Cursor != "":
		return
	case mode != readFull && !c.Last.IsZero() && c.Last.Before(sinceMark(c.limit(), f)):
		// Nothing can turn up any more that far back: the place is still good.
		c.Began = now
		if c.Cursor == "" {
			c.Since = sinceMark(c.Mark, f)
		}
		return
	}
	c.readState = readState{Mode: mode, Began: now, Since: sinceMark(c.Mark, f)}
}

// passed reports a record that the read delivered before it was left.
func (c *checkpoint) passed(item changed) bool {
	return !item.updated.IsZero() && (item.updated.Before(c.Last) || item.updated.Equal(c.Last) && item.id <= c.LastID)
}

func (c *checkpoint) delivered(key uint64) bool {
	_, ok := c.seen[key]
	return ok
}

// deliver notes that a record was handled.
func (c *checkpoint) deliver(item changed, key uint64, f ResourceFeatures) {
	if year := item.updated.Year(); item.updated.IsZero() || year < 1 || year > 9999 {
		return // no time to go by: comes every time
	}
	c.Last, c.LastID = item.updated, item.id
	next := c.limit()
	if c.Mode != readFull {
		if item.updated.Before(next) {
			next = item.updated
		}
		if next.After(c.Mark) {
			c.Mark = next
		}
	}
	if old(item.updated, sinceMark(next, f)) {
		return // the next read does not look there
	}
	if len(c.seen) >= maxSeen {
		c.forget(f)
	}
	if len(c.seen) >= maxSeen {
		c.crowded = true
		clear(c.seen)
	}
	if c.seen == nil {
		c.seen = make(map[uint64]time.Time)
	}
	c.seen[key] = item.updated
}

// moveTo is for lists that are continued by a cursor.
func (c *checkpoint) moveTo(cursor Cursor) {
	if cursor != "" {
		c.Cursor = cursor
	}
}

// finish ends a read that has seen everything.
func (c *checkpoint) finish(f ResourceFeatures) {
	// Normally the mark stays at the last change and depends on no clock. When
	// more changed than seen can hold it moves on, lest all come every time.
	if limit := c.limit(); (c.Mode == readFull || c.crowded) && limit.After(c.Mark) {
		c.Mark = limit
	}
	c.readState = readState{}
	c.forget(f)
}

// forget drops what lies further back than a reader will look again.
func (c *checkpoint) forget(f ResourceFeatures) {
	since := sinceMark(c.Mark, f)
	for key, updated := range c.seen {
		if updated.Before(since) {
			delete(c.seen, key)
		}
	}
}

type checkpointJSON struct {
	V        int       `json:"v"`
	Platform string    `json:"platform"`
	Resource Resource  `json:"resource"`
	Mark     time.Time `json:"mark,omitzero"`
	readState
	Seen map[string]int64 `json:"seen,omitempty"` // fingerprint -> Unix nanoseconds
}

func (c *checkpoint) encode(platform string, resource Resource) string {
	if c.Mark.IsZero() && c.Cursor == "" && len(c.seen) == 0 {
		return ""
	}
	out := checkpointJSON{V: 1, Platform: platform, Resource: resource, Mark: c.Mark, readState: c.readState}
	for key, updated := range c.seen {
		if out.Seen == nil {
			out.Seen = make(map[string]int64, len(c.seen))
		}
		out.Seen[strconv.FormatUint(key, 36)] = updated.UnixNano()
	}
	text, _ := json.Marshal(out) // plain data always encodes
	return string(text)
}

func parseCheckpoint(platform string, resource Resource, saved string) (checkpoint, error) {
	if saved == "" {
		return checkpoint{}, nil
	}
	refuse := func(why string, cause error) (checkpoint, error) {
		return checkpoint{}, &Error{Platform: platform, Op: "read changed " + string(resource), Kind: ErrInvalid, Message: why,
			Hint: `use the checkpoint of the same store and resource, or "" to read everything again`, Err: cause}
	}
	if len(saved) > maxCheckpoint {
		return refuse("the checkpoint is damaged: it is too long", nil)
	}
	var in checkpointJSON
	if err := json.Unmarshal([]byte(saved), &in); err != nil {
		return refuse("the checkpoint is damaged", err)
	}
	switch {
	case in.V != 1:
		return refuse("the checkpoint is damaged, or from another version of souk", nil)
	case in.Platform != platform || in.Resource != resource:
		return refuse("the checkpoint belongs to "+clip(in.Platform, 20)+" "+clip(string(in.Resource), 20), nil)
	}
	c := checkpoint{Mark: in.Mark, readState: in.readState, seen: make(map[uint64]time.Time, len(in.Seen))}
	for key, nanos := range in.Seen {
		n, err := strconv.ParseUint(key, 36, 64)
		if err != nil {
			return refuse("the checkpoint is damaged", err)
		}
		c.seen[n] = time.Unix(0, nanos).UTC()
	}
	return c, nil
}
