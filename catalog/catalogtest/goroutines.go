package catalogtest

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"runtime/pprof"
	"strings"
	"testing"
	"time"
)

// labelled runs f and returns the stacks of the goroutines it started that
// are still there a moment later. They are told from those of parallel tests
// by a label, which goroutines inherit. Connections kept for later use are no
// leak.
func labelled(t testing.TB, f func(ctx context.Context)) []string {
	t.Helper()
	mark := fmt.Sprintf("souk-%x", rand.Uint64())
	pprof.Do(t.Context(), pprof.Labels("catalogtest", mark), f)
	var left []string
	for deadline := time.Now().Add(prompt); ; {
		var profile bytes.Buffer
		if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
			t.Fatal(err)
		}
		left = left[:0]
		for stack := range strings.SplitSeq(profile.String(), "\n\n") {
			if strings.Contains(stack, mark) && !strings.Contains(stack, "net/http.(*persistConn)") && !strings.Contains(stack, "net/http.(*Transport).dial") {
				left = append(left, stack)
			}
		}
		if len(left) == 0 || time.Now().After(deadline) {
			return left
		}
		select { // goroutines that are about to end get a moment
		case <-time.After(5 * time.Millisecond):
		case <-t.Context().Done():
			return left
		}
	}
}
