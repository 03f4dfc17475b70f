// Features prints what each platform's adapter can do, as a Markdown table made
// from its catalog.Features.
//
//	go run ./examples/features          # print the table
//	go run ./examples/features -write   # put it into README.md
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/soukhq/souk/catalog"
)

func main() {
	write := flag.Bool("write", false, "put the table into the README instead of printing it")
	readme := flag.String("readme", "README.md", "the file that -write changes")
	flag.Parse()
	if err := run(*write, *readme, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "features:", err)
		os.Exit(1)
	}
}

func run(write bool, readme string, out io.Writer) error {
	var all []catalog.Features
	var names []string
	for _, c := range adapters {
		adapter, err := c.open()
		if err != nil {
			return err
		}
		all, names = append(all, adapter.Features()), append(names, c.name)
	}
	made := table(names, all)
	if !write {
		_, err := io.WriteString(out, made)
		return err
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	changed, err := place(string(text), made)
	if err != nil {
		return fmt.Errorf("%s: %w", readme, err)
	}
	return os.WriteFile(readme, []byte(changed), 0o644)
}

// The table stands between these two lines.
const (
	begin = "<!-- features: made by go run ./examples/features -write -->\n"
	end   = "<!-- end of features -->\n"
)

// place puts the table between its marks.
func place(text, made string) (string, error) {
	before, rest, ok := strings.Cut(text, begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return "", fmt.Errorf("the lines %q and %q are not there", strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return before + begin + "\n" + made + "\n" + end + after, nil
}
