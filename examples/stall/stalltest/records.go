package stalltest

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Kind is a kind of records, by its path.
type Kind string

// The kinds of records.
const (
	Products  Kind = "products"
	Orders    Kind = "orders"
	Customers Kind = "customers"
)

// Kinds are all of them.
var Kinds = []Kind{Products, Orders, Customers}

// Record is one record as the API sends it.
type Record map[string]any

// Money is an amount as the API sends it.
func Money(minor int64, currency string) Record { return Record{"minor": minor, "currency": currency} }

// Add adds a record, with an id and times of its own, and returns the id.
func (s *Server) Add(kind Kind, r Record) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID += 7
	now := s.config.Clock().Unix()
	r = maps.Clone(r)
	r["id"] = fmt.Sprintf("%010s", strconv.FormatInt(s.lastID, 36))
	for _, name := range []string{"created", "modified"} {
		if _, set := r[name]; !set {
			r[name] = now
		}
	}
	s.records[kind] = append(s.records[kind], r)
	return r["id"].(string)
}

// Touch changes a record visibly; an unknown id does nothing.
func (s *Server) Touch(kind Kind, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.find(kind, id); i >= 0 {
		changed := maps.Clone(s.records[kind][i])
		for _, name := range []string{"name", "number"} {
			if text, ok := changed[name].(string); ok {
				changed[name] = text + "!"
			}
		}
		changed["modified"] = s.config.Clock().Unix()
		s.records[kind][i] = changed
	}
}

// Delete removes a record; an unknown id does nothing.
func (s *Server) Delete(kind Kind, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.find(kind, id); i >= 0 {
		s.records[kind] = slices.Delete(s.records[kind], i, i+1)
	}
}

// IDs are the ids of all records, rising.
func (s *Server) IDs(kind Kind) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, r := range s.records[kind] {
		all = append(all, r["id"].(string))
	}
	return all
}

func (s *Server) find(kind Kind, id string) int {
	return slices.IndexFunc(s.records[kind], func(r Record) bool { return r["id"] == id })
}

// list answers one page.
func (s *Server) list(kind Kind, q url.Values) (int, any) {
	wrong := map[string]string{}
	for name := range q {
		if !slices.Contains([]string{"per_page", "page_token", "modified_since"}, name) && (name != "sku" || kind != Products) {
			wrong[name] = "is unknown"
		}
	}
	size, since := 25, int64(-1)
	if text := q.Get("per_page"); text != "" {
		if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= 100 {
			size = n
		} else {
			wrong["per_page"] = "is no number from 1 to 100"
		}
	}
	if text := q.Get("modified_since"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if since = n; err != nil {
			wrong["modified_since"] = "is no time"
		}
	}
	filter := string(kind) + " " + q.Get("modified_since") + " " + q.Get("sku")
	after := ""
	if token := q.Get("page_token"); token != "" {
		text, err := base64.RawURLEncoding.DecodeString(token)
		id, own := strings.CutSuffix(string(text), " "+filter)
		if after = id; err != nil || !own {
			wrong["page_token"] = "is of another list"
		}
	}
	if len(wrong) > 0 {
		return 422, map[string]any{"fault": map[string]any{"code": "bad_request", "text": "the request is wrong", "fields": wrong}}
	}
	items := []Record{}
	for _, r := range s.records[kind] {
		if r["id"].(string) <= after || r["modified"].(int64) <= since || q.Has("sku") && !r.sells(q.Get("sku")) {
			continue
		}
		if len(items) == size {
			next := base64.RawURLEncoding.EncodeToString([]byte(items[size-1]["id"].(string) + " " + filter))
			return 200, map[string]any{"items": items, "next": next}
		}
		items = append(items, r)
	}
	return 200, map[string]any{"items": items}
}

func (r Record) sells(sku string) bool {
	return slices.ContainsFunc(r["variants"].([]Record), func(v Record) bool { return v["sku"] == sku })
}
