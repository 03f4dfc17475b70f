package salla

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// call sends one call and waits until it shows. Rows that Salla complains of
// are put aside and the others sent again: it did nothing then.
func (b *stockBatch) call(ctx context.Context, e *Engine, lines []*stockLine, failed map[int]error) error {
	for len(lines) > 0 {
		rows := make([]any, len(lines))
		for i, line := range lines {
			rows[i] = line.row()
		}
		c := change{op: b.op, method: post, path: bulkPath, fields: map[string]any{"products": rows}, slow: true,
			look: func(ctx context.Context) (catalog.Outcome, error) { return b.outcome(ctx, e, lines) }}
		_, err := e.write(ctx, c)
		if err == nil {
			return b.await(ctx, e, c, lines, failed)
		}
		rest := b.refused(lines, err, failed)
		if len(rest) == len(lines) {
			return err // it is about the call, not about a row
		}
		lines = rest
	}
	return nil
}

// refused puts aside the lines that a 422 names, as in products.3.quantity.
func (b *stockBatch) refused(lines []*stockLine, err error, failed map[int]error) (rest []*stockLine) {
	refusal, ok := errors.AsType[*catalog.Error](err)
	if !ok || refusal.Kind != catalog.ErrInvalid {
		return lines
	}
	named := map[int]catalog.FieldError{}
	for _, f := range refusal.Fields {
		var at int
		var name string
		if n, _ := fmt.Sscanf(f.Field, "products.%d.%s", &at, &name); n < 1 || at >= len(lines) {
			return lines
		}
		named[at] = f
	}
	for i, line := range lines {
		f, bad := named[i]
		if !bad {
			rest = append(rest, line)
			continue
		}
		one := *refusal
		one.Message, one.Fields = f.Message, []catalog.FieldError{f}
		failed[line.index] = &one
	}
	return rest
}

// mostLooks bounds the wait for what Salla queued: with the default pause five
// minutes.
const mostLooks = 40

// await waits until the lines show. Those that do not are failed as unknown.
func (b *stockBatch) await(ctx context.Context, e *Engine, c change, lines []*stockLine, failed map[int]error) error {
	unknown := func(message string, err error) {
		for _, line := range lines {
			one := c
			one.look = func(ctx context.Context) (catalog.Outcome, error) { return b.outcome(ctx, e, []*stockLine{line}) }
			failed[line.index] = e.unknown(one, message, err)
		}
	}
	for n := 1; ; n++ {
		found, err := e.stocks(ctx, b.op, lines, b.adds)
		if err != nil {
			unknown("Salla queued it, and the levels cannot be read", err)
			return nil
		}
		var rest []*stockLine
		for _, line := range lines {
			if s, ok := found[line]; !ok || !b.shows(line, s) {
				rest = append(rest, line)
			}
		}
		if lines = rest; len(lines) == 0 {
			return nil
		}
		if n == mostLooks {
			unknown("Salla queued it, and it does not show yet", nil)
			return nil
		}
		if err := transport.Pause(ctx, e.pollInterval(), n); err != nil {
			unknown("Salla queued it, and it did not show yet", err)
			return nil
		}
	}
}

// target is what a line makes of its level.
func (b *stockBatch) target(l *stockLine) int64 {
	if b.adds {
		return l.before.quantity + l.number
	}
	return l.number
}

// counted says that what was sold since the look before is known.
func (l *stockLine) counted(now stock) bool { return now.of != untold && now.of == l.before.of }

// fits says that a level can be what sales since the look before have left of
// another one. A product's own level shrinks by just what was sold of it. What a
// variant's product sold, or a product at all branches, says how much at most.
func (l *stockLine) fits(level int64, now stock) bool {
	sold := now.sold - l.before.sold
	switch {
	case now.unlimited:
		return false
	case !l.counted(now):
		return now.quantity == level
	case l.location == "" && strings.HasPrefix(l.item, productItem):
		return now.quantity == level-sold
	}
	return now.quantity >= level-max(sold, 0) && now.quantity <= level-min(sold, 0)
}

// shows says that a level is as a line leaves it, but for what was sold since.
func (b *stockBatch) shows(l *stockLine, now stock) bool {
	to := b.target(l)
	if !b.adds && now.quantity == to && !now.unlimited {
		return true
	}
	return l.fits(to, now) && (to == l.before.quantity || !l.fits(l.before.quantity, now))
}

// untouched says that a level is as it was, but for what was sold since. Of a
// difference that needs a count of the sales: without one, a level that is as it
// was may have been adjusted and sold from.
func (b *stockBatch) untouched(l *stockLine, now stock) bool {
	if b.adds && !l.counted(now) {
		return false
	}
	to := b.target(l)
	return l.fits(l.before.quantity, now) && (to == l.before.quantity || !l.fits(to, now))
}

// outcome says what became of a call whose answer was lost. Levels set as asked
// settle it. All of them as they were say that nothing happened; of differences
// one alone does not, since the queue drops single rows.
func (b *stockBatch) outcome(ctx context.Context, e *Engine, lines []*stockLine) (catalog.Outcome, error) {
	found, err := e.stocks(ctx, "confirm "+b.op, lines, b.adds)
	if err != nil {
		return catalog.OutcomeUnknown, err
	}
	done, untouched := 0, 0
	for _, line := range lines {
		switch s, ok := found[line]; {
		case !ok:
		case !b.adds && s.quantity == line.number && !s.unlimited:
			done++
		case b.untouched(line, s):
			untouched++
		}
	}
	switch {
	case done == len(lines):
		return catalog.OutcomeDone, nil
	case untouched > 0 && untouched+done == len(lines):
		return catalog.OutcomeNotDone, nil
	}
	return catalog.OutcomeUnknown, nil
}
