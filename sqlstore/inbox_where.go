package sqlstore

import (
	"strconv"
	"strings"

	"github.com/soukhq/souk/webhook"
)

// where is a condition that grows, with its arguments.
type where struct {
	terms []string
	args  []any
}

// arg adds an argument and returns its placeholder.
func (w *where) arg(value any) string {
	w.args = append(w.args, value)
	return "$" + strconv.Itoa(len(w.args))
}

func (w *where) add(term string) { w.terms = append(w.terms, term) }

func (w *where) String() string { return strings.Join(w.terms, " AND ") }

// list adds arguments and returns their placeholders in parentheses.
func list[T any](w *where, values []T) string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = w.arg(v)
	}
	return "(" + strings.Join(names, ", ") + ")"
}

// selects makes the condition of a query on souk_events as e, After aside. It
// reports false where nothing can be selected.
func (w *where) selects(q webhook.Query) bool {
	w.add("e.seq > 0")
	if q.ID != "" {
		seq := parseID(q.ID)
		if seq == 0 {
			return false
		}
		w.add("e.seq = " + w.arg(seq))
	}
	if q.Key != "" {
		w.add("e.seq = (SELECT k.event FROM souk_event_keys k WHERE k.own = 1 AND k.key = " + w.arg(storedKey(q.Key)) + ")")
	}
	for _, t := range []struct{ column, want string }{
		{"platform", q.Platform}, {"store", q.Store}, {"account", q.Account}, {"topic", q.Topic},
		{"kind", string(q.Kind)}, {"resource", string(q.Resource)}, {"resource_id", q.ResourceID},
	} {
		if t.want == "" {
			continue
		}
		if checkText(t.want) != nil { // nothing of the kind is ever kept
			return false
		}
		w.add("e." + t.column + " = " + w.arg(t.want))
		if t.column == "resource_id" {
			w.add("e.resource_id <> ''") // the index has no others
		}
	}
	if len(q.States) > 0 {
		var states []string
		for _, s := range q.States {
			if checkText(string(s)) == nil {
				states = append(states, string(s))
			}
		}
		if len(states) == 0 {
			return false
		}
		w.add("e.state IN " + list(w, states))
		if len(q.States) == 1 && q.States[0].Final() {
			w.add("e.due_at IS NULL") // so that the index gives them in order
		}
	}
	if !q.From.IsZero() {
		w.add("e.stored_at >= " + w.arg(ceilMicros(q.From)))
	}
	if !q.To.IsZero() {
		w.add("e.stored_at < " + w.arg(ceilMicros(q.To)))
	}
	return true
}
