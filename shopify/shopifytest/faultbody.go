package shopifytest

import (
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// nullAt puts null at a path below data and an entry into errors.
func nullAt(body []byte, path string) []byte {
	if _, _, ok := serverkit.FindJSON(body, path); !ok {
		return body
	}
	body = serverkit.ReplaceJSON(body, path, "null")
	var steps []step
	for p := range strings.SplitSeq(path, ".") {
		if p == "data" && steps == nil {
			continue
		}
		if i, err := strconv.Atoi(p); err == nil {
			steps = append(steps, step{index: i})
			continue
		}
		steps = append(steps, step{p, -1})
	}
	entry := gqlError{message: "Something went wrong while resolving this field.", code: "INTERNAL_SERVER_ERROR", path: steps}.append(nil)
	if from, to, ok := serverkit.FindJSON(body, "errors"); ok {
		list := append([]byte(nil), body[from:to-1]...)
		list = append(list, ',')
		list = append(append(list, entry...), ']')
		return serverkit.ReplaceJSON(body, "errors", string(list))
	}
	if _, to, ok := serverkit.FindJSON(body, "data"); ok {
		out := append([]byte(nil), body[:to]...)
		out = append(out, `,"errors":[`...)
		out = append(append(out, entry...), ']')
		return append(out, body[to:]...)
	}
	return body
}
