//go:build unix

package sqlstore_test

import (
	"os"
	"strings"

	"github.com/soukhq/souk/webhook"
)

// examine holds what is there against what was answered.
func (c *crash) examine(kills int) {
	c.Helper()
	inbox := inboxOf(c.T, c.d.handle(c.T), silentConfig)
	kept, reruns := map[string]int{}, 0
	query := webhook.Query{Limit: 500}
	for {
		page, err := inbox.Search(c.Context(), query)
		if err != nil {
			c.Fatal(err)
		}
		for _, r := range page.Records {
			kept[r.Event.ResourceID]++
			reruns += r.Attempts - 1
			if r.State != webhook.StateDone {
				c.Errorf("event %s is %s: %s", r.ID, r.State, r.LastError)
			}
		}
		if query.After = page.Next; page.Next == "" {
			break
		}
	}
	shared, logged := c.sharedEffects(), c.loggedEffects()
	repeats := 0
	for id, topic := range c.acked {
		if kept[id] != 1 {
			c.Errorf("event %s was answered 200 and is in the inbox %d times", id, kept[id])
		}
		switch {
		case topic == sharedTopic && shared[id] != 1:
			c.Errorf("the effect of %s that shares the transaction is there %d times", id, shared[id])
		case topic == loggedTopic && logged[id] < 1:
			c.Errorf("the effect of %s is not there", id)
		}
		repeats += max(0, logged[id]-1)
	}
	if len(kept) != len(c.acked) || len(shared)+len(logged) != len(kept) {
		c.Errorf("%d events were answered, %d kept, %d and %d have effects", len(c.acked), len(kept), len(shared), len(logged))
	}
	c.Logf("%s: %d deliveries answered 200, %d distinct; %d kills with requests in flight, %d sends repeated; %d effects in the transaction, each once; %d elsewhere, %d of them repeated; %d attempts beyond the first",
		c.d.name, c.answered.Load(), len(c.acked), kills, c.again.Load(), len(shared), len(logged), repeats, reruns)
}

func (c *crash) sharedEffects() map[string]int {
	rows, err := c.d.raw(c.T).QueryContext(c.Context(), "SELECT name FROM effects")
	if err != nil {
		c.Fatal(err)
	}
	defer rows.Close()
	found := map[string]int{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			c.Fatal(err)
		}
		found[name]++
	}
	if err := rows.Err(); err != nil {
		c.Fatal(err)
	}
	return found
}

func (c *crash) loggedEffects() map[string]int {
	text, err := os.ReadFile(c.log)
	if err != nil {
		c.Fatal(err)
	}
	found := map[string]int{}
	for line := range strings.Lines(string(text)) {
		found[strings.TrimSuffix(line, "\n")]++
	}
	return found
}
