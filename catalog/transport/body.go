package transport

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// trustedLength is the largest Content-Length that is allocated before its
// bytes have come.
const trustedLength = 8 << 20

// pooledLength is the largest scratch buffer that is kept for the next body.
const pooledLength = 4 << 20

// scratch holds buffers for bodies of unknown length. A body leaves it as an
// exact copy, so that what callers keep of a page is no larger than the page.
var scratch = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// tooLongError says that an answer is larger than the Client takes.
type tooLongError struct{ limit int64 }

func (e tooLongError) Error() string {
	return fmt.Sprintf("the answer is larger than the limit of %d bytes", e.limit)
}

// readBody reads the whole body into a buffer of its own and closes it.
// A Content-Length of 0 proves nothing: transports that are not net/http's
// leave it out.
func readBody(resp *http.Response, method string, limit int64) ([]byte, error) {
	if resp.Body == nil {
		return nil, nil
	}
	defer resp.Body.Close()
	if resp.Body == http.NoBody || method == http.MethodHead {
		return nil, nil
	}
	if n := resp.ContentLength; n > limit {
		return nil, tooLongError{limit}
	} else if n > 0 && n <= trustedLength {
		return readExactly(resp.Body, n)
	}
	buf := scratch.Get().(*bytes.Buffer)
	buf.Reset()
	_, err := buf.ReadFrom(io.LimitReader(resp.Body, limit+1))
	var body []byte
	switch {
	case int64(buf.Len()) > limit:
		err = tooLongError{limit}
	case buf.Cap() > pooledLength:
		return buf.Bytes(), err
	case buf.Len() > 0:
		body = append(make([]byte, 0, buf.Len()), buf.Bytes()...)
	}
	if buf.Cap() <= pooledLength {
		scratch.Put(buf)
	}
	return body, err
}

// readExactly reads a body whose length is known, and the end after it, so
// that the connection can be used again.
func readExactly(r io.Reader, n int64) ([]byte, error) {
	body := make([]byte, n)
	got, err := io.ReadFull(r, body)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return body[:got], err
	}
	var one [1]byte
	if m, err := r.Read(one[:]); m > 0 {
		return body, fmt.Errorf("the answer is longer than its Content-Length of %d", n)
	} else if err != nil && err != io.EOF {
		return body, err
	}
	return body, nil
}
