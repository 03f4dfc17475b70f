package magentotest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"
)

// The states of an operation of asynchronous work.
const (
	opComplete = 1
	opFailed   = 3 // not to be tried again
	opOpen     = 4
)

// operation is one body of an asynchronous request, with the call that does it.
type operation struct {
	run     *call
	serve   func(*call)
	status  int
	message string
	result  string
}

// bulk is what one asynchronous request asked for.
type bulk struct {
	uuid, topic string
	start       time.Time
	ops         []*operation
	wait        int // requests until it is done; negative for never
}

// queue holds the asynchronous work, oldest first.
type queue struct {
	mu    sync.Mutex
	bulks []*bulk
}

// advance lets the consumer of the queue do what is due by now.
func (s *Server) advance() {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	for _, b := range s.queue.bulks {
		if b.wait <= 0 {
			continue
		}
		if b.wait--; b.wait > 0 {
			continue
		}
		for _, op := range b.ops {
			op.do()
		}
	}
}

func (op *operation) do() {
	op.serve(op.run)
	if op.run.status == http.StatusOK {
		op.status, op.message, op.result = opComplete, "Service execution success", string(op.run.out.b)
		return
	}
	op.status, op.message = opFailed, rendered(op.run.out.b)
}

// rendered is the message of an error with its values put in.
func rendered(body []byte) string {
	var e struct {
		Message    string
		Parameters json.RawMessage
	}
	if json.Unmarshal(body, &e) != nil {
		return string(body)
	}
	var list []any
	named := map[string]any{}
	if json.Unmarshal(e.Parameters, &list) == nil {
		for i, v := range list {
			named[itoa(int64(i+1))] = v
		}
	} else if json.Unmarshal(e.Parameters, &named) != nil {
		return e.Message
	}
	for name, v := range named {
		text, ok := v.(string)
		if !ok {
			b, _ := json.Marshal(v) // it was JSON before
			text = string(b)
		}
		e.Message = strings.ReplaceAll(e.Message, "%"+name, text)
	}
	return e.Message
}

// asyncPath takes the marks of asynchronous work off a path.
func asyncPath(path string) (rest string, many, ok bool) {
	if after, found := strings.CutPrefix(path, "/V1/async/"); found { // SaaS
		path = "/async/V1/" + after
		if after, found := strings.CutPrefix(after, "bulk/"); found {
			path = "/async/bulk/V1/" + after
		}
	}
	if rest, ok = strings.CutPrefix(path, "/async/bulk"); ok && strings.HasPrefix(rest, "/V1/") {
		return rest, true, true
	}
	rest, ok = strings.CutPrefix(path, "/async")
	return rest, false, ok && strings.HasPrefix(rest, "/V1/")
}

// findBulk matches a path whose variables are named: products/bySku.
func findBulk(method, path string) *route {
	parts := strings.Split(strings.Trim(path, "/"), "/")
next:
	for _, t := range routes {
		if t.method != method || len(t.parts) != len(parts) {
			continue
		}
		names := strings.Fields(t.vars)
		for i, p := range t.parts {
			if p == "*" {
				if len(names) == 0 {
					continue next
				}
				p, names = "by"+strings.ToUpper(names[0][:1])+names[0][1:], names[1:]
			}
			if p != parts[i] {
				continue next
			}
		}
		return t
	}
	return nil
}

// schedule takes the bodies of an asynchronous request. They are queued all or
// none; what comes of each is told by the status of the bulk.
func (c *call) schedule(to *route, args []string, many bool) {
	bodies := []json.RawMessage{c.body}
	if many {
		bodies = nil
		if json.Unmarshal(c.body, &bodies) != nil {
			c.violation("the body of a bulk request is no array")
			c.bad("Decoding error.")
			return
		}
	}
	b := &bulk{uuid: uuid(), topic: to.topic(), start: c.server.second(), wait: c.server.cfg.QueueRequests}
	for _, body := range bodies {
		in := input{}
		if len(body) > 0 && json.Unmarshal(body, &in) != nil {
			c.violation("an entry of a bulk request is no object")
			c.bad("Decoding error.")
			return
		}
		mine := args
		if many {
			mine = nil
			for name := range strings.FieldsSeq(to.vars) {
				if !in.has(name) && !to.owns {
					c.required(name)
					return
				}
				mine = append(mine, in.text(name))
				delete(in, name)
			}
		}
		data, err := json.Marshal(in)
		if err != nil || len(in) == 0 {
			data = nil
		}
		run := &call{server: c.server, r: c.r, path: c.path, scope: c.scope, view: c.view, args: mine, body: data, header: http.Header{}, status: http.StatusOK, late: true, queued: many}
		b.ops = append(b.ops, &operation{run: run, serve: to.serve, status: opOpen})
	}
	c.server.queue.mu.Lock()
	c.server.queue.bulks = append(c.server.queue.bulks, b)
	c.server.queue.mu.Unlock()
	c.status = http.StatusAccepted
	w := &c.out
	w.obj("")
	w.str("bulk_uuid", b.uuid)
	w.arr("request_items")
	for i := range b.ops {
		sum := sha256.Sum256(bodies[i])
		w.obj("")
		w.int("id", int64(i))
		w.str("data_hash", hex.EncodeToString(sum[:]))
		w.str("status", "accepted")
		w.end()
	}
	w.endArr()
	w.flag("errors", false)
	w.end()
}

// topic names the queue's kind of work.
func (t *route) topic() string {
	return "async." + strings.ToLower(strings.NewReplacer("/*", "", "/", ".", "-", "").Replace(t.pattern)+"."+t.method)
}
