package catalogtest

import (
	"bufio"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// memoryOf tells a process that it is a reader of MemoryIsFlat, and of what.
const memoryOf = "SOUK_MEMORY_OF"

// MemoryIsFlat holds that reading 100,000 records takes at most 1.1 times the
// memory that reading 10,000 takes. serve starts a server of so many records,
// for as long as its test, and returns its address and a few words that read
// needs besides, such as a token. read reads all records through the transport
// and returns how many there were. It runs in a process of its own, which is
// the same test again, so that only the client is measured: nothing may come
// before MemoryIsFlat in its test. Where memory cannot be measured the test is
// skipped.
func MemoryIsFlat(t *testing.T, serve func(t *testing.T, records int) (address string, words []string),
	read func(t *testing.T, to http.RoundTripper, words []string) int) {
	t.Helper()
	if of := os.Getenv(memoryOf); of != "" {
		readOnly(t, of, read)
		return
	}
	if runtime.GOOS != "linux" {
		t.Skip("reads the peak of resident memory from /proc, which only Linux has")
	}
	if raceEnabled {
		t.Skip("the race detector's own memory grows with the run; the plain run of this test measures")
	}
	// The moments at which garbage is collected move a peak by some percent,
	// and the longer a run the higher the highest of them. So the small store
	// is read ten times: both runs read as much, and only growth with the
	// catalogue can tell them apart.
	const most = 1.1
	for try := 1; ; try++ {
		small, large := peakOf(t, serve, 10_000, 10), peakOf(t, serve, 100_000, 1)
		ratio := float64(large) / float64(small)
		t.Logf("peak RSS: %d KiB for 10,000 records, %d KiB for 100,000: %.3f", small, large, ratio)
		if ratio <= most {
			return
		}
		if try == 3 {
			t.Fatalf("the peak of 100,000 records was more than %v times that of 10,000 in each of %d tries", most, try)
		}
	}
}

// peakOf reads a store in a process of its own and returns its peak in KiB.
func peakOf(t *testing.T, serve func(*testing.T, int) (string, []string), records, times int) (peak int) {
	t.Helper()
	t.Run(fmt.Sprintf("%d records", records), func(t *testing.T) {
		name, _, _ := strings.Cut(t.Name(), "/")
		address, words := serve(t, records)
		of := append([]string{strconv.Itoa(records), strconv.Itoa(times), address}, words...)
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+name+"$", "-test.v")
		child.Env = append(os.Environ(), memoryOf+"="+strings.Join(of, " "))
		out, err := child.CombinedOutput()
		if err != nil {
			t.Fatalf("reading %d records failed: %v\n%s", records, err, out)
		}
		for line := range strings.Lines(string(out)) {
			if _, err := fmt.Sscanf(line, "PEAK %d", &peak); err == nil {
				return
			}
		}
		t.Fatalf("the reader did not report its peak:\n%s", out)
	})
	if t.Failed() {
		t.FailNow()
	}
	return peak
}

// readOnly is the process that reads.
func readOnly(t *testing.T, of string, read func(*testing.T, http.RoundTripper, []string) int) {
	t.Helper()
	words := strings.Fields(of)
	if len(words) < 3 {
		t.Fatalf("%s=%s is not understood", memoryOf, of)
	}
	target, err := url.Parse(words[2])
	if err != nil {
		t.Fatal(err)
	}
	times, _ := strconv.Atoi(words[1])
	for range times {
		if got := read(t, elsewhere{target, &http.Transport{MaxIdleConnsPerHost: 8}}, words[3:]); strconv.Itoa(got) != words[0] {
			t.Fatalf("read %d records, want %s", got, words[0])
		}
	}
	fmt.Printf("PEAK %d\n", peakRSS(t))
}

// elsewhere sends every request to a server of another process.
type elsewhere struct {
	target *url.URL
	by     *http.Transport
}

func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Host = r.URL.Host
	r.URL.Scheme, r.URL.Host = e.target.Scheme, e.target.Host
	return e.by.RoundTrip(r)
}

// peakRSS is the highest resident memory of this process so far, in KiB.
func peakRSS(t *testing.T) int {
	t.Helper()
	file, err := os.Open("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			peak, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(value, "kB")))
			if err != nil {
				t.Fatal(err)
			}
			return peak
		}
	}
	t.Fatal("no VmHWM in /proc/self/status")
	return 0
}
