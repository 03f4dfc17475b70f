package bigcommercetest

import (
	"slices"
	"time"
)

// job is work of a request that is done when its time has come.
type job struct {
	due   time.Time
	left  int // further requests until then
	run   func()
	stock []stockChange // what it will do to stock, in order
}

// later puts a job behind the others, and does it at once if nothing has to
// pass first; writing is held.
func (s *Store) later(j job, wait time.Duration, requests int) {
	s.mu.Lock()
	j.due, j.left = s.now().Add(wait), requests
	s.pending = append(s.pending, j)
	s.mu.Unlock()
	s.runJobs()
}

// settle does the jobs whose time has come.
func (s *Store) settle() {
	s.mu.Lock()
	waiting := len(s.pending) > 0
	s.mu.Unlock()
	if waiting {
		s.writing.Lock()
		s.runJobs()
		s.writing.Unlock()
	}
}

// tick counts a request towards those that jobs wait for.
func (s *Store) tick() {
	s.mu.Lock()
	for i := range s.pending {
		s.pending[i].left--
	}
	s.mu.Unlock()
	s.settle()
}

// runJobs does the jobs that are due, in the order they came; writing is held.
func (s *Store) runJobs() {
	now := s.now()
	s.mu.Lock()
	var due []job
	s.pending = slices.DeleteFunc(s.pending, func(j job) bool {
		if j.due.After(now) || j.left > 0 {
			return false
		}
		due = append(due, j)
		return true
	})
	s.mu.Unlock()
	for _, j := range due {
		j.run()
	}
}
