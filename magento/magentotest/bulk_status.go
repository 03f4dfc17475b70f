package magentotest

import (
	"net/http"
	"strconv"
)

// withBulk runs f on the bulk a path names, while nothing of it is done.
func (c *call) withBulk(f func(b *bulk)) {
	q := &c.server.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, b := range q.bulks {
		if b.uuid == c.args[0] {
			f(b)
			return
		}
	}
	c.fail(http.StatusNotFound, "Bulk uuid %bulkUuid not exist", "bulkUuid", c.args[0])
}

func (w *writer) bulk(b *bulk, operations func()) {
	w.obj("")
	w.arr("operations_list")
	operations()
	w.endArr()
	w.int("user_type", 1)
	w.str("bulk_id", b.uuid)
	w.str("description", "Topic "+b.topic)
	w.time("start_time", b.start)
	w.int("user_id", 1)
	w.int("operation_count", int64(len(b.ops)))
	w.end()
}

// outcome writes how an operation ended. An open one has null for a message,
// one without an error null for its code.
func (w *writer) outcome(op *operation) {
	w.int("status", int64(op.status))
	w.nullable("result_message", op.message)
	if op.status == opFailed {
		w.int("error_code", 0)
	} else {
		w.raw("error_code", "null")
	}
}

func getBulkStatus(c *call) {
	c.withBulk(func(b *bulk) {
		w := &c.out
		w.bulk(b, func() {
			for i, op := range b.ops {
				w.obj("")
				w.int("id", int64(i))
				w.outcome(op)
				w.end()
			}
		})
	})
}

func (w *writer) operation(b *bulk, i int) {
	op := b.ops[i]
	w.obj("")
	w.int("id", int64(i))
	w.str("bulk_uuid", b.uuid)
	w.str("topic_name", b.topic)
	var data writer
	data.plain = true
	data.obj("")
	data.raw("entity_id", "null")
	data.str("entity_link", "")
	data.str("meta_information", string(op.run.body))
	data.end()
	w.str("serialized_data", string(data.b))
	w.nullable("result_serialized_data", op.result)
	w.outcome(op)
	w.end()
}

func getBulkDetails(c *call) {
	c.withBulk(func(b *bulk) {
		w := &c.out
		w.bulk(b, func() {
			for i := range b.ops {
				w.operation(b, i)
			}
		})
	})
}

// countOperations answers how many of a bulk are in a state.
func countOperations(c *call) {
	c.withBulk(func(b *bulk) {
		n := int64(0)
		for _, op := range b.ops {
			if strconv.Itoa(op.status) == c.args[1] {
				n++
			}
		}
		c.out.int("", n)
	})
}

type listedOperation struct {
	b *bulk
	i int
}

// listOperations finds work whose bulk_uuid was lost with the answer.
func listOperations(c *call) {
	q := &c.server.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	var all []listedOperation
	for _, b := range q.bulks {
		for i := range b.ops {
			all = append(all, listedOperation{b, i})
		}
	}
	serveSlice(c, all, map[string]column[listedOperation]{
		"bulk_uuid":  {textColumn, some(func(o *listedOperation) string { return o.b.uuid })},
		"topic_name": {textColumn, some(func(o *listedOperation) string { return o.b.topic })},
		"status":     {numberColumn, some(func(o *listedOperation) string { return strconv.Itoa(o.b.ops[o.i].status) })},
		"start_time": {timeColumn, some(func(o *listedOperation) string { return o.b.start.Format(stampLayout) })},
	}, func(w *writer, o *listedOperation) { w.operation(o.b, o.i) })
}
