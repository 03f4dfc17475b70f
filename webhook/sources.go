package webhook

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxSources bounds the sources that are remembered; the one refused longest
// ago is forgotten.
const maxSources = 10_000

// sources limits the refused requests of each source. Accepted ones cost
// nothing: a platform sends for all its merchants from a few addresses.
type sources struct {
	limit rate.Limit
	burst int

	mu     sync.Mutex
	byName map[string]*list.Element
	recent list.List // of *sourceLimit, refused longest ago first
}

type sourceLimit struct {
	name    string
	limiter *rate.Limiter
}

func newSources(limit rate.Limit, burst int) *sources {
	return &sources{limit: orDefault(limit, 5), burst: orDefault(burst, 50), byName: make(map[string]*list.Element)}
}

// allow reports whether the source may send.
func (s *sources) allow(name string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.byName[name]
	return e == nil || e.Value.(*sourceLimit).limiter.TokensAt(now) >= 1
}

// charge counts a refusal.
func (s *sources) charge(name string, now time.Time) {
	if s == nil || name == "" || s.limit == rate.Inf {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.byName[name]
	if e == nil {
		if s.recent.Len() >= maxSources {
			oldest := s.recent.Front()
			delete(s.byName, oldest.Value.(*sourceLimit).name)
			s.recent.Remove(oldest)
		}
		e = s.recent.PushBack(&sourceLimit{name, rate.NewLimiter(s.limit, s.burst)})
		s.byName[name] = e
	}
	s.recent.MoveToBack(e)
	e.Value.(*sourceLimit).limiter.AllowN(now, 1)
}
