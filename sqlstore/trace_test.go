//go:build unix

package sqlstore_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// traced runs the receiving process under strace, which writes to a file.
func traced(t *testing.T, c *crash) string {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		if os.Getenv("SOUK_STRACE_REQUIRED") != "" {
			t.Fatal("strace is not in PATH")
		}
		t.Skip("strace is not in PATH; install it, say by apt-get install strace")
	}
	file := filepath.Join(t.TempDir(), "trace")
	c.wrap = []string{strace, "-f", "-y", "-s", "16", "-e", "trace=read,write,fsync,fdatasync", "-o", file}
	return file
}

var (
	syncCall    = regexp.MustCompile(`^(\d+) +(?:fsync|fdatasync)\(\d+<([^>]*)>(.*)$`)
	syncResumed = regexp.MustCompile(`^(\d+) +<\.\.\. (?:fsync|fdatasync) resumed>.*= 0`)
	requestRead = regexp.MustCompile(`^\d+ +(?:read\(|<\.\.\. read resumed>).*"POST /webhooks/`)
	success     = regexp.MustCompile(`^\d+ +write\(\d+<[^>]*>, "HTTP/1\.1 200 OK`)
)

// judge reads a trace of requests that came one after the other, and counts
// the answers that came after a finished sync of the log, and those that did
// not.
func judge(lines *bufio.Scanner) (safe, unsafe int) {
	synced, under := false, map[string]bool{}
	for lines.Scan() {
		line := lines.Text()
		if m := syncCall.FindStringSubmatch(line); m != nil && strings.HasSuffix(m[2], "-wal") {
			if strings.Contains(m[3], "unfinished") {
				under[m[1]] = true
			} else if strings.HasSuffix(m[3], "= 0") {
				synced = true
			}
		}
		if m := syncResumed.FindStringSubmatch(line); m != nil && under[m[1]] {
			delete(under, m[1])
			synced = true
		}
		if requestRead.MatchString(line) {
			synced = false
		}
		if success.MatchString(line) {
			if synced {
				safe++
			} else {
				unsafe++
			}
			synced = false
		}
	}
	return safe, unsafe
}

// Each 200 comes after the log of the database has reached the disk.
func TestSyncBeforeSuccess(t *testing.T) {
	t.Parallel()
	c := newCrash(t, sqliteDatabase(t))
	file := traced(t, c)
	c.idle = true // what its dispatcher syncs would count
	c.start()
	const n = 25
	for i := range n {
		attempts, err := c.shop.Deliver(t.Context(), "http://"+*c.address.Load()+"/webhooks/shopify/"+sharedTopic, sharedTopic, fmt.Appendf(nil, `{"id": %d}`, i+1))
		if err != nil || len(attempts) != 1 {
			t.Fatalf("%v, %v", attempts, err)
		}
	}
	c.finish()
	trace, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer trace.Close()
	safe, unsafe := judge(bufio.NewScanner(trace))
	if safe != n || unsafe != 0 {
		t.Errorf("of %d answers %d came after a sync of the log, %d before", n, safe, unsafe)
	}
	t.Logf("%d answers 200, each after a sync of the write-ahead log", safe)
}

func TestJudgeOfTraces(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trace        string
		safe, unsafe int
	}{
		"synced": {"1 read(7<TCP:[1]>, \"POST /webhooks/s\"..., 4096) = 9\n1 fsync(5</x/souk.db-wal>) = 0\n2 write(7<TCP:[1]>, \"HTTP/1.1 200 OK\\r\"..., 9) = 9\n", 1, 0},
		"resumed": {"1 <... read resumed>\"POST /webhooks/s\"..., 4096) = 9\n3 fdatasync(5</x/souk.db-wal> <unfinished ...>\n" +
			"3 <... fdatasync resumed>) = 0\n2 write(7<TCP:[1]>, \"HTTP/1.1 200 OK\\r\"..., 9 <unfinished ...>\n", 1, 0},
		"answered meanwhile": {"1 read(7<TCP:[1]>, \"POST /webhooks/s\"..., 4096) = 9\n3 fsync(5</x/souk.db-wal> <unfinished ...>\n" +
			"2 write(7<TCP:[1]>, \"HTTP/1.1 200 OK\\r\"..., 9) = 9\n3 <... fsync resumed>) = 0\n", 0, 1},
		"failed":       {"1 read(7<TCP:[1]>, \"POST /webhooks/s\"..., 4096) = 9\n1 fsync(5</x/souk.db-wal>) = -1 EIO\n2 write(7<TCP:[1]>, \"HTTP/1.1 200 OK\\r\"..., 9) = 9\n", 0, 1},
		"before":       {"1 fsync(5</x/souk.db-wal>) = 0\n1 read(7<TCP:[1]>, \"POST /webhooks/s\"..., 4096) = 9\n2 write(7<TCP:[1]>, \"HTTP/1.1 200 OK\\r\"..., 9) = 9\n", 0, 1},
		"another file": {"1 read(7<TCP:[1]>, \"POST /webhooks/s\"..., 4096) = 9\n1 fsync(5</x/other>) = 0\n2 write(7<TCP:[1]>, \"HTTP/1.1 200 OK\\r\"..., 9) = 9\n", 0, 1},
	} {
		if safe, unsafe := judge(bufio.NewScanner(strings.NewReader(c.trace))); safe != c.safe || unsafe != c.unsafe {
			t.Errorf("%s: %d safe, %d unsafe", name, safe, unsafe)
		}
	}
}
