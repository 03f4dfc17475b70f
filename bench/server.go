package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/soukhq/souk/shopify/shopifytest"
)

// server serves one seeded store twice: by GraphQL, as souk reads it, and by
// the older REST API, as the peer does, each with its own rate limit.
type server struct {
	*shopifytest.Server
	http     *http.Server
	address  string
	products [][]byte // REST bodies in order of id
	index    map[string]int
	rest     *leakyBucket // nil = no limit
	latency  time.Duration
}

// serve starts a store of so many products. limited turns both rate limits of
// the standard plan on.
func serve(products int, limited bool, latency time.Duration) (*server, error) {
	config := shopifytest.Config{Products: products, Orders: -1, Customers: -1, Latency: latency}
	if !limited {
		config.Bucket = shopifytest.Bucket{Capacity: 1e9, Restore: 1e9}
	}
	s := &server{Server: shopifytest.NewServer(&config), index: map[string]int{}, latency: latency}
	if limited {
		s.rest = &leakyBucket{size: 40, leak: 2, at: time.Now()}
	}
	for i, p := range s.Server.Products() {
		s.products = append(s.products, s.ProductPayload(p))
		s.index[strconv.FormatInt(p.ID, 10)] = i
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.address = listener.Addr().String()
	s.http = &http.Server{Handler: http.HandlerFunc(s.handle), ReadHeaderTimeout: 10 * time.Second}
	go s.http.Serve(listener) //nolint:errcheck // ends with close
	return s, nil
}

func (s *server) close() {
	_ = s.http.Shutdown(context.Background())
	s.Server.Close()
}

func (s *server) handle(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/graphql.json") {
		s.ServeHTTP(w, r)
		return
	}
	if s.latency > 0 {
		time.Sleep(s.latency)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if s.rest != nil {
		used, wait := s.rest.take()
		if wait > 0 {
			w.Header().Set("Retry-After", "2.0")
			w.WriteHeader(http.StatusTooManyRequests)
			fmt.Fprint(w, `{"errors":"Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service."}`)
			return
		}
		w.Header().Set("X-Shopify-Shop-Api-Call-Limit", fmt.Sprintf("%d/40", used))
	}
	name := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	if name == "products.json" {
		s.list(w, r)
		return
	}
	i, ok := s.index[strings.TrimSuffix(name, ".json")]
	if !ok {
		http.Error(w, `{"errors":"Not Found"}`, http.StatusNotFound)
		return
	}
	write(w, `{"product":`, s.products[i:i+1], `}`)
}

// list answers a page of products; page_info is the index of the first.
func (s *server) list(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	limit, err := strconv.Atoi(query.Get("limit"))
	if err != nil {
		limit = 50
	}
	from, _ := strconv.Atoi(query.Get("page_info")) // absent = from the beginning
	to := min(from+limit, len(s.products))
	if to < len(s.products) {
		next := url.URL{Scheme: "https", Host: s.Shop(), Path: r.URL.Path, RawQuery: fmt.Sprintf("limit=%d&page_info=%d", limit, to)}
		w.Header().Set("Link", "<"+next.String()+`>; rel="next"`)
	}
	write(w, `{"products":[`, s.products[from:to], `]}`)
}

func write(w http.ResponseWriter, head string, items [][]byte, tail string) {
	size := len(head) + len(tail) + max(0, len(items)-1)
	for _, item := range items {
		size += len(item)
	}
	w.Header().Set("Content-Length", strconv.Itoa(size))
	fmt.Fprint(w, head)
	for i, item := range items {
		if i > 0 {
			fmt.Fprint(w, ",")
		}
		_, _ = w.Write(item)
	}
	fmt.Fprint(w, tail)
}

// leakyBucket is the REST API's limit: so many calls fit, and leak away at a
// steady rate.
type leakyBucket struct {
	mu        sync.Mutex
	size      float64
	leak      float64 // calls a second
	level     float64
	at        time.Time
	throttled int
	answered  int
}

func (b *leakyBucket) take() (used int, wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.level = max(0, b.level-now.Sub(b.at).Seconds()*b.leak)
	b.at = now
	if b.level+1 > b.size {
		b.throttled++
		return 0, time.Second
	}
	b.level++
	b.answered++
	return int(b.level), 0
}

func (b *leakyBucket) counts() (answered, throttled int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.answered, b.throttled
}

// target tells a child process where the server is, and what to do there.
type target struct {
	Address, Shop, Token string

	Platform string            `json:",omitempty"`
	Keys     map[string]string `json:",omitempty"` // where a token is not all
	Rows     int               `json:",omitempty"` // of the product list, if it has more than products
	Scans    int               `json:",omitempty"` // 0 = one, timed
}

func (t target) rows(products int) int { return max(t.Rows, products) }

func (s *server) target() string {
	text, _ := json.Marshal(target{Address: s.address, Shop: s.Shop(), Token: s.Token()}) // three strings always encode
	return string(text)
}

// fitPages leaves products as much as fits into a list's page: whatever needs
// further calls would blur the count of pages.
func fitPages(s *shopifytest.Server) {
	for _, p := range s.Products() {
		if len(p.Variants) > 50 || len(p.Media) > 10 {
			s.UpdateProduct(p.ID, func(p *shopifytest.Product) {
				p.Variants, p.Media = p.Variants[:min(50, len(p.Variants))], p.Media[:min(10, len(p.Media))]
			})
		}
	}
}
