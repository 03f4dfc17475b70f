package magentotest

import (
	"slices"
	"strings"
)

// addedOption is a value that was added to the list of an attribute.
type addedOption struct {
	id    int64
	label string
}

// firstAddedOption is behind the seeded ones of all attributes.
const firstAddedOption = 5000

func (s *store) optionsAdded(attribute int64) []addedOption {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.options[attribute])
}

// addAttributeOption adds a value to an attribute's list, which holds each name once. Its
// answer is the value's id, or the name "id_" and the id in earlier versions.
func addAttributeOption(c *call) {
	in, ok := c.input("option")
	if !ok {
		return
	}
	o, ok := c.object(in, "option", "label value sort_order is_default store_labels")
	if !ok {
		return
	}
	a := c.findAttribute()
	if a == nil {
		return
	}
	label := strings.TrimSpace(o.text("label"))
	s := c.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	there := func(name string) bool { return strings.EqualFold(name, label) }
	switch {
	case a.labels == nil:
		c.violation("%s is no list", a.code)
		c.bad("The \"%1\" attribute doesn't work with options.", a.code)
	case label == "":
		c.bad("The attribute option label is empty. Enter the value and try again.")
	case slices.ContainsFunc(a.labels, there), slices.ContainsFunc(s.options[a.id], func(o addedOption) bool { return there(o.label) }):
		c.bad(`Admin store attribute option label "%1" is already exists.`, label)
	default:
		id := firstAddedOption + s.partID()
		if s.options == nil {
			s.options = map[int64][]addedOption{}
		}
		s.options[a.id] = append(s.options[a.id], addedOption{id, label})
		s.effect("attribute.option", a.code)
		c.out.str("", itoa(id))
	}
}
