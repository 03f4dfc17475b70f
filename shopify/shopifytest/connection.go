package shopifytest

import "strconv"

const maxPage = 250

// link is what the fields of a connection, an edge and a page info see.
type link struct {
	page page
	k    int // the edge being written
	most int // cost of the dearest node written
}

// connection writes one page of s. filter is the search text it was made
// with, which cursors are bound to.
func (x *exec) connection(f *field, filter string, s seq) {
	w, ok := x.window(f, filter)
	if !ok {
		return
	}
	l := link{page: s.take(w)}
	x.object(f, f.typ, &l)
	x.acc = connectionCost(len(l.page.items), l.most)
}

// window reads the paging arguments, which preflight has checked.
func (x *exec) window(f *field, filter string) (window, bool) {
	w := window{first: -1, last: -1, reverse: f.bool("reverse")}
	if n, ok := f.int("first"); ok {
		w.first = n
	}
	if n, ok := f.int("last"); ok {
		w.last = n
	}
	w.context = cursorContext(x.srv.epoch, f.name, f.text("sortKey"), strconv.FormatBool(w.reverse), filter)
	for name, dst := range map[string]**cursor{"after": &w.after, "before": &w.before} {
		text := f.text(name)
		if text == "" {
			continue
		}
		c, ok := parseCursor(text, w.context)
		if !ok {
			if !staleCursor(text, w.context) {
				x.srv.book.Violationf("cursor in %q of %s was not made for this sort and filter", name, f.name)
			}
			x.fail(f, gqlError{message: "Invalid cursor for current pagination sort.", code: "BAD_REQUEST"})
			return w, false
		}
		*dst = c
	}
	return w, true
}

// node writes one node and keeps the cost of the dearest.
func (x *exec) node(f *field, l *link, k int) {
	o := l.page.items[k]
	x.acc = 0
	x.any(f, o)
	l.most = max(l.most, x.acc)
}

func connectionFields() fieldSet {
	return fieldSet{
		"nodes": func(x *exec, f *field, o any) {
			l := o.(*link)
			x.buf = append(x.buf, '[')
			for k := range l.page.items {
				if k > 0 {
					x.buf = append(x.buf, ',')
				}
				x.path = append(x.path, step{index: k})
				x.node(f, l, k)
				x.path = x.path[:len(x.path)-1]
				if x.null {
					return
				}
			}
			x.buf = append(x.buf, ']')
		},
		"edges": func(x *exec, f *field, o any) {
			l := o.(*link)
			x.list(f, len(l.page.items), func(i int) {
				l.k = i
				x.object(f, f.typ, l)
			})
		},
		"pageInfo": func(x *exec, f *field, o any) { x.object(f, "PageInfo", o) },
	}
}

func edgeFields() fieldSet {
	return fieldSet{
		"cursor": func(x *exec, _ *field, o any) {
			l := o.(*link)
			x.buf = l.page.appendCursor(x.buf, l.k)
		},
		"node": func(x *exec, f *field, o any) {
			l := o.(*link)
			x.node(f, l, l.k)
		},
	}
}

func pageInfoFields() fieldSet {
	return fieldSet{
		"hasNextPage":     boolean(func(l *link) bool { return l.page.next }),
		"hasPreviousPage": boolean(func(l *link) bool { return l.page.prev }),
		"startCursor":     func(x *exec, f *field, o any) { x.edgeCursor(f, o.(*link), 0) },
		"endCursor":       func(x *exec, f *field, o any) { x.edgeCursor(f, o.(*link), len(o.(*link).page.items)-1) },
	}
}

func (x *exec) edgeCursor(f *field, l *link, k int) {
	if len(l.page.items) == 0 {
		x.nothing(f)
		return
	}
	x.buf = l.page.appendCursor(x.buf, k)
}
