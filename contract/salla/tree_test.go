package salla_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

// tree is a JSON value with its numbers as they are written.
type tree struct{ value any }

func parse(t testing.TB, body []byte) tree {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v tree
	if err := d.Decode(&v.value); err != nil {
		t.Fatal(err)
	}
	return v
}

// at follows a path such as "skus.0.price".
func (v tree) at(t testing.TB, path string) any {
	t.Helper()
	here := v.value
	for _, name := range strings.Split(path, ".") {
		switch value := here.(type) {
		case map[string]any:
			found := false
			if here, found = value[name]; !found {
				t.Fatalf("the sample has no %s", path)
			}
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(value) {
				t.Fatalf("the sample has no %s", path)
			}
			here = value[i]
		default:
			t.Fatalf("the sample has no %s", path)
		}
	}
	return here
}

// text writes what is at a path: an amount with its currency, a scalar as it
// is. With an @ before the path a time in Riyadh is meant.
func (v tree) text(t testing.TB, path string) string {
	t.Helper()
	path, isTime := strings.CutPrefix(path, "@")
	value := v.at(t, path)
	if object, ok := value.(map[string]any); ok {
		switch {
		case object["amount"] != nil && object["currency"] != nil:
			return fmt.Sprint(object["amount"], " ", object["currency"])
		case isTime && object["timezone"] == "Asia/Riyadh":
			value = object["date"]
		default:
			t.Fatalf("%s is an object", path)
		}
	}
	if isTime {
		at, err := time.Parse("2006-01-02 15:04:05-07:00", fmt.Sprint(value)+"+03:00")
		if err != nil {
			t.Fatal(err)
		}
		return at.UTC().Format(time.RFC3339)
	}
	switch value.(type) {
	case string, json.Number, bool:
		return fmt.Sprint(value)
	}
	t.Fatalf("%s is %v, no scalar", path, value)
	return ""
}

// fill replaces each {path} of a pattern by what is there.
func (v tree) fill(t testing.TB, pattern string) string {
	t.Helper()
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(pattern, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		path, after, _ := strings.Cut(rest, "}")
		b.WriteString(v.text(t, path))
		pattern = after
	}
}
