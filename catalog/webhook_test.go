package catalog_test

import (
	"testing"
	"time"
	"unicode/utf8"

	"github.com/soukhq/souk/catalog"
)

func TestEventKey(t *testing.T) {
	t.Parallel()
	seen := make(map[string][]string)
	for _, parts := range [][]string{
		nil, {""}, {"", ""}, {"a", "b"}, {"ab"}, {"a,b"}, {"a", "", "b"}, {`a"`, `"b`}, {`a","b`}, {`a\`, `b`}, {"a\x00b"}, {"A", "b"},
		{"\xff"}, {"\xfe"}, {"\ufffd"}, {`\xff`}, {"salla", "1234509876"}, {"salla1", "234509876"},
	} {
		key := catalog.EventKey(parts...)
		if other, taken := seen[key]; taken {
			t.Errorf("%q and %q both have the key %s", parts, other, key)
		}
		seen[key] = parts
		if !utf8.ValidString(key) || catalog.EventKey(parts...) != key {
			t.Errorf("the key of %q is %q", parts, key)
		}
	}
}

func TestEventOlderThan(t *testing.T) {
	t.Parallel()
	at := func(occurred, updated int64) catalog.Event {
		var e catalog.Event
		if occurred != 0 {
			e.OccurredAt = time.Unix(occurred, 0)
		}
		if updated != 0 {
			e.UpdatedAt = time.Unix(updated, 0)
		}
		return e
	}
	for name, c := range map[string]struct {
		event, other catalog.Event
		want         bool
	}{
		"older record":                  {at(0, 1), at(0, 2), true},
		"same record":                   {at(0, 2), at(0, 2), false},
		"newer record":                  {at(0, 3), at(0, 2), false},
		"older event":                   {at(1, 0), at(2, 0), true},
		"same event":                    {at(2, 0), at(2, 0), false},
		"newer event":                   {at(3, 0), at(2, 0), false},
		"record's time wins":            {at(3, 1), at(2, 2), true},
		"record's time wins, other way": {at(1, 3), at(2, 2), false},
		"one record's time is missing":  {at(1, 9), at(2, 0), true},
		"different clocks only":         {at(1, 0), at(0, 2), false},
		"nothing told":                  {at(0, 0), at(0, 0), false},
		"nothing told of the first":     {at(0, 0), at(2, 2), false},
		"nothing told of the other":     {at(1, 1), at(0, 0), false},
	} {
		if got := c.event.OlderThan(c.other); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
