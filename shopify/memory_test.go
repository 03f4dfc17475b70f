package shopify_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/shopify"
	"github.com/soukhq/souk/shopify/shopifytest"
)

// TestScanMemoryIsFlat lists stores of 10,000 and 100,000 products, each in a
// process of its own so that only the client is measured, and compares the
// peaks of resident memory.
func TestScanMemoryIsFlat(t *testing.T) { memoryIsFlat(t, "list") }

// TestExportMemoryIsFlat does the same with bulk exports.
func TestExportMemoryIsFlat(t *testing.T) { memoryIsFlat(t, "export") }

func memoryIsFlat(t *testing.T, by string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("reads the peak of resident memory from /proc, which only Linux has")
	}
	if raceEnabled {
		t.Skip("the race detector's own memory grows with the run; the plain run of this test measures")
	}
	// The moments at which garbage is collected move a peak by some percent,
	// and the longer a run the higher the highest of them. So the small store
	// is scanned ten times: both runs read as much, and only growth with the
	// catalogue can tell them apart.
	const most = 1.1
	for try := 1; ; try++ {
		small, large := scanPeak(t, by, 10_000, 10), scanPeak(t, by, 100_000, 1)
		ratio := float64(large) / float64(small)
		t.Logf("peak RSS: %d KiB for 10,000 products, %d KiB for 100,000: %.3f", small, large, ratio)
		if ratio <= most {
			return
		}
		if try == 3 {
			t.Fatalf("the peak of 100,000 products was more than %v times that of 10,000 in each of %d tries", most, try)
		}
	}
}

func scanPeak(t *testing.T, by string, products, scans int) int {
	t.Helper()
	server := shopifytest.NewServer(&shopifytest.Config{Products: products, Orders: -1, Customers: -1, TB: t,
		Bucket: shopifytest.Bucket{Capacity: 1e9, Restore: 1e9}})
	defer server.Close()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestScanChild$", "-test.v")
	child.Env = append(os.Environ(), "SOUK_SCAN_URL="+server.URL(), "SOUK_SCAN_TOKEN="+server.Token(), "SOUK_SCAN_WANT="+strconv.Itoa(products*scans), "SOUK_SCANS="+strconv.Itoa(scans), "SOUK_SCAN_BY="+by)
	out, err := child.CombinedOutput()
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

// TestScanChild is the process that scans.
func TestScanChild(t *testing.T) {
	target := os.Getenv("SOUK_SCAN_URL")
	if target == "" {
		t.Skip("only runs as the child of TestScanMemoryIsFlat")
	}
	app, err := shopify.New(shopify.Config{Transport: toServer(t, target), PollInterval: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := app.Open(catalog.Account{Store: "acme.myshopify.com"}, catalog.StaticToken(os.Getenv("SOUK_SCAN_TOKEN")))
	if err != nil {
		t.Fatal(err)
	}
	scans, err := strconv.Atoi(os.Getenv("SOUK_SCANS"))
	if err != nil {
		t.Fatal(err)
	}
	list := engine.Products
	if os.Getenv("SOUK_SCAN_BY") == "export" {
		exporter, _ := catalog.As[catalog.ProductExporter](engine)
		list = exporter.ExportProducts
	}
	count := 0
	for range scans {
		for product, err := range list(context.Background(), catalog.ProductQuery{}) {
			if err != nil {
				t.Fatal(err)
			}
			if len(product.Raw) == 0 {
				t.Fatal("a product has no Raw")
			}
			count++
		}
	}
	if want := os.Getenv("SOUK_SCAN_WANT"); strconv.Itoa(count) != want {
		t.Fatalf("read %d products, want %s", count, want)
	}
	fmt.Println("PEAK", peakRSS(t))
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

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// toServer sends every request to a server of another process.
func toServer(t *testing.T, target string) http.RoundTripper {
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	inner := &http.Transport{MaxIdleConnsPerHost: 8}
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.Host = r.URL.Host
		r.URL.Scheme, r.URL.Host = u.Scheme, u.Host
		return inner.RoundTrip(r)
	})
}
