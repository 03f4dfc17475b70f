package catalog

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"hash/fnv"
	"iter"
	"slices"
	"strconv"
	"time"
)

// All yields the changed records and ends when there are no more. An error
// ends it; the checkpoint stays good for the next try.
func (c *Changes[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) { c.read(ctx)(yield) }
}

func (c *Changes[T]) read(ctx context.Context) iter.Seq2[T, error] {
	if c.err != nil {
		return failed[T](c.err)
	}
	features := c.source.engine.Features().Resources[c.source.resource]
	switch {
	case features.Changes == ChangesNone || features.Changes == "":
		return failed[T](Unsupported(c.source.engine.Platform(), "read changed "+string(c.source.resource), "read the whole list, or use webhooks"))
	case features.SortsUpdated:
		return c.sorted(ctx, features)
	case c.state.Mark.IsZero():
		return c.full(ctx, features)
	default:
		return c.collected(ctx, features)
	}
}

// sorted streams from the mark, oldest change first.
func (c *Changes[T]) sorted(ctx context.Context, f ResourceFeatures) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		mode := readSorted
		if f.Changes == ChangesScan {
			mode = readSortedScan // the platform sorts but does not filter
		}
		c.state.begin(mode, f, time.Now())
		since, filter := c.state.Since, c.state.Since
		if mode == readSortedScan {
			filter = time.Time{}
		}
		options := c.source.options
		options.Sort = SortUpdated
		for v, err := range c.resume(ctx, filter, options) {
			if err != nil {
				yield(v, err)
				return
			}
			item := c.source.identify(&v)
			if old(item.updated, since) {
				continue
			}
			key := c.source.fingerprint(&v)
			if !c.state.delivered(key) && !yield(v, nil) {
				return
			}
			c.state.deliver(item, key, f)
			c.state.moveTo(item.record.Cursor)
		}
		c.state.finish(f)
	}
}

// full reads everything once in the list's own order. The mark it leaves is
// the time before it began, so that what changes meanwhile comes again.
func (c *Changes[T]) full(ctx context.Context, f ResourceFeatures) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		c.state.begin(readFull, f, time.Now())
		for v, err := range c.resume(ctx, time.Time{}, c.source.options) {
			if err != nil {
				yield(v, err)
				return
			}
			item, key := c.source.identify(&v), c.source.fingerprint(&v)
			if !yield(v, nil) {
				return
			}
			c.state.deliver(item, key, f)
			c.state.moveTo(item.record.Cursor)
		}
		c.state.finish(f)
	}
}

// collected gathers the changes, with the platform's filter or by reading all,
// and yields them newest last. It keeps the changed records in memory.
func (c *Changes[T]) collected(ctx context.Context, f ResourceFeatures) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		c.state.begin(readCollected, f, time.Now())
		since := sinceMark(c.state.Mark, f)
		filter := since
		if f.Changes == ChangesScan {
			filter = time.Time{}
		}
		type found struct {
			value T
			key   uint64
		}
		var all []found
		for v, err := range c.source.list(ctx, filter, c.source.options) {
			if err != nil {
				yield(v, err)
				return
			}
			item := c.source.identify(&v)
			if old(item.updated, since) || c.state.passed(item) {
				continue
			}
			if key := c.source.fingerprint(&v); !c.state.delivered(key) {
				all = append(all, found{v, key})
			}
		}
		slices.SortStableFunc(all, func(a, b found) int {
			x, y := c.source.identify(&a.value), c.source.identify(&b.value)
			return cmp.Or(x.updated.Compare(y.updated), cmp.Compare(x.id, y.id))
		})
		for i := range all {
			item := c.source.identify(&all[i].value)
			if !yield(all[i].value, nil) {
				return
			}
			c.state.deliver(item, all[i].key, f)
		}
		c.state.finish(f)
	}
}

// resume lists on from where an unfinished read was left. A cursor that the
// engine no longer takes, say after an upgrade, costs a new start and not the
// reader.
func (c *Changes[T]) resume(ctx context.Context, filter time.Time, options ListOptions) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		options.After = c.state.Cursor
		first := true
		for v, err := range c.source.list(ctx, filter, options) {
			if first && options.After != "" && errors.Is(err, ErrInvalid) {
				c.state.Cursor, options.After = "", ""
				c.source.list(ctx, filter, options)(yield)
				return
			}
			first = false
			if !yield(v, err) {
				return
			}
		}
	}
}

// old reports a change before since; a record without a time never is.
func old(updated, since time.Time) bool { return !updated.IsZero() && updated.Before(since) }

// fingerprint tells one state of a record from every other. The content is
// part of it: two changes within the platform's grain carry the same time.
func (s changeSource[T]) fingerprint(v *T) uint64 {
	item := s.identify(v)
	h := fnv.New64a()
	_, _ = h.Write([]byte(item.id + "\x00" + strconv.FormatInt(item.updated.UnixNano(), 36) + "\x00"))
	if len(item.record.Raw) > 0 {
		_, _ = h.Write(item.record.Raw)
		for _, part := range item.record.More {
			_, _ = h.Write(part.Raw)
		}
		return h.Sum64()
	}
	plain := *v
	*s.identify(&plain).record = Record{}
	text, _ := json.Marshal(plain) // the model always encodes
	_, _ = h.Write(text)
	return h.Sum64()
}
