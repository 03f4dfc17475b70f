package salla

import (
	"context"
	"errors"
	"fmt"

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
		found, err := e.stocks(ctx, b.op, lines)
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

// shows says that a level is as a line leaves it, but for what was sold since.
func (b *stockBatch) shows(line *stockLine, now stock) bool {
	restored := now.quantity + now.sold - line.before.sold
	if b.adds {
		return restored == line.before.quantity+line.number
	}
	return now.quantity == line.number || restored == line.number
}

// outcome says what became of a call whose answer was lost. Levels set as asked
// settle it. All of them as they were say that nothing happened; of differences
// one alone does not, since the queue drops single rows.
func (b *stockBatch) outcome(ctx context.Context, e *Engine, lines []*stockLine) (catalog.Outcome, error) {
	found, err := e.stocks(ctx, "confirm "+b.op, lines)
	if err != nil {
		return catalog.OutcomeUnknown, err
	}
	done, untouched := 0, 0
	for _, line := range lines {
		switch s, ok := found[line]; {
		case !ok:
		case !b.adds && s.quantity == line.number:
			done++
		case s.quantity+s.sold == line.before.quantity+line.before.sold:
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
