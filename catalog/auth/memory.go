package auth

import (
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
)

// memory is what a source knows of its own attempts beyond the store's record.
// It is bounded, and a process that starts without it is as safe as the record.
type memory struct {
	ended []string // attempts that are over, should they still be on record
	spent []spent  // single-use refresh tokens that were sent
	lost  struct { // the attempt whose answer never came, and what it was to replace
		attempt string
		version int64
	}
	refused struct { // by the platform, for good
		version int64
		err     error
	}
	replayed bool     // the journal was read
	event    *Refresh // what the flight has to report, nil = nothing
	version  int64    // of the credential the flight found, 0 = none
	told     string   // another's attempt whose loss was reported
	watched  struct { // another's attempt
		attempt string
		since   time.Time
	}
}

type spent struct {
	fingerprint string
	err         error // what asking for it again gives
}

// remembered bounds each list.
const remembered = 8

func remember[T any](list []T, item T) []T {
	return append(list[max(0, len(list)-remembered+1):], item)
}

// spend records a single-use refresh token that was sent. The store's intent
// guards it too, until somebody stores the same token anew.
func (m *memory) spend(token catalog.Secret, err error) {
	if !token.IsZero() {
		m.spent = remember(m.spent, spent{catalog.Fingerprint(token), err})
	}
}

// refusal is why a refresh token must not be sent, nil when it may. A lost
// attempt that has gone from an unchanged record was cancelled on purpose, to
// have the token sent once more.
func (m *memory) refusal(version int64, token catalog.Secret) error {
	if len(m.spent) == 0 || version == m.lost.version {
		return nil
	}
	fingerprint := catalog.Fingerprint(token)
	for _, s := range slices.Backward(m.spent) {
		if s.fingerprint == fingerprint {
			return s.err
		}
	}
	return nil
}

// overdue reports whether another's attempt can no longer be under way: its
// deadline has passed, or, where that process's clock is ahead, it was watched
// for as long as it may take.
func (m *memory) overdue(intent *catalog.RefreshIntent) bool {
	now := time.Now()
	if m.watched.attempt != intent.Attempt {
		m.watched.attempt, m.watched.since = intent.Attempt, now
	}
	return now.After(intent.Deadline) || now.Sub(m.watched.since) > intent.Deadline.Sub(intent.StartedAt)
}
