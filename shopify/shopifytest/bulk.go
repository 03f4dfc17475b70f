package shopifytest

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// bulkHost stands for the storage that results are fetched from: another host
// than the shop's, which must not see the token.
const bulkHost = "bulk-results.myshopify.com"

// BulkFault spoils the next bulk operation.
type BulkFault struct {
	// Status is how it ends: FAILED, CANCELED, EXPIRED; "" is COMPLETED.
	Status string
	// ErrorCode goes with FAILED: ACCESS_DENIED, INTERNAL_SERVER_ERROR, TIMEOUT.
	ErrorCode string
	// Partial offers so many products as partial data of a failure.
	Partial int
	// Short leaves the last so many products out of the file.
	Short int
	// Cut ends the connection amid the file, Orphan puts a row of an unknown
	// parent into it, Stuck keeps the operation running for ever.
	Cut, Orphan, Stuck bool
}

// InjectBulk spoils the next bulk operation.
func (s *Server) InjectBulk(f BulkFault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes.spoil = &f
}

// bulkJob is one bulk operation over products.
type bulkJob struct {
	id       int64
	status   string
	left     int
	fault    BulkFault
	created  time.Time
	finished time.Time
	rows     []*row[Product]
	node     []*field // of a product
	objects  int64
	grouped  bool
	ver      string
	grant    *grant
	plan     *plan
}

func (b *bulkJob) running() bool { return b.status == "CREATED" || b.status == "RUNNING" }

// bulkProgress moves operations on, with the lock held.
func (s *Server) bulkProgress() {
	for _, b := range s.writes.bulk {
		if !b.running() {
			continue
		}
		b.status = "RUNNING"
		if b.left--; b.left > 0 || b.fault.Stuck {
			continue
		}
		b.status, b.finished = "COMPLETED", s.second()
		if b.fault.Status != "" {
			b.status = b.fault.Status
		}
	}
}

func (s *Server) bulkOperation(gid string) any {
	_, id, _ := parseGID(gid)
	for _, b := range s.writes.bulk {
		if b.id == id {
			return b
		}
	}
	return nil
}

func bulkFields() map[string]fieldSet {
	number := func(get func(*bulkJob) int64) resolver { return long(get) }
	return map[string]fieldSet{"BulkOperation": {
		"id": gid("BulkOperation", func(b *bulkJob) int64 { return b.id }), "type": fixed(`"QUERY"`), "status": str(func(b *bulkJob) string { return b.status }),
		"errorCode": opt(func(b *bulkJob) string { return b.fault.ErrorCode }),
		"createdAt": instant(func(b *bulkJob) time.Time { return b.created }), "completedAt": instant(func(b *bulkJob) time.Time { return b.finished }),
		"objectCount": number(func(b *bulkJob) int64 { return b.objects }), "rootObjectCount": number(func(b *bulkJob) int64 { return int64(len(b.rows)) }),
		"fileSize": null,
		"url": opt(func(b *bulkJob) string {
			if b.status != "COMPLETED" || len(b.rows) == 0 {
				return ""
			}
			return "https://" + bulkHost + "/bulk/" + strconv.FormatInt(b.id, 10) + "?signature=secret-4711"
		}),
		"partialDataUrl": opt(func(b *bulkJob) string {
			if b.status != "FAILED" || b.fault.Partial == 0 {
				return ""
			}
			return "https://" + bulkHost + "/bulk/" + strconv.FormatInt(b.id, 10) + "?signature=secret-4711"
		}),
	}}
}

func bulkRun(x *exec, args input) payload {
	bad := func(code, format string, values ...any) payload {
		return payload{bad: refuse(code, fmt.Sprintf(format, values...), "query")}
	}
	running := 0
	for _, b := range x.srv.writes.bulk {
		if b.running() {
			running++
		}
	}
	if running >= 5 {
		return payload{bad: refuse("OPERATION_IN_PROGRESS", "A bulk query operation for this app and shop is already in progress")}
	}
	text := args.text("query")
	doc := x.srv.docs.get(text)
	if len(doc.errs) > 0 {
		return bad("INVALID", "%s", doc.errs[0].message)
	}
	op := doc.operation("")
	if op == nil || len(text) > 65535 {
		return bad("INVALID", "The query must be one operation of at most 65,535 bytes")
	}
	p := newPlan(schema(), doc.ast, op, map[string]any{})
	b := &bulkJob{id: x.srv.fresh(), status: "CREATED", left: x.srv.cfg.JobRequests, created: x.srv.second(), ver: x.ver, grant: x.grant, plan: p,
		grouped: args.bool("groupObjects")}
	roots := p.root.of(p.root.typ)
	if len(roots) != 1 || roots[0].name != "products" {
		return bad("INVALID", "only products are served here")
	}
	node, why := bulkNode(roots[0])
	if why != "" {
		return bad("INVALID", "%s", why)
	}
	b.node = node
	q := x.query(roots[0], productFilters)
	pick := filtered(x.srv.store.products, q)
	for _, r := range x.srv.store.products.ids {
		if q.root == nil || pick(r) != nil {
			b.rows = append(b.rows, r)
		}
	}
	for _, r := range b.rows {
		b.objects++
		rec := x.srv.store.products.load(r)
		for _, f := range b.node {
			switch {
			case f.connection() && f.name == "variants":
				b.objects += int64(len(rec.Variants))
			case f.connection() && f.name == "media":
				b.objects += int64(len(rec.Media))
			case f.connection():
				return bad("INVALID", "only variants and media of products are served here")
			}
		}
	}
	if x.srv.writes.spoil != nil {
		b.fault, x.srv.writes.spoil = *x.srv.writes.spoil, nil
	}
	x.srv.writes.bulk = append(x.srv.writes.bulk, b)
	x.srv.busy.Store(true)
	return payload{parts: map[string]any{"bulkOperation": b}}
}

