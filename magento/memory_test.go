package magento_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/magento/magentotest"
)

// TestExportMemoryIsFlat exports stores of 10,000 and 100,000 products, each in a
// process of its own so that only the client is measured, and compares the peaks
// of resident memory.
func TestExportMemoryIsFlat(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("reads the peak of resident memory from /proc, which only Linux has")
	}
	if raceEnabled {
		t.Skip("the race detector's own memory grows with the run; the plain run of this test measures")
	}
	// The moments at which garbage is collected move a peak by some percent, and
	// the longer a run the higher the highest of them. So the small store is read
	// ten times: both runs read as much, and only growth with the catalogue can
	// tell them apart.
	const most = 1.1
	for try := 1; ; try++ {
		small, large := exportPeak(t, 10_000, 10), exportPeak(t, 100_000, 1)
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

func exportPeak(t *testing.T, products, exports int) int {
	t.Helper()
	server := magentotest.NewServer(&magentotest.Config{Products: products, Orders: -1, Customers: -1, TB: t, BaseURL: "http://magento.test/"})
	defer server.Close()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestExportChild$", "-test.v")
	child.Env = append(os.Environ(), "SOUK_EXPORT_FROM="+strings.TrimPrefix(server.URL(), "http://"), "SOUK_EXPORT_KEYS="+strings.Join([]string{server.ConsumerKey(), server.ConsumerSecret(), server.AccessToken(), server.AccessTokenSecret()}, " "),
		"SOUK_EXPORT_WANT="+strconv.Itoa(products*exports), "SOUK_EXPORTS="+strconv.Itoa(exports))
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("the export of %d products failed: %v\n%s", products, err, out)
	}
	for line := range strings.Lines(string(out)) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), "PEAK "); ok {
			return int(mustParse(t, value))
		}
	}
	t.Fatalf("the export did not report its peak:\n%s", out)
	return 0
}

// TestExportChild is the process that exports.
func TestExportChild(t *testing.T) {
	target := os.Getenv("SOUK_EXPORT_FROM")
	if target == "" {
		t.Skip("only runs as the child of TestExportMemoryIsFlat")
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", target)
	}
	keys := mapped(strings.Fields(os.Getenv("SOUK_EXPORT_KEYS")), catalog.NewSecret)
	e := openWith(t, newAdapter(t, nil, magento.Config{Transport: &http.Transport{DialContext: dial, MaxIdleConnsPerHost: 8}}), nil,
		catalog.StaticCredential(catalog.Credential{Key: keys[0], Secret: keys[1], AccessToken: keys[2], TokenSecret: keys[3]}))
	count := 0
	for range mustParse(t, os.Getenv("SOUK_EXPORTS")) {
		for product, err := range as[catalog.ProductExporter](t, e).ExportProducts(t.Context(), catalog.ProductQuery{}) {
			if err != nil {
				t.Fatal(err)
			}
			if len(product.Raw) == 0 {
				t.Fatal("a product has no Raw")
			}
			count++
		}
	}
	if want := os.Getenv("SOUK_EXPORT_WANT"); strconv.Itoa(count) != want {
		t.Fatalf("read %d products, want %s", count, want)
	}
	fmt.Println("PEAK", peakRSS(t))
}

// peakRSS is the highest resident memory of this process so far, in KiB.
func peakRSS(t *testing.T) int64 {
	file, err := os.Open("/proc/self/status")
	must(t, err)
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			return mustParse(t, strings.TrimSpace(strings.TrimSuffix(value, "kB")))
		}
	}
	t.Fatal("no VmHWM in /proc/self/status")
	return 0
}
