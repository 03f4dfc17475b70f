package magentotest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Attempt is one try of a delivery.
type Attempt struct {
	Status int    // 0 when no answer came
	Body   []byte // of the answer, at most 64 KiB
	Err    error  // what went wrong when none came
}

// maxTries bounds the tries of I/O Events, which go on for a day.
const maxTries = 12

// Deliver posts the delivery as its sender does, with the same bytes each time,
// and returns every try. The error says that none succeeded, or that the
// context ended.
//
//   - I/O Events: again on 429, any 5xx but 505, and no answer, after 1, 2, 4, 8,
//     15, 15... times Config.RedeliveryGap, twelve tries; each has its own
//     delivery id, and from the second on a retry count.
//   - async-events: again on any 4xx and 5xx, five tries, after 1, 4, 9, 16
//     gaps, or after Retry-After seconds; never when there was no answer.
//   - Standard Webhooks: again on anything but 2xx, three tries, the gap doubling.
//   - Commerce Webhooks: once.
func (s *Server) Deliver(ctx context.Context, url string, d Delivery) ([]Attempt, error) {
	client := &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	defer client.CloseIdleConnections()
	var tries []Attempt
	for {
		n := len(tries)
		try := d
		if d.Kind == KindIO {
			try = d.With(HeaderDeliveryID, uuid())
			if n > 0 {
				try = try.With(HeaderRetryCount, strconv.Itoa(n))
			}
		}
		r, err := try.Request(ctx, url)
		if err != nil {
			return tries, err
		}
		a, wait := Attempt{}, time.Duration(0)
		res, err := client.Do(r)
		if err != nil {
			a.Err = err
		} else {
			a.Body, _ = io.ReadAll(io.LimitReader(res.Body, 64<<10))
			_ = res.Body.Close()
			a.Status = res.StatusCode
			if secs, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && d.Kind == KindAsync {
				wait = time.Duration(secs) * time.Second
			}
		}
		tries = append(tries, a)
		if a.Status >= 200 && a.Status < 300 {
			return tries, nil
		}
		if ctx.Err() != nil {
			return tries, ctx.Err()
		}
		gap, again := d.Kind.retry(a, n+1)
		if !again {
			return tries, fmt.Errorf("magentotest: delivery of %s: no success in %d tries, last status %d", d.Event, len(tries), a.Status)
		}
		if wait == 0 {
			wait = time.Duration(gap) * s.cfg.RedeliveryGap
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return tries, ctx.Err()
		}
	}
}

// retry says how many gaps to wait after the n-th try, and whether to.
func (k Kind) retry(a Attempt, n int) (gaps int, again bool) {
	switch k {
	case KindIO:
		temporary := a.Status == 0 || a.Status == http.StatusTooManyRequests ||
			a.Status >= 500 && a.Status != http.StatusHTTPVersionNotSupported
		return min(1<<(n-1), 15), temporary && n < maxTries
	case KindAsync:
		return min(n*n, 60), a.Status >= 400 && n < 5
	case KindStandard:
		return 1 << (n - 1), n < 3
	}
	return 0, false
}
