package auth

import (
	"context"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Journal is a second place for the answer to a refresh: it is written before
// the credential store is, so that an answer outlives a process that dies, or
// is ended, while the store cannot be reached. sqlstore.OpenJournal makes one
// of local files.
//
// The database itself is no such place: a row there survives exactly when the
// credential's own compare-and-swap does, and that is tried for as long as the
// process lives. What helps is a disk that works while the database does not.
// A host whose database is a file on that same disk gains nothing. What is
// written is the credential as the adapter read it, a few microseconds after
// its bytes came; an answer that cannot be read buys nothing, whoever keeps it.
//
// Implementations are safe for concurrent use, keep secrets encrypted, and
// return ctx's error when it has ended. A journal belongs to one process.
type Journal interface {
	// Append puts the answer on disk, in place of an earlier one of the account.
	Append(ctx context.Context, answer Answer) error
	// Find returns the account's answer, or ErrNotFound.
	Find(ctx context.Context, account string) (Answer, error)
	// Remove forgets the account's answer if it is that attempt's; an absent
	// one is no error.
	Remove(ctx context.Context, account, attempt string) error
}

// Answer is a platform's answer to a refresh.
type Answer struct {
	// Account is the host's id of the account.
	Account string
	// Attempt is that of the catalog.RefreshIntent.
	Attempt string
	// Fingerprint names the refresh token that was used up.
	Fingerprint string
	// Credential is what came, whole.
	Credential catalog.Credential
}

// note writes an answer into the journal. When that fails there still is the
// store.
func (s *Source) note(ctx context.Context, a *answer) {
	if s.common.journal == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	s.memory.event.JournalErr = s.common.journal.Append(ctx, Answer{Account: s.account.ID, Attempt: a.attempt,
		Fingerprint: catalog.Fingerprint(a.used.RefreshToken), Credential: a.fresh})
}

// strike removes an attempt from the journal. One that stays is found out to
// be old when it is read.
func (s *Source) strike(ctx context.Context, attempt string) {
	if s.common.journal == nil || attempt == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTime)
	defer cancel()
	_ = s.common.journal.Remove(ctx, s.account.ID, attempt)
}

// recovered is an answer that an earlier life of this process wrote into the
// journal and did not get into the store, nil when there is none. The journal
// is read at the first look at the account, and whenever a refresh is on
// record.
func (s *Source) recovered(ctx context.Context, stored catalog.StoredCredential) *answer {
	if s.common.journal == nil || stored.Refresh == nil && s.memory.replayed {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	found, err := s.common.journal.Find(limited, s.account.ID)
	s.memory.replayed = err == nil || catalog.KindOf(err) == catalog.ErrNotFound
	if err != nil {
		return nil
	}
	old := stored.Credential
	follows := stored.Refresh != nil && stored.Refresh.Attempt == found.Attempt ||
		// Somebody cancelled the refresh; its answer is still better than asking again.
		found.Fingerprint == catalog.Fingerprint(old.RefreshToken) && !found.Credential.RefreshToken.Equal(old.RefreshToken)
	if !follows {
		s.strike(ctx, found.Attempt)
		return nil
	}
	fresh := found.Credential.Clone()
	fresh.WebhookSecrets = old.WebhookSecrets
	s.memory.event = &Refresh{StartedAt: time.Now()}
	return &answer{version: stored.Version, used: old, fresh: fresh, attempt: found.Attempt}
}
