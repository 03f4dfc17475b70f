package serverkit_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

type recorder struct {
	book *serverkit.Book[int]
	said []string
}

func (*recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
	if r.book != nil {
		_ = r.book.Violations() // a test may look while it is told
	}
}

func TestBookKeepsTheLatestCalls(t *testing.T) {
	t.Parallel()
	b := serverkit.NewBook[int]("shoptest", nil, 3)
	for n, want := range [][]int{{0}, {0, 1}, {0, 1, 2}, {1, 2, 3}, {2, 3, 4}, {3, 4, 5}, {4, 5, 6}} {
		b.Add(n)
		got := b.Calls()
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("after %d calls (-want +got)\n%s", n+1, d)
		}
		got[0] = -1 // the list is the caller's
	}
	b.Reset()
	b.Add(9)
	if d := cmp.Diff([]int{9}, b.Calls()); d != "" {
		t.Errorf("after Reset (-want +got)\n%s", d)
	}
}

func TestBookReportsViolationsUntilMuted(t *testing.T) {
	t.Parallel()
	tb := &recorder{}
	tb.book = serverkit.NewBook[int]("shoptest", tb, 3)
	tb.book.Violationf("page %d of %s", 0, "orders")
	tb.book.Mute()
	tb.book.Violationf("late")
	if d := cmp.Diff([]string{"shoptest: page 0 of orders"}, tb.said); d != "" {
		t.Errorf("reported (-want +got)\n%s", d)
	}
	if d := cmp.Diff([]string{"page 0 of orders", "late"}, tb.book.Violations()); d != "" {
		t.Errorf("kept (-want +got)\n%s", d)
	}
	tb.book.Reset()
	if got := tb.book.Violations(); len(got) != 0 {
		t.Errorf("after Reset: %q", got)
	}
}

func TestBookBoundsItsViolations(t *testing.T) {
	t.Parallel()
	tb := &recorder{}
	b := serverkit.NewBook[int]("shoptest", tb, 3)
	for range serverkit.MaxViolations + 5 {
		b.Violationf("again")
	}
	if kept := len(b.Violations()); kept != serverkit.MaxViolations || len(tb.said) != kept+5 {
		t.Errorf("%d kept, %d reported", kept, len(tb.said))
	}
}

type closer struct {
	io.Reader
	closed bool
}

func (c *closer) Close() error { c.closed = true; return nil }

func TestBookRefuses(t *testing.T) {
	t.Parallel()
	b := serverkit.NewBook[int]("shoptest", nil, 3)
	cause, body := errors.New("shoptest: refused"), &closer{Reader: strings.NewReader("x")}
	r := httptest.NewRequest(http.MethodPost, "https://elsewhere.test/", body)
	r.Body = body
	err := b.Refuse(r, cause, "request to elsewhere.test")
	if !errors.Is(err, cause) || err.Error() != "shoptest: refused: request to elsewhere.test" {
		t.Errorf("error %v", err)
	}
	if !body.closed {
		t.Error("the body is open")
	}
	if d := cmp.Diff([]string{"request to elsewhere.test"}, b.Violations()); d != "" {
		t.Errorf("violations (-want +got)\n%s", d)
	}
}

func TestRedacted(t *testing.T) {
	t.Parallel()
	h := http.Header{"Authorization": {"", "Bearer x"}, "X-Token": {"y"}, "Accept": {"*/*"}}
	want := http.Header{"Authorization": {"REDACTED"}, "X-Token": {"REDACTED"}, "Accept": {"*/*"}}
	if d := cmp.Diff(want, serverkit.Redacted(h, "authorization", "X-Token", "Cookie")); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if h.Get("X-Token") != "y" {
		t.Error("the argument was changed")
	}
}
