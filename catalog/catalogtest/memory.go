package catalogtest

import (
	"bufio"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
)

// mostGrowth is how much more memory ten times as many products may take.
const mostGrowth = 1.1

// The environment of a process that scans.
const (
	scanProducts = "SOUK_SCAN_PRODUCTS" // how many a scan must read
	scanTimes    = "SOUK_SCAN_TIMES"
)

// FlatMemory holds that reading a catalogue takes the same memory however large
// it is. It reads a small store and one of ten times as many products, each in a
// process of its own that runs the test named child, so that only the client is
// measured, and compares the peaks of resident memory. SOUK_SCAN_SMALL in the
// environment is how many products the small one has in place of small. serve
// starts a server of so many products and returns what child needs to find it,
// as an environment, and a function that stops it. Only Linux tells the peak:
// elsewhere it skips.
//
// The moments at which garbage is collected move a peak by some percent, and
// the longer a run the higher the highest of them. So the small store is read
// ten times: both runs read as much, and only growth with the catalogue can
// tell them apart.
func FlatMemory(t *testing.T, child string, small int, serve func(products int) (environment []string, stop func())) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("reads the peak of resident memory from /proc, which only Linux has")
	}
	if set, err := strconv.Atoi(os.Getenv("SOUK_SCAN_SMALL")); err == nil {
		small = set
	}
	for try := 1; ; try++ {
		before, after := scanPeak(t, child, small, 10, serve), scanPeak(t, child, 10*small, 1, serve)
		ratio := float64(after) / float64(before)
		t.Logf("peak RSS: %d KiB for %d products, %d KiB for %d: %.3f", before, small, after, 10*small, ratio)
		if ratio <= mostGrowth {
			return
		}
		if try == 3 {
			t.Fatalf("the peak of %d products was more than %v times that of %d in each of %d tries", 10*small, mostGrowth, small, try)
		}
	}
}

func scanPeak(t *testing.T, child string, products, times int, serve func(int) ([]string, func())) int {
	t.Helper()
	environment, stop := serve(products)
	defer stop()
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+child+"$", "-test.v")
	command.Env = append(append(os.Environ(), environment...), scanProducts+"="+strconv.Itoa(products), scanTimes+"="+strconv.Itoa(times))
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("the scan of %d products failed: %v\n%s", products, err, out)
	}
	for line := range strings.Lines(string(out)) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), "PEAK "); ok {
			peak, err := strconv.Atoi(value)
			if err != nil {
				t.Fatal(err)
			}
			return peak
		}
	}
	t.Fatalf("the scan did not report its peak:\n%s", out)
	return 0
}

// ScanChild is what the test named child does: it ranges over what scan returns,
// which is the whole catalogue, each product with its Raw, and reports the peak
// of memory. In a process that FlatMemory did not start it skips.
func ScanChild(t *testing.T, scan func() iter.Seq2[catalog.Product, error]) {
	t.Helper()
	want, err := strconv.Atoi(os.Getenv(scanProducts))
	if err != nil {
		t.Skip("only runs as the child of a test of memory")
	}
	times, err := strconv.Atoi(os.Getenv(scanTimes))
	if err != nil {
		t.Fatal(err)
	}
	for range times {
		count := 0
		for product, err := range scan() {
			if err != nil {
				t.Fatal(err)
			}
			if len(product.Raw) == 0 {
				t.Fatal("a product has no Raw")
			}
			count++
		}
		if count != want {
			t.Fatalf("read %d products, want %d", count, want)
		}
	}
	fmt.Println("PEAK", peakRSS(t))
}

// ToServer carries requests for any host to the server of another process, at
// an address such as http://127.0.0.1:8080, with the Host they were made for.
func ToServer(t testing.TB, address string) http.RoundTripper {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return carrier{u, &http.Transport{MaxIdleConnsPerHost: 16}}
}

type carrier struct {
	to    *url.URL
	inner http.RoundTripper
}

func (c carrier) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Host = r.URL.Host
	r.URL.Scheme, r.URL.Host = c.to.Scheme, c.to.Host
	return c.inner.RoundTrip(r)
}

// peakRSS is the highest resident memory of this process so far, in KiB.
func peakRSS(t *testing.T) int {
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
