// Package docs holds no code, only a test that keeps the guide true.
package docs

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog/catalogtest"
)

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const guide = "adding-a-platform.md"

var fence = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

// An excerpt's first line names the file it is taken from.
func TestExcerptsAreTheExamplesSource(t *testing.T) {
	t.Parallel()
	excerpts := 0
	for _, block := range fence.FindAllStringSubmatch(read(t, guide), -1) {
		language, body := block[1], block[2]
		first, excerpt, _ := strings.Cut(body, "\n")
		path, named := strings.CutPrefix(first, "// examples/")
		if !named {
			if language == "go" {
				t.Errorf("a block of Go does not say which file it is from:\n%s", body)
			}
			continue
		}
		excerpts++
		if strings.TrimSpace(excerpt) == "" || !strings.Contains("\n"+read(t, "../examples/"+path), "\n"+excerpt) {
			t.Errorf("examples/%s has no such lines:\n%s", path, excerpt)
		}
	}
	if excerpts < 10 {
		t.Errorf("only %d excerpts were found", excerpts)
	}
}

var rowForm = regexp.MustCompile(`(?m)^\| ([^|]+) \| [^|]+ \|$`)

// Every rule of the suite is in the guide, and the guide has no others.
func TestEveryRuleIsExplained(t *testing.T) {
	t.Parallel()
	rules, told := catalogtest.Rules(), []string(nil)
	_, chapter, ok := strings.Cut(read(t, guide), "\n## 7. ")
	for _, match := range rowForm.FindAllStringSubmatch(chapter, -1) {
		if match[1] != "rule" {
			told = append(told, match[1])
		}
	}
	if !ok || len(rules) < 50 {
		t.Fatalf("found %d rules in the suite, and the chapter: %v", len(rules), ok)
	}
	for _, rule := range rules {
		if !slices.Contains(told, rule) {
			t.Errorf("%s does not say what to do when %q fails", guide, rule)
		}
	}
	for _, rule := range told {
		if !slices.Contains(rules, rule) {
			t.Errorf("%s explains %q, which the suite does not have", guide, rule)
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)#:]+)\)`)

func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	for _, match := range link.FindAllStringSubmatch(read(t, guide), -1) {
		if _, err := os.Stat(match[1]); err != nil {
			t.Errorf("%s links to %s: %v", guide, match[1], err)
		}
	}
}
