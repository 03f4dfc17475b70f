package shopifytest

import (
	"fmt"
	"slices"
)

// job is work Shopify does in the background. It is done after some more
// requests have come, whatever they ask for.
type job struct {
	id    string
	left  int
	order int64 // that it cancels
	apply func()
}

// start begins a job.
func (s *Server) start(apply func()) *job {
	j := &job{id: fmt.Sprintf("gid://shopify/Job/%s", requestID()), left: s.cfg.JobRequests, apply: apply}
	s.writes.jobs = append(s.writes.jobs, j)
	s.busy.Store(true)
	return j
}

// progress moves jobs on; it takes the server's lock.
func (s *Server) progress() {
	if !s.busy.Load() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, j := range s.writes.jobs {
		if j.left > 0 {
			if j.left--; j.left == 0 {
				j.apply()
			}
		}
	}
	s.bulkProgress()
	s.busy.Store(slices.ContainsFunc(s.writes.jobs, func(j *job) bool { return j.left > 0 }) ||
		slices.ContainsFunc(s.writes.bulk, (*bulkJob).running))
}

// job finds a job; one that is long done is forgotten, as on the platform.
func (s *Server) job(id string) *job {
	for _, j := range s.writes.jobs {
		if j.id == id {
			return j
		}
	}
	return &job{id: id}
}
