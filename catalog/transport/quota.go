package transport

import "sync"

// quota is the credit for retries that a Client's calls share, in tenths of a
// retry.
type quota struct {
	mu       sync.Mutex
	left     int
	capacity int
}

func newQuota(retries int) *quota { return &quota{left: 10 * retries, capacity: 10 * retries} }

// take spends one retry; false means there is none left.
func (q *quota) take() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.left < 10 {
		return false
	}
	q.left -= 10
	return true
}

// give credits a success.
func (q *quota) give(afterRetry bool) {
	credit := 1
	if afterRetry {
		credit = 10
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.left = min(q.left+credit, q.capacity)
}
