package catalog

import (
	"encoding/json"
	"hash/fnv"
	"strconv"
	"time"
)

// checkpoint is how far a reader of changes has come.
type checkpoint struct {
	// Mark is the latest change time delivered; nothing older is left.
	Mark time.Time
	// Began and Cursor belong to a first full read that is not over.
	Began  time.Time
	Cursor Cursor
	// seen holds fingerprints of what was delivered within the overlap behind
	// Mark, so that looking there again does not deliver it again.
	seen map[uint64]time.Time
}

// maxSeen bounds a checkpoint; beyond it records come again, which is allowed.
const maxSeen = 2000

// since is where the platform is asked to start: behind the mark by the
// overlap and rounded down to the grain, so that nothing late is left out.
func (c *checkpoint) since(f ResourceFeatures) time.Time {
	if c.Mark.IsZero() {
		return time.Time{}
	}
	return c.Mark.Add(-f.Overlap).Truncate(max(f.Grain, time.Second))
}

func fingerprint(id string, updated time.Time) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id + "\x00" + strconv.FormatInt(updated.UnixNano(), 36)))
	return h.Sum64()
}

func (c *checkpoint) delivered(id string, updated time.Time) bool {
	_, ok := c.seen[fingerprint(id, updated)]
	return ok && !updated.IsZero()
}

func (c *checkpoint) deliver(id string, updated time.Time, overlap time.Duration) {
	c.deliverUpTo(id, updated, updated, overlap)
}

func (c *checkpoint) deliverUpTo(id string, updated, limit time.Time, overlap time.Duration) {
	if updated.IsZero() {
		return
	}
	if mark := earlier(updated, limit); mark.After(c.Mark) {
		c.Mark = mark
	}
	if c.seen == nil {
		c.seen = make(map[uint64]time.Time)
	}
	if len(c.seen) >= maxSeen {
		c.forget(overlap)
	}
	if len(c.seen) < maxSeen {
		c.seen[fingerprint(id, updated)] = updated
	}
}

// forget drops what lies further back than a reader will look again; if that
// is nothing, the older half, since those are repeated least.
func (c *checkpoint) forget(overlap time.Duration) {
	horizon := c.Mark.Add(-overlap - time.Second)
	for key, updated := range c.seen {
		if updated.Before(horizon) {
			delete(c.seen, key)
		}
	}
	if len(c.seen) >= maxSeen {
		clear(c.seen)
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

type checkpointJSON struct {
	V        int              `json:"v"`
	Platform string           `json:"platform"`
	Resource Resource         `json:"resource"`
	Mark     time.Time        `json:"mark,omitzero"`
	Began    time.Time        `json:"began,omitzero"`
	Cursor   Cursor           `json:"cursor,omitempty"`
	Seen     map[string]int64 `json:"seen,omitempty"` // fingerprint -> Unix nanoseconds
}

func (c *checkpoint) encode(platform string, resource Resource) string {
	if c.Mark.IsZero() && c.Began.IsZero() {
		return ""
	}
	out := checkpointJSON{V: 1, Platform: platform, Resource: resource, Mark: c.Mark, Began: c.Began, Cursor: c.Cursor}
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
	var in checkpointJSON
	if err := json.Unmarshal([]byte(saved), &in); err != nil {
		return refuse("the checkpoint is damaged", err)
	}
	if in.V != 1 || in.Platform != platform || in.Resource != resource {
		return refuse("the checkpoint belongs to "+clip(in.Platform, 20)+" "+clip(string(in.Resource), 20), nil)
	}
	c := checkpoint{Mark: in.Mark, Began: in.Began, Cursor: in.Cursor, seen: make(map[uint64]time.Time, len(in.Seen))}
	for key, nanos := range in.Seen {
		n, err := strconv.ParseUint(key, 36, 64)
		if err != nil {
			return refuse("the checkpoint is damaged", err)
		}
		c.seen[n] = time.Unix(0, nanos).UTC()
	}
	return c, nil
}
