package catalogtest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// paper is a made-up platform, small enough to be read at once, to try the
// suite itself on. Its records of every kind look alike.
type paper struct {
	clock     func() time.Time
	token     string
	numbers   bool // pages by number only, and no filters
	perSecond int  // 0 = no rate limit

	mu       sync.Mutex
	nextID   int64
	records  map[string][]*sheet // by resource, in order of id
	requests int
	refused  int
	window   time.Time
	used     int
}

type sheet struct {
	ID      int64    `json:"id"`
	Name    string   `json:"name"`
	State   string   `json:"state"`
	Amount  string   `json:"amount"`
	Labels  []string `json:"labels"`
	Created string   `json:"created"`
	Changed string   `json:"changed"`
}

const firstID = 1<<53 + 1

func newPaper(clock func() time.Time, sizes map[string]int) *paper {
	p := &paper{clock: clock, token: "paper-token-0123456789", nextID: firstID, records: map[string][]*sheet{}}
	for _, resource := range []string{"products", "orders", "customers"} {
		for i := range sizes[resource] {
			p.add(resource, clock().Add(-time.Duration(100-i)*time.Hour))
		}
	}
	return p
}

var states = []string{"live", "hidden"}

func (p *paper) add(resource string, at time.Time) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := p.nextID
	p.nextID += 3
	text := at.Add(time.Minute).Truncate(time.Second).Format(time.RFC3339)
	p.records[resource] = append(p.records[resource], &sheet{ID: id, Name: "Sheet " + strconv.FormatInt(id, 10), State: states[id%2],
		Amount: strconv.FormatInt(id%97, 10) + ".50", Labels: []string{"a", "b"}, Created: at.Truncate(time.Second).Format(time.RFC3339), Changed: text})
	return id
}

// change replaces or, with nil, removes a record.
func (p *paper) change(resource string, id int64, to func(sheet) *sheet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := p.records[resource]
	i := slices.IndexFunc(list, func(s *sheet) bool { return s.ID == id })
	if i < 0 {
		return
	}
	if changed := to(*list[i]); changed != nil {
		changed.Changed = p.clock().Truncate(time.Second).Format(time.RFC3339)
		list[i] = changed
		return
	}
	p.records[resource] = slices.Delete(slices.Clone(list), i, i+1)
}

func (p *paper) ids(resource string) (all []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.records[resource] {
		all = append(all, strconv.FormatInt(s.ID, 10))
	}
	return all
}

// RoundTrip serves without a socket.
func (p *paper) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	status, answer := p.answer(r)
	w.Header().Set("Content-Type", "application/json")
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
	resp := w.Result()
	resp.Request = r
	return resp, nil
}

func (p *paper) answer(r *http.Request) (int, any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests++
	if now := time.Now(); p.perSecond > 0 {
		if now.Sub(p.window) >= time.Second {
			p.window, p.used = now, 0
		}
		if p.used++; p.used > p.perSecond {
			p.refused++
			return http.StatusTooManyRequests, map[string]string{"message": "slow down"}
		}
	}
	if r.Header.Get("Authorization") != "Bearer "+p.token {
		return http.StatusUnauthorized, map[string]string{"message": "unknown token"}
	}
	resource, id, single := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	list, known := p.records[resource]
	switch {
	case resource == "shop":
		return http.StatusOK, map[string]any{"id": 5, "name": "Paper & Sons", "currency": "SAR"}
	case !known && resource != "products" && resource != "orders" && resource != "customers":
		return http.StatusNotFound, map[string]string{"message": "no such path"}
	case single:
		for _, s := range list {
			if strconv.FormatInt(s.ID, 10) == id {
				return http.StatusOK, s
			}
		}
		return http.StatusNotFound, map[string]string{"message": "no such record"}
	}
	return http.StatusOK, p.page(list, r)
}

func (p *paper) page(list []*sheet, r *http.Request) any {
	q := r.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	from := 0
	if p.numbers {
		n, _ := strconv.Atoi(q.Get("page"))
		from = min((n-1)*limit, len(list))
	} else {
		after, _ := strconv.ParseInt(q.Get("after"), 10, 64)
		list = slices.DeleteFunc(slices.Clone(list), func(s *sheet) bool {
			return s.ID <= after || q.Get("since") != "" && s.Changed < q.Get("since") || q.Get("before") != "" && s.Changed >= q.Get("before")
		})
	}
	page := list[from:min(from+limit, len(list))]
	if page == nil {
		page = []*sheet{}
	}
	return map[string]any{"rows": page, "more": from+limit < len(list)}
}
