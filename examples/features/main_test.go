package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

const readme = "../../README.md"

func TestTheREADMEIsUpToDate(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	twin := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(twin, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(true, twin, nil); err != nil {
		t.Fatal(err)
	}
	fresh, err := os.ReadFile(twin)
	if err != nil {
		t.Fatal(err)
	}
	if string(fresh) != string(text) {
		t.Error("the table in README.md is not what the adapters say: go run ./examples/features -write")
	}
	var out strings.Builder
	if err := run(false, "", &out); err != nil || !strings.Contains(string(text), out.String()) {
		t.Errorf("the printed table is not the README's (%v)", err)
	}
}

// A folder with a conformance test is an adapter, and has a column.
func TestEveryAdapterHasAColumn(t *testing.T) {
	t.Parallel()
	have := map[string]bool{}
	for _, c := range adapters {
		adapter, err := c.open()
		if err != nil {
			t.Fatal(err)
		}
		have[adapter.Platform()] = true
	}
	found, err := filepath.Glob("../../*/conformance_test.go")
	if err != nil || len(found) == 0 {
		t.Fatalf("no adapters found: %v", err)
	}
	for _, path := range found {
		if platform := filepath.Base(filepath.Dir(path)); !have[platform] {
			t.Errorf("%s has no column: add a line to adapters.go", platform)
		}
	}
}

func TestEveryWordIsThere(t *testing.T) {
	t.Parallel()
	known := map[catalog.Capability]bool{}
	for _, c := range capabilities {
		known[c.capability] = true
	}
	for _, c := range adapters {
		adapter, err := c.open()
		if err != nil {
			t.Fatal(err)
		}
		f := adapter.Features()
		for _, capability := range f.Capabilities {
			if !known[capability] {
				t.Errorf("%s can do %s, which the table has no row for", c.name, capability)
			}
		}
		for resource, list := range f.Resources {
			for _, filter := range list.Filters {
				if filterWords[filter] == "" {
					t.Errorf("%s filters %s by %s, which the table has no word for", c.name, resource, filter)
				}
			}
			if changes[list.Changes] == "" {
				t.Errorf("%s finds changes of %s by %q, which the table has no word for", c.name, resource, list.Changes)
			}
		}
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	got, err := place("a\n"+begin+"old\n"+end+"b\n", "new\n")
	if want := "a\n" + begin + "\nnew\n\n" + end + "b\n"; got != want || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	for _, text := range []string{"", begin, end + begin} {
		if _, err := place(text, "new\n"); err == nil {
			t.Errorf("a table was placed in %q", text)
		}
	}
}

func TestLength(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{0: "–", 5 * time.Second: "5 s", 15 * time.Minute: "15 min", 24 * time.Hour: "24 h", 48 * time.Hour: "2 days", 90 * time.Minute: "90 min"} {
		if got := length(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
