package catalog_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
)

// simStore is a platform with all that makes reading changes hard: it changes
// while it is read, its clock is not ours, its change times are coarse, and a
// change shows up some time after it happened.
type simStore struct {
	catalog.Engine
	rng      *rand.Rand
	features catalog.ResourceFeatures
	skew     time.Duration // its clock less ours
	maxLag   time.Duration // until a change is visible
	pageSize int
	omitRaw  bool
	records  map[string][]simVersion
	content  int
	// onPage runs before each page is made; an error cuts the list.
	onPage func() error
}

type simVersion struct {
	content int
	stamp   time.Time
	visible time.Time
	deleted bool
}

func newSimStore(seed uint64, f catalog.ResourceFeatures) *simStore {
	return &simStore{rng: rand.New(rand.NewPCG(seed, 1)), features: f, pageSize: 4, records: make(map[string][]simVersion)}
}

func (s *simStore) Platform() string           { return "sim" }
func (s *simStore) Features() catalog.Features { return productFeatures(s.features) }

// put changes or inserts a record.
func (s *simStore) put(id string) { s.write(id, false) }

func (s *simStore) write(id string, deleted bool) {
	s.content++
	now := time.Now()
	v := simVersion{content: s.content, stamp: now.Add(s.skew).Truncate(max(s.features.Grain, time.Second)).UTC(), visible: now, deleted: deleted}
	if s.maxLag > 0 {
		v.visible = now.Add(time.Duration(s.rng.Int64N(int64(s.maxLag) + 1)))
	}
	s.records[id] = append(s.records[id], v)
}

// mutate does one random thing.
func (s *simStore) mutate(ids int) {
	id := strconv.Itoa(s.rng.IntN(ids))
	s.write(id, s.rng.IntN(8) == 0)
}

// latest returns what everybody sees once the store has come to rest.
func (s *simStore) latest() map[string]int {
	all := make(map[string]int)
	for id, versions := range s.records {
		if v := versions[len(versions)-1]; !v.deleted {
			all[id] = v.content
		}
	}
	return all
}

// rows are the visible records behind a position, in the list's order.
func (s *simStore) rows(since time.Time, sorted bool, behind string) []catalog.Product {
	now := time.Now()
	var rows []catalog.Product
	for id, versions := range s.records {
		for _, v := range slices.Backward(versions) {
			if v.visible.After(now) {
				continue
			}
			p := catalog.Product{ID: id, Title: strconv.Itoa(v.content), UpdatedAt: v.stamp}
			if !v.deleted && !v.stamp.Before(since) && simPosition(p, sorted) > behind {
				rows = append(rows, p)
			}
			break
		}
	}
	slices.SortFunc(rows, func(a, b catalog.Product) int {
		return strings.Compare(simPosition(a, sorted), simPosition(b, sorted))
	})
	return rows
}

func simPosition(p catalog.Product, sorted bool) string {
	if sorted {
		return fmt.Sprintf("%020d %9s", p.UpdatedAt.Unix(), p.ID)
	}
	return fmt.Sprintf("%9s", p.ID)
}

func (s *simStore) Products(ctx context.Context, q catalog.ProductQuery) iter.Seq2[catalog.Product, error] {
	return func(yield func(catalog.Product, error) bool) {
		sorted := q.Sort == catalog.SortUpdated
		if sorted && !s.features.SortsUpdated || !q.UpdatedSince.IsZero() && s.features.Changes != catalog.ChangesNative {
			yield(catalog.Product{}, catalog.Unsupported("sim", "list products", "ask for less"))
			return
		}
		filter := fmt.Sprint(q.UpdatedSince.UnixNano(), q.Sort)
		behind, err := q.After.Position("sim", catalog.Products, filter)
		if err != nil {
			yield(catalog.Product{}, err)
			return
		}
		for {
			if s.onPage != nil {
				if err := s.onPage(); err != nil {
					yield(catalog.Product{}, err)
					return
				}
			}
			page := s.rows(q.UpdatedSince, sorted, behind)
			if len(page) == 0 {
				return
			}
			for _, p := range page[:min(len(page), s.pageSize)] {
				behind = simPosition(p, sorted)
				p.Cursor = catalog.NewCursor("sim", catalog.Products, filter, behind)
				if !s.omitRaw && !q.OmitRaw {
					p.Raw = []byte(`{"content":` + p.Title + `}`)
				}
				if !yield(p, nil) {
					return
				}
			}
		}
	}
}
