package sqlstore

import "time"

// columnsOf are the arguments of insertAll for events: an array for each column.
func columnsOf(rows []*eventRow, seqs []int64, now time.Time) []any {
	texts := make([][]string, 10)
	for i := range texts {
		texts[i] = make([]string, len(rows))
	}
	partial := make([]int64, len(rows))
	times := [3][]*int64{make([]*int64, len(rows)), make([]*int64, len(rows)), make([]*int64, len(rows))}
	for i, r := range rows {
		e := r.event
		for column, text := range [...]string{e.Key, e.Platform, e.Store, e.Account, e.Topic, string(e.Kind), string(e.Resource), e.ResourceID, e.Correlation, string(e.PayloadKind)} {
			texts[column][i] = text
		}
		partial[i] = number(e.Partial)
		for column, t := range [...]time.Time{e.OccurredAt, e.UpdatedAt, e.ReceivedAt} {
			times[column][i] = nullable(micros(t))
		}
	}
	args := []any{seqs}
	for _, column := range texts {
		args = append(args, column)
	}
	return append(args, partial, times[0], times[1], times[2], now.UnixMicro())
}
