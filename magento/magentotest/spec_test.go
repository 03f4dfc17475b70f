package magentotest

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// doc is a node of the vendor's OpenAPI file.
type doc struct {
	value string
	list  []string
	kids  map[string]*doc
}

func (d *doc) at(keys ...string) *doc {
	for _, k := range keys {
		if d == nil {
			return nil
		}
		d = d.kids[k]
	}
	return d
}

// readSpec reads the part of YAML the vendor's generator writes: nested maps,
// lists of texts, texts that go on over lines. Lists of maps are passed over.
func readSpec(t *testing.T, name string) *doc {
	t.Helper()
	f, err := os.Open(filepath.Join(specs(t), name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	type level struct {
		indent int
		node   *doc
		scalar bool
	}
	root := &doc{kids: map[string]*doc{}}
	stack := []level{{-1, root, false}}
	skip := -1 // indent of a list entry whose inside is passed over
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		text := strings.TrimLeft(line, " ")
		indent := len(line) - len(text)
		if text == "" || skip >= 0 && indent > skip {
			continue
		}
		skip = -1
		item, isItem := strings.CutPrefix(text, "- ")
		for len(stack) > 1 {
			top := stack[len(stack)-1]
			if indent > top.indent || isItem && indent == top.indent {
				break
			}
			stack = stack[:len(stack)-1]
		}
		top := stack[len(stack)-1]
		if top.scalar && indent > top.indent {
			continue // a text goes on
		}
		if isItem {
			if !strings.Contains(item, ": ") {
				top.node.list = append(top.node.list, item)
			}
			skip = indent
			continue
		}
		key, value, ok := strings.Cut(text, ":")
		if strings.HasPrefix(text, `"`) {
			key, value, ok = strings.Cut(text[1:], `":`)
		}
		if !ok {
			continue
		}
		key, value = strings.Trim(key, "'"), strings.Trim(strings.TrimSpace(value), `"'`)
		n := &doc{value: value}
		if top.node.kids == nil {
			top.node.kids = map[string]*doc{}
		}
		top.node.kids[key] = n
		stack = append(stack, level{indent, n, value != ""})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return root
}

// schema follows a reference.
func (d *doc) schema(root *doc) *doc {
	for d != nil {
		ref := d.at("$ref")
		if ref == nil {
			return d
		}
		d = root.at("definitions", strings.TrimPrefix(ref.value, "#/definitions/"))
	}
	return nil
}

// answerOf is the schema of the 200 of an endpoint, nil if there is none.
func (d *doc) answerOf(path, method string) *doc {
	return d.at("paths", path, strings.ToLower(method), "responses", "200", "schema").schema(d)
}

// specPath finds the vendor's spelling of a route's path.
func (d *doc) specPath(r *route) string {
	for p, node := range d.at("paths").kids {
		if node.kids[strings.ToLower(r.method)] == nil {
			continue
		}
		parts := strings.Split(strings.Trim(p, "/"), "/")
		if len(parts) != len(r.parts) {
			continue
		}
		same := true
		for i := range parts {
			variable := strings.HasPrefix(parts[i], "{")
			same = same && variable == (r.parts[i] == "*") && (variable || parts[i] == r.parts[i])
		}
		if same {
			return p
		}
	}
	return ""
}
