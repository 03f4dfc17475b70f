package webhook

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"sync/atomic"
	"time"
)

// chunk is how much of a body is read into one piece of memory.
const chunk = 64 << 10

// gauge bounds the memory that the bodies of all requests take.
type gauge struct {
	max  int64
	used atomic.Int64
}

func (g *gauge) take(n int64) bool {
	if g.used.Add(n) > g.max {
		g.used.Add(-n)
		return false
	}
	return true
}

func (g *gauge) release(n int64) { g.used.Add(-n) }

// readBody reads the body within its bounds and the time the request has.
// Memory follows what has arrived, not what was announced. The gauge keeps
// held until the caller releases it.
func (r *Receiver) readBody(ctx context.Context, w http.ResponseWriter, req *http.Request) (body []byte, held int64, refused answer) {
	limit := orDefault(r.MaxBody, 2<<20)
	tooLarge := answer{status: http.StatusRequestEntityTooLarge, err: errors.New("webhook: the body is larger than MaxBody")}
	if req.ContentLength > limit {
		w.Header().Set("Connection", "close") // do not read it to save the connection
		return nil, 0, tooLarge
	}
	control := http.NewResponseController(w)
	if deadline, ok := ctx.Deadline(); ok {
		// Where the writer has no deadlines the server's own ReadTimeout counts.
		if control.SetReadDeadline(deadline) == nil {
			defer func() {
				if refused.err == nil {
					_ = control.SetReadDeadline(time.Time{}) // or it would cut the answer short
				}
			}()
		}
	}
	reader := http.MaxBytesReader(w, req.Body, limit)
	var pieces [][]byte
	next := min(int64(chunk), limit+1)
	if req.ContentLength >= 0 {
		next = min(next, req.ContentLength+1) // the last byte's place finds the end
	}
	for total := 0; ; {
		if !r.inFlight.take(next) {
			return nil, held, answer{status: http.StatusServiceUnavailable, err: errors.New("webhook: the bodies of all requests exceed MaxInFlight"), free: true}
		}
		held += next
		piece := make([]byte, next)
		n, err := fill(reader, piece)
		total += n
		pieces = append(pieces, piece[:n])
		if err == nil {
			next = chunk
			continue
		}
		if errors.Is(err, io.EOF) {
			return join(pieces, total), held, answer{}
		}
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, held, tooLarge
		}
		if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, held, answer{status: http.StatusServiceUnavailable, err: errors.New("webhook: the body did not arrive in time")}
		}
		return nil, held, answer{status: http.StatusBadRequest, err: errors.New("webhook: the body was cut off")}
	}
}

// fill reads until the piece is full; unlike io.ReadFull it passes every error
// on as it came, so that a body that was cut off does not look complete.
func fill(r io.Reader, piece []byte) (n int, err error) {
	for n < len(piece) && err == nil {
		var m int
		m, err = r.Read(piece[n:])
		n += m
	}
	return n, err
}

func join(pieces [][]byte, total int) []byte {
	if len(pieces) == 1 {
		return pieces[0]
	}
	body := make([]byte, 0, total)
	for _, p := range pieces {
		body = append(body, p...)
	}
	return body
}

// source names who sends a request.
func (r *Receiver) source(req *http.Request) string {
	if r.Source != nil {
		return r.Source(req)
	}
	host, _, err := net.SplitHostPort(req.RemoteAddr)
	if err != nil {
		return req.RemoteAddr
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if address = address.Unmap().WithZone(""); address.Is6() {
		network, err := address.Prefix(64)
		if err == nil {
			return network.String()
		}
	}
	return address.String()
}
