package transport_test

import (
	"errors"
	"iter"
	"slices"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// counting yields 1 to n with the errors in place of some, and counts how many
// were asked for.
func counting(n int, wrong map[int]error, asked *int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			*asked++
			if err := wrong[i+1]; !yield(i+1, err) {
				return
			}
		}
	}
}

func TestDeliver(t *testing.T) {
	t.Parallel()
	bad, stop := &catalog.ItemError{Platform: "p", Op: "list", ID: "2"}, errors.New("stop")
	even := func(n *int) bool { return *n%2 == 0 }
	goOn := func(*catalog.ItemError) error { return nil }
	for name, c := range map[string]struct {
		wrong   map[int]error
		options catalog.ListOptions
		keep    func(*int) bool
		want    []int
		err     error
		asked   int
	}{
		"everything":                         {want: []int{1, 2, 3, 4, 5}, asked: 5},
		"no further than the limit":          {options: catalog.ListOptions{Limit: 2}, want: []int{1, 2}, asked: 2},
		"a limit on what is kept":            {options: catalog.ListOptions{Limit: 2}, keep: even, want: []int{2, 4}, asked: 4},
		"without those that are gone":        {wrong: map[int]error{1: transport.ErrGone, 3: transport.ErrGone}, want: []int{2, 4, 5}, asked: 5},
		"those that are gone count not":      {wrong: map[int]error{1: transport.ErrGone}, options: catalog.ListOptions{Limit: 1}, want: []int{2}, asked: 2},
		"a bad record ends it":               {wrong: map[int]error{2: bad}, want: []int{1}, err: bad, asked: 2},
		"behind a bad record":                {wrong: map[int]error{2: bad}, options: catalog.ListOptions{OnBadItem: goOn}, want: []int{1, 3, 4, 5}, asked: 5},
		"the caller's own error":             {wrong: map[int]error{2: bad}, options: catalog.ListOptions{OnBadItem: func(*catalog.ItemError) error { return stop }}, want: []int{1}, err: stop, asked: 2},
		"another error ends it all the same": {wrong: map[int]error{3: stop}, options: catalog.ListOptions{OnBadItem: goOn}, keep: even, want: []int{2}, err: stop, asked: 3},
	} {
		asked := 0
		got, err := catalog.Collect(transport.Deliver(counting(5, c.wrong, &asked), c.options, c.keep))
		if !slices.Equal(got, c.want) || err != c.err || asked != c.asked {
			t.Errorf("%s: got %v, %v after asking for %d, want %v, %v after %d", name, got, err, asked, c.want, c.err, c.asked)
		}
	}
}

func TestDeliverEndsWithItsConsumer(t *testing.T) {
	t.Parallel()
	asked := 0
	list := transport.Deliver(counting(5, map[int]error{4: errors.New("never seen")}, &asked), catalog.ListOptions{}, nil)
	for range 2 { // and begins anew
		asked = 0
		for n, err := range list {
			if n == 2 {
				break
			}
			if err != nil {
				t.Error(err)
			}
		}
		if asked != 2 {
			t.Errorf("%d records were asked for, want 2", asked)
		}
	}
}

// TestDeliverYieldsNothingBesideAnError holds that a half-read record does not
// leave with its error.
func TestDeliverYieldsNothingBesideAnError(t *testing.T) {
	t.Parallel()
	asked := 0
	for n, err := range transport.Deliver(counting(1, map[int]error{1: errors.New("wrong")}, &asked), catalog.ListOptions{}, nil) {
		if err == nil || n != 0 {
			t.Errorf("got %d, %v", n, err)
		}
	}
}
