package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// inboxMemory watches the resident memory of a receiver on SQLite that handles
// what it keeps, over many events, and while somebody who signs nothing posts
// 300 MB.
func inboxMemory(ctx context.Context, folder string) ([]row, error) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		return nil, nil //nolint:nilerr // this system does not tell
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	r, err := startReceiver(ctx, nil, receiverTarget{Kind: sqliteGrouped.name, Where: folder + "/memory.db", Work: true})
	if err != nil {
		return nil, err
	}
	defer r.stop()
	const parts = 10
	var early, late float64
	for part := range parts {
		if err := deliverMany(ctx, r, inboxConnections, inboxOptions.events/parts); err != nil {
			return nil, err
		}
		rss, err := resident(r.pid)
		if err != nil {
			return nil, err
		}
		switch { // the highest of the second to fourth part, and of the last three
		case part >= 1 && part <= 3:
			early = max(early, rss)
		case part >= parts-3:
			late = max(late, rss)
		}
	}
	before, err := resident(r.pid)
	if err != nil {
		return nil, err
	}
	status, highest, err := postHuge(ctx, r)
	if err != nil {
		return nil, err
	}
	return []row{
		{What: fmt.Sprintf("resident memory late in %d events, handled", inboxOptions.events), Unit: "MB", Ours: late, Peer: early, Ratio: late / early, PeerName: "the same early on", Note: "flat is 1"},
		{What: "more resident memory during 300 MB unsigned, chunked", Unit: "MB", Ours: max(0, highest-before), Note: fmt.Sprintf("target 5; answered %s", status)},
	}, nil
}

// resident is the resident memory of a process in MB.
func resident(pid int) (float64, error) {
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			var kib float64
			_, err := fmt.Sscan(text, &kib)
			return kib / 1024, err
		}
	}
	return 0, fmt.Errorf("process %d does not tell its memory", pid)
}

// postHuge posts a body without a length or a signature, and returns the
// highest resident memory of the receiver meanwhile.
func postHuge(ctx context.Context, r *receiver) (status string, highest float64, err error) {
	var sent atomic.Int64
	body := io.LimitReader(endless{&sent}, 300<<20)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, body)
	if err != nil {
		return "", 0, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		client := http.Client{Timeout: time.Minute}
		answer, failed := client.Do(req)
		if failed != nil { // it hung up before the end, which is right too
			status = "nothing"
		} else {
			status = answer.Status
			_ = answer.Body.Close()
		}
		status += fmt.Sprintf(" after %.1f MB", float64(sent.Load())/(1<<20))
	}()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for {
		rss, err := resident(r.pid)
		if err != nil {
			return "", 0, err
		}
		highest = max(highest, rss)
		select {
		case <-ticker.C:
		case <-ended:
			return status, highest, nil
		}
	}
}

// endless is a body that counts what is read of it.
type endless struct{ sent *atomic.Int64 }

// Read implements io.Reader.
func (e endless) Read(p []byte) (int, error) {
	e.sent.Add(int64(len(p)))
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}
