// Package specs finds the vendors' specifications and collects what the tests
// held against them.
//
//	func TestMain(m *testing.M) { specs.Main(m) }
//
//	func TestVectors(t *testing.T) {
//		vectors := specs.Read(t, "shopify", "vectors.json")
//		...
//		specs.Report(t, "shopify vectors %d/%d", good, len(all))
//	}
//
// It is for tests: a missing specification skips or fails the test that asks.
package specs

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// levels is how many folders above the test's own are looked at: a package of
// this module, the module, the repository, and folders around the repository.
const levels = 6

// Find returns the folder of the specifications: where the variable SOUK_SPECS
// says, else the first shared/specs in the folders above the working one. The
// error names the places that were looked at.
func Find() (string, error) {
	if named := os.Getenv("SOUK_SPECS"); named != "" {
		if folder(named) {
			return named, nil
		}
		return "", fmt.Errorf("SOUK_SPECS names %s, which is no folder", named)
	}
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for at, n := start, 0; n < levels; at, n = filepath.Dir(at), n+1 {
		if dir := filepath.Join(at, "shared", "specs"); folder(dir) {
			return dir, nil
		}
	}
	return "", fmt.Errorf("no shared/specs in the %d folders from %s up; name the folder in SOUK_SPECS", levels, start)
}

func folder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// Required says whether the specifications must be there.
func Required() bool {
	return os.Getenv("SOUK_SPECS_REQUIRED") == "1" || os.Getenv("CI") == "true"
}

// Path returns the path of a specification. Without it the test is skipped, or
// fails where Required says so.
func Path(t testing.TB, parts ...string) string {
	t.Helper()
	dir, err := Find()
	if err == nil {
		path := filepath.Join(append([]string{dir}, parts...)...)
		if _, err = os.Stat(path); err == nil {
			return path
		}
	}
	const word = "the vendors' specifications are not here: %v"
	if Required() {
		t.Fatalf(word, err)
	}
	t.Skipf(word, err)
	return ""
}

// Read returns a specification's bytes, like Path.
func Read(t testing.TB, parts ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(Path(t, parts...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Decode reads a JSON specification into v, like Path.
func Decode(t testing.TB, v any, parts ...string) {
	t.Helper()
	if err := json.Unmarshal(Read(t, parts...), v); err != nil {
		t.Fatalf("%s: %v", filepath.Join(parts...), err)
	}
}

var (
	mu    sync.Mutex
	lines []string
)

// Report logs what was held against the specifications, and keeps the line for
// Main to print at the end. It is safe for concurrent use.
func Report(t testing.TB, format string, args ...any) {
	t.Helper()
	line := fmt.Sprintf(format, args...)
	t.Log(line)
	mu.Lock()
	defer mu.Unlock()
	lines = append(lines, line)
}

// Main runs the tests of a package and prints, with -v, all that they reported:
// lines that begin with "contract: ".
func Main(m *testing.M) {
	code := m.Run()
	if testing.Verbose() {
		mu.Lock()
		slices.Sort(lines)
		for _, line := range lines {
			fmt.Println("contract: " + line)
		}
		mu.Unlock()
	}
	os.Exit(code)
}
