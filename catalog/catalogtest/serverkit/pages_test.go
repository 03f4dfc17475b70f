package serverkit_test

import (
	"bytes"
	"testing"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

func TestPagesHoldForOneVersion(t *testing.T) {
	t.Parallel()
	var p serverkit.Pages
	if got := p.Get(0, "a"); got != nil {
		t.Errorf("an empty cache has %q", got)
	}
	body := []byte("one")
	p.Put(1, "a", body)
	copy(body, "XXX") // the caller's buffer is used again
	if got := string(p.Get(1, "a")); got != "one" {
		t.Errorf("got %q", got)
	}
	if p.Get(2, "a") != nil || p.Get(1, "b") != nil {
		t.Error("a page of another version or name")
	}
	p.Put(2, "a", []byte("two"))
	if got := string(p.Get(2, "a")); got != "two" || p.Get(1, "a") != nil {
		t.Errorf("after a new version: %q", got)
	}
}

func TestPagesAreBounded(t *testing.T) {
	t.Parallel()
	var p serverkit.Pages
	large := bytes.Repeat([]byte("x"), 33<<20)
	for _, key := range []string{"a", "b", "c"} {
		p.Put(1, key, large)
	}
	if p.Get(1, "a") != nil || p.Get(1, "b") != nil || p.Get(1, "c") == nil {
		t.Error("the third page should have found the cache over its bound")
	}
}
