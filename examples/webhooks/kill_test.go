package main

import (
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/soukhq/souk/shopify/shopifytest"
	"github.com/soukhq/souk/webhook"
)

// TestKill kills the program again and again while it receives, and looks
// whether everything that was answered 200 is there, its effect once.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	t.Parallel()
	const kills, perLife = 4, 150
	k := newKilled(t)
	server := k.shops["shopify"].send.(*shopifySender).server
	ctx, done := context.WithCancel(t.Context())
	var senders sync.WaitGroup
	for range 4 {
		senders.Go(func() { k.send(ctx, server) })
	}
	for range kills {
		k.start()
		k.answers(perLife)
		for k.inFlight.Load() == 0 {
			runtime.Gosched()
		}
		if err := k.process.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = k.process.Wait()
	}
	k.start()
	k.answers(perLife)
	done()
	senders.Wait()
	w := &world{t: t, url: *k.url.Load()}
	accepted := k.events.Load()
	w.until("all that was accepted is done", func() bool {
		s := w.status()
		return s.Events[webhook.StateDone] == s.Kept() && s.Kept() >= accepted
	})
	s := w.status()
	t.Logf("%d kills, %d deliveries of %d events answered 200, %d sent again; %d events kept, %d effects, %d twice", kills, k.answered.Load(), accepted, k.again.Load(), s.Kept(), s.Effects.Effects, s.Effects.Twice)
	// An event may be kept although the kill came before its answer, when its
	// sender had to stop before sending it again.
	if s.Kept() > accepted+4 || s.Effects != (effectCounts{Effects: s.Kept()}) {
		t.Errorf("%d events were answered 200, %d are kept and have %d effects, %d of them twice", accepted, s.Kept(), s.Effects.Effects, s.Effects.Twice)
	}
	if k.again.Load() == 0 {
		t.Error("no kill met a request in flight")
	}
}

// killed is the program in a process of its own, and those who send to it.
type killed struct {
	*testing.T
	shops    map[string]*shop
	env      []string
	process  *exec.Cmd
	url      atomic.Pointer[string]
	inFlight atomic.Int64
	answered atomic.Int64 // deliveries answered 200
	events   atomic.Int64 // different ones among them
	again    atomic.Int64 // sent again for want of an answer
}

func newKilled(t *testing.T) *killed {
	shops, env := newShops(t)
	k := &killed{T: t, shops: shops, env: append(os.Environ(), asProgram+"=1", "APP_PORT=0", "APP_HOST=127.0.0.1", "APP_PASSWORD=", "SOUK_KEY=",
		"DATABASE_PATH="+filepath.Join(t.TempDir(), "webhooks.db"))}
	for name, value := range env {
		k.env = append(k.env, name+"="+value)
	}
	return k
}

func (k *killed) start() {
	k.Helper()
	k.process = exec.Command(os.Args[0], "-quiet")
	k.process.Env, k.process.Stderr = k.env, os.Stderr
	out, err := k.process.StdoutPipe()
	if err == nil {
		err = k.process.Start()
	}
	if err != nil {
		k.Fatal(err)
	}
	process := k.process.Process
	k.Cleanup(func() { _ = process.Kill() })
	url := addressOf(k.T, out)
	k.url.Store(&url)
}

// answers waits until so many further deliveries were answered.
func (k *killed) answers(n int64) {
	k.Helper()
	until, deadline := k.answered.Load()+n, time.Now().Add(patience)
	for k.answered.Load() < until {
		if time.Now().After(deadline) {
			k.Fatalf("%d deliveries were answered, want %d", k.answered.Load(), until)
		}
		pause(k.Context(), time.Millisecond)
	}
}

// send sends deliveries, a fifth of them again, each until it is answered 200.
func (k *killed) send(ctx context.Context, server *shopifytest.Server) {
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	var last *shopifytest.Delivery
	for ctx.Err() == nil {
		known := last != nil && rand.IntN(5) == 0
		if !known {
			body, err := json.Marshal(map[string]any{"id": rand.Int64N(1 << 50), "updated_at": time.Now().UTC()})
			if err != nil {
				k.Error(err)
				return
			}
			d := server.Webhook("products/delete", body)
			last = &d
		}
		for !k.post(ctx, client, *last) {
			if ctx.Err() != nil {
				return
			}
			k.again.Add(1)
			pause(ctx, time.Millisecond)
		}
		k.answered.Add(1)
		if !known {
			k.events.Add(1)
		}
	}
}

func (k *killed) post(ctx context.Context, client *http.Client, d shopifytest.Delivery) bool {
	url := k.url.Load()
	if url == nil {
		return false
	}
	r, err := d.Request(ctx, *url+"/webhooks/shopify/products/delete")
	if err != nil {
		k.Error(err)
		return false
	}
	k.inFlight.Add(1)
	defer k.inFlight.Add(-1)
	answer, err := client.Do(r)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	if answer.StatusCode != http.StatusOK && answer.StatusCode != http.StatusServiceUnavailable {
		k.Errorf("a delivery was answered %d", answer.StatusCode)
	}
	return answer.StatusCode == http.StatusOK
}
