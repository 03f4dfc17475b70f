//go:build unix

package sqlstore_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// fromEnvironment reads the size of a test.
func fromEnvironment(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n <= 0 {
		t.Fatalf("%s=%s is no size", name, text)
	}
	return n
}

// TestCrash kills a receiving process again and again while four senders post
// to it. In full:
//
//	SOUK_CRASH_DELIVERIES=50000 SOUK_CRASH_KILLS=100 go test -run TestCrash -v -timeout 30m .
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	t.Parallel()
	deliveries, kills := fromEnvironment(t, "SOUK_CRASH_DELIVERIES", 2000), fromEnvironment(t, "SOUK_CRASH_KILLS", 8)
	onEach(t, func(t *testing.T, d *database) {
		c := newCrash(t, d)
		var senders sync.WaitGroup
		for i := range 4 {
			senders.Go(func() { c.send(uint64(i), deliveries/4) })
		}
		c.start()
		for i := range kills {
			c.kill(int64((i + 1) * deliveries / (kills + 1)))
			c.start()
		}
		senders.Wait()
		c.finish()
		c.examine(kills)
	})
}

// crash is a receiving process that is killed, and those who send to it.
type crash struct {
	*testing.T
	d        *database
	shop     *shopifytest.Server
	log      string   // of effects outside the database
	wrap     []string // a command to run the process with
	idle     bool     // it keeps events and handles none
	process  *exec.Cmd
	input    io.WriteCloser
	address  atomic.Pointer[string]
	inFlight atomic.Int64
	answered atomic.Int64 // with 200
	again    atomic.Int64 // sent again because the answer was none, or another

	mu    sync.Mutex
	acked map[string]string // topic by resource, for every event that was answered 200
}

func newCrash(t *testing.T, d *database) *crash {
	c := &crash{T: t, d: d, shop: shopifytest.NewServer(nil), log: filepath.Join(t.TempDir(), "effects.log"), acked: map[string]string{}}
	t.Cleanup(c.shop.Close)
	s := d.handle(t)
	if err := s.Accounts().Put(t.Context(), catalog.Account{ID: "tenant", Platform: shopify.Platform, Store: c.shop.Shop()}); err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	run(t, d.raw(t), effects)
	return c
}

// start runs the receiving process.
func (c *crash) start() {
	c.Helper()
	c.process = process(c.T, "receive", "SOUK_TEST_DATABASE="+c.d.name, "SOUK_TEST_PATH="+c.d.dsn, "SOUK_TEST_LOG="+c.log,
		"SOUK_TEST_APP="+c.shop.ClientID(), "SOUK_TEST_APP_SECRET="+c.shop.ClientSecret(), "SOUK_TEST_KEY="+testKeys.Current.Secret.Reveal())
	if c.idle {
		c.process.Env = append(c.process.Env, "SOUK_TEST_IDLE=1")
	}
	if len(c.wrap) > 0 {
		c.process.Path, c.process.Args = c.wrap[0], append(c.wrap[:len(c.wrap):len(c.wrap)], c.process.Path)
	}
	out, err := c.process.StdoutPipe()
	if err == nil {
		c.input, err = c.process.StdinPipe()
	}
	if err == nil {
		err = c.process.Start()
	}
	if err != nil {
		c.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		c.Fatalf("the receiver did not begin: %q, %v", line, err)
	}
	address := strings.TrimSpace(line)
	c.address.Store(&address)
}

// kill ends the process once so many deliveries were answered, at a random
// moment with a request in flight.
func (c *crash) kill(after int64) {
	c.Helper()
	for deadline := time.Now().Add(2 * time.Minute); c.answered.Load() < after; {
		if time.Now().After(deadline) {
			c.Fatalf("%d deliveries were answered in two minutes, want %d", c.answered.Load(), after)
		}
		time.Sleep(time.Millisecond)
	}
	time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
	for c.inFlight.Load() == 0 {
		runtime.Gosched()
	}
	if err := c.process.Process.Kill(); err != nil {
		c.Fatal(err)
	}
	_ = c.process.Wait()
}

// send posts deliveries, a fifth of them again, each until it is answered 200.
func (c *crash) send(sender uint64, n int) {
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	random := rand.New(rand.NewPCG(sender, uint64(n)))
	type delivery struct {
		shopifytest.Delivery
		topic, id string
	}
	var sent []delivery
	for i := range n {
		var d delivery
		if len(sent) > 0 && random.IntN(5) == 0 {
			d = sent[random.IntN(len(sent))]
		} else {
			d.topic, d.id = sharedTopic, fmt.Sprint(sender+1, 100_000+i)
			d.id = strings.ReplaceAll(d.id, " ", "")
			if i%2 == 0 {
				d.topic = loggedTopic
			}
			body := fmt.Sprintf(`{"id": %s, "updated_at": "2026-11-01T10:00:00Z", "note": %q}`, d.id, strings.Repeat("n", 900))
			d.Delivery = c.shop.Webhook(d.topic, []byte(body))
			sent = append(sent, d)
		}
		for !c.post(client, d.Delivery, d.topic) {
			if c.Context().Err() != nil {
				return
			}
			c.again.Add(1)
			time.Sleep(time.Millisecond)
		}
		c.mu.Lock()
		c.acked[d.id] = d.topic
		c.mu.Unlock()
		c.answered.Add(1)
	}
}

func (c *crash) post(client *http.Client, d shopifytest.Delivery, topic string) bool {
	address := c.address.Load()
	if address == nil {
		return false
	}
	r, err := d.Request(c.Context(), "http://"+*address+"/webhooks/shopify/"+topic)
	if err != nil {
		c.Error(err)
		return false
	}
	c.inFlight.Add(1)
	defer c.inFlight.Add(-1)
	answer, err := client.Do(r)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK && answer.StatusCode != http.StatusServiceUnavailable {
		c.Errorf("a delivery was answered %d", answer.StatusCode)
	}
	return answer.StatusCode == http.StatusOK
}

// finish lets the last process handle everything and end.
func (c *crash) finish() {
	c.Helper()
	_ = c.input.Close()
	if err := c.process.Wait(); err != nil {
		c.Fatalf("the last receiver: %v", err)
	}
}
