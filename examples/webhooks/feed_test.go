package main

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/webhook"
)

func TestFeedIsBounded(t *testing.T) {
	t.Parallel()
	f := newFeed()
	defer f.end()
	long := strings.Repeat("ü", 1<<10)
	header := http.Header{}
	for i := range 64 {
		header[long[:200+2*i]] = []string{long, long}
	}
	for range 3 * keptArrivals {
		f.add(webhook.Report{Path: long, Method: long, Source: long, Status: 401, Err: errors.New(long), Header: header})
	}
	all := f.latest(1<<20, func(*arrival) bool { return true })
	if len(all) != keptArrivals || f.counted()[outcomeRefused] != 3*keptArrivals {
		t.Fatalf("%d deliveries are remembered of %v", len(all), f.counted())
	}
	size := 0
	for _, a := range all {
		size += len(a.Path) + len(a.Method) + len(a.Source) + len(a.Reason)
		for _, h := range a.Header {
			size += len(h.Name) + len(h.Value)
		}
	}
	if most := keptArrivals * (4 + 2*keptHeaders) * (keptText + 4); size > most {
		t.Errorf("they take %d bytes, more than %d", size, most)
	}
	if all[0].Number != 3*keptArrivals-1 || all[len(all)-1].Number != 2*keptArrivals {
		t.Errorf("they are those from %d to %d", all[len(all)-1].Number, all[0].Number)
	}
}

// stuck is a connection whose other end does not read.
type stuck struct {
	*httptest.ResponseRecorder
	deadline time.Time
}

func (s *stuck) SetWriteDeadline(t time.Time) error { s.deadline = t; return nil }
func (s *stuck) Write(p []byte) (int, error) {
	if s.deadline.IsZero() {
		return len(p), nil // it would wait for ever
	}
	return 0, os.ErrDeadlineExceeded
}
func (s *stuck) FlushError() error { return nil }

func TestSlowClientsAreDropped(t *testing.T) {
	t.Parallel()
	f := newFeed()
	defer f.end()
	s := &stuck{ResponseRecorder: httptest.NewRecorder()}
	f.ServeHTTP(s, httptest.NewRequestWithContext(t.Context(), "GET", "/live", nil)) // returns
	if left := time.Until(s.deadline); left <= 0 || left > slowClient {
		t.Errorf("the write may take until %v", s.deadline)
	}
	if _, ok := f.join(); !ok || len(f.clients) != 1 {
		t.Errorf("%d clients are left", len(f.clients)-1)
	}
}

func TestClientsAreBounded(t *testing.T) {
	t.Parallel()
	f := newFeed()
	server := httptest.NewServer(f)
	defer server.Close()
	defer f.end()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	open := func() *http.Response {
		r, err := http.NewRequestWithContext(ctx, "GET", server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		return response
	}
	for range maxClients {
		response := open()
		defer response.Body.Close()
		if line, err := bufio.NewReader(response.Body).ReadString('\n'); err != nil || response.StatusCode != 200 || response.Header.Get("Content-Type") != "text/event-stream" {
			t.Fatalf("answered %d %q %v", response.StatusCode, line, err)
		}
	}
	response := open()
	defer response.Body.Close()
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Errorf("one more was answered %d", response.StatusCode)
	}
}
