package specs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/soukhq/souk/contract/internal/specs"
)

// recorder is a test that notes how it ended.
type recorder struct {
	testing.TB
	skipped, failed string
}

func (r *recorder) Helper() {}

func (r *recorder) Skipf(format string, args ...any) {
	r.skipped = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.failed = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func pathOf(parts ...string) (path string, r *recorder) {
	r = &recorder{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		path = specs.Path(r, parts...)
	}()
	<-done
	return path, r
}

func TestFindsTheFolderAbove(t *testing.T) {
	root := t.TempDir()
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		t.Fatal(err)
	}
	want := filepath.Join(root, "shared", "specs")
	deep := filepath.Join(root, "clone", "contract", "shopify")
	for _, dir := range []string{want, deep} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("SOUK_SPECS", "")
	t.Chdir(deep)
	if got, err := specs.Find(); err != nil || got != want {
		t.Errorf("%q %v, want %q", got, err, want)
	}
}

func TestMissingSpecifications(t *testing.T) {
	absent := filepath.Join(t.TempDir(), "absent")
	tests := map[string]struct {
		named, required, ci string
		fails               bool
	}{
		"no folder skips":               {named: absent},
		"no folder but required":        {named: absent, required: "1", fails: true},
		"no folder in CI":               {named: absent, ci: "true", fails: true},
		"a folder without the file":     {named: t.TempDir()},
		"a folder without it, required": {named: t.TempDir(), required: "1", fails: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Setenv("SOUK_SPECS", tt.named)
			t.Setenv("SOUK_SPECS_REQUIRED", tt.required)
			t.Setenv("CI", tt.ci)
			path, r := pathOf("shopify", "vectors.json")
			said := r.skipped
			if tt.fails {
				said = r.failed
			}
			if path != "" || !strings.Contains(said, "the vendors' specifications are not here") {
				t.Errorf("path %q, skipped %q, failed %q", path, r.skipped, r.failed)
			}
		})
	}
}

func TestReadsWhatIsNamed(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.json"), []byte(`{"n":1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SOUK_SPECS", dir)
	var got struct{ N int }
	specs.Decode(t, &got, "a.json")
	if got.N != 1 {
		t.Errorf("%+v", got)
	}
}