// bulkNode finds the fields of a connection's node and checks the platform's
// rules for bulk queries on the way.
func bulkNode(f *field) ([]*field, string) {
	for _, part := range f.sub.of(f.typ) {
		switch part.name {
		case "nodes":
			return nil, "Bulk queries cannot use nodes; use edges and node"
		case "edges":
			for _, edge := range part.sub.of(part.typ) {
				if edge.name != "node" {
					continue
				}
				fields := edge.sub.of(edge.sub.plan.concrete(edge.typ)[0])
				nested := slices.ContainsFunc(fields, (*field).connection)
				if nested && !slices.ContainsFunc(fields, func(f *field) bool { return f.key == "id" && f.name == "id" }) {
					return nil, "The parent field for a nested connection field must select the 'id' field without an alias"
				}
				for _, child := range fields {
					if child.connection() {
						if _, why := bulkNode(child); why != "" {
							return nil, why
						}
					}
				}
				return fields, ""
			}
		}
	}
	return nil, "Bulk queries must select edges and node"
}

func bulkCancel(x *exec, args input) payload {
	b, _ := x.srv.bulkOperation(args.text("id")).(*bulkJob)
	if b == nil || !b.running() {
		return payload{bad: refuse("", "A bulk operation cannot be canceled when it is completed", "id")}
	}
	b.status, b.finished = "CANCELED", x.srv.second()
	return payload{parts: map[string]any{"bulkOperation": b}}
}

// serveBulk writes a result as lines of JSON, the rows of a product right
// behind it.
func (s *Server) serveBulk(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Shopify-Access-Token") != "" || r.Header.Get("Authorization") != "" {
		s.book.Violationf("the access token was sent to the storage of bulk results")
	}
	s.mu.RLock()
	found, _ := s.bulkOperation("gid://shopify/BulkOperation/" + strings.TrimPrefix(r.URL.Path, "/bulk/")).(*bulkJob)
	s.mu.RUnlock()
	if found == nil || r.URL.Query().Get("signature") != "secret-4711" {
		http.Error(w, "<Error><Code>AccessDenied</Code></Error>", http.StatusForbidden)
		return
	}
	rows := found.rows
	if found.fault.Partial > 0 {
		rows = rows[:min(found.fault.Partial, len(rows))]
	}
	rows = rows[:max(0, len(rows)-found.fault.Short)]
	w.Header().Set("Content-Type", "application/jsonl")
	out := bufio.NewWriterSize(w, 64<<10)
	x := &exec{srv: s, plan: found.plan, grant: found.grant, ver: found.ver}
	for i, row := range rows {
		if found.fault.Cut && i == len(rows)/2 {
			_, _ = io.WriteString(out, `{"id":"gid://shopify/Prod`)
			_ = out.Flush()
			panic(http.ErrAbortHandler)
		}
		if found.fault.Orphan && i == len(rows)/2 {
			_, _ = io.WriteString(out, `{"id":"gid://shopify/ProductVariant/1","__parentId":"gid://shopify/Product/1"}`+"\n")
		}
		if s.bulkRow(x, found, row, out) != nil {
			return
		}
	}
	_ = out.Flush()
}

// bulkRow writes a product and its rows.
func (s *Server) bulkRow(x *exec, b *bulkJob, r *row[Product], out *bufio.Writer) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p := s.store.products.load(r)
	var plain, nested []*field
	for _, f := range b.node {
		if f.connection() {
			nested = append(nested, f)
		} else {
			plain = append(plain, f)
		}
	}
	x.buf, x.errs = x.buf[:0], nil
	x.fields(plain, p)
	if _, err := out.Write(append(x.buf, '\n')); err != nil {
		return err
	}
	parent := fmt.Sprintf(`,"__parentId":"gid://shopify/Product/%d"}`+"\n", p.ID)
	for _, f := range nested {
		node := f.node()
		var rows []any
		if f.name == "media" {
			for i := range p.Media {
				rows = append(rows, &p.Media[i])
			}
		} else {
			for i := range p.Variants {
				rows = append(rows, &variantRef{p, &p.Variants[i]})
			}
		}
		for _, o := range rows {
			x.buf = x.buf[:0]
			x.any(node, o)
			if _, err := out.Write(append(x.buf[:len(x.buf)-1], parent...)); err != nil {
				return err
			}
		}
	}
	return nil
}

// node is the field of a connection that holds its nodes one by one.
func (f *field) node() *field {
	for _, edges := range f.sub.of(f.typ) {
		if edges.name != "edges" {
			continue
		}
		for _, node := range edges.sub.of(edges.typ) {
			if node.name == "node" {
				return node
			}
		}
	}
	return nil // bulkNode refused such a query
}
