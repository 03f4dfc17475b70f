package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"embed"
	"io/fs"
	"net"
	"net/http"
	"strings"

	"github.com/swaggest/swgui/v5emb"

	"github.com/soukhq/souk/magento"
	"github.com/soukhq/souk/woocommerce"
)

//go:embed assets openapi.json
var files embed.FS

// route is an address that is served. described are the paths of the API's
// description that it stands for.
type route struct {
	pattern   string
	described []string
	handler   http.Handler
}

// routes are all addresses. Strangers may reach the first ones, which the
// signature guards; the others are the operator's.
func (h *host) routes() (public, pages []route) {
	receive := http.HandlerFunc(h.receive)
	assets, err := fs.Sub(files, "assets")
	if err != nil {
		panic(err) // of a wrong path, in a program that cannot be built then
	}
	viewer := v5emb.New("", "", "/docs/assets/")
	public = []route{
		{"POST /webhooks/{platform}", []string{"POST /webhooks/{platform}"}, receive},
		{"GET /webhooks/{platform}", []string{"GET /webhooks/{platform}"}, receive},
		{"POST /webhooks/{platform}/{account}", []string{"POST /webhooks/{platform}/{account}"}, receive},
		{"GET /webhooks/{platform}/{account}", []string{"GET /webhooks/{platform}/{account}"}, receive},
		{"POST /webhooks/{platform}/{account}/{topic...}", []string{"POST /webhooks/{platform}/{account}/{topic}"}, receive},
		{"POST /shopify/webhook", []string{"POST /shopify/webhook"}, at("/webhooks/shopify", receive)},
		{"POST /api/salla/webhook", []string{"POST /api/salla/webhook"}, at("/webhooks/salla", receive)},
		{"/webhooks/", nil, receive}, // whatever else comes is answered and shown as a refusal
	}
	pages = []route{
		{"GET /{$}", []string{"GET /"}, http.HandlerFunc(h.overview)},
		{"GET /events/{id}", []string{"GET /events/{id}"}, http.HandlerFunc(h.event)},
		{"POST /events/{id}/replay", []string{"POST /events/{id}/replay"}, http.HandlerFunc(h.replay)},
		{"POST /replay", []string{"POST /replay"}, http.HandlerFunc(h.replayDead)},
		{"GET /live", []string{"GET /live"}, h.feed},
		{"GET /openapi.json", []string{"GET /openapi.json"}, http.HandlerFunc(description)},
		{"GET /docs", []string{"GET /docs"}, http.HandlerFunc(docs)},
		{"GET /assets/", nil, http.StripPrefix("/assets/", http.FileServerFS(assets))},
		{"GET /docs/assets/swagger-ui.css", nil, viewer},
		{"GET /docs/assets/swagger-ui-bundle.js", nil, viewer},
	}
	return public, pages
}

func (h *host) handler() http.Handler {
	mux := http.NewServeMux()
	public, pages := h.routes()
	for _, r := range public {
		mux.Handle(r.pattern, r.handler)
	}
	sameOrigin := http.NewCrossOriginProtection()
	for _, r := range pages {
		mux.Handle(r.pattern, h.guarded(sameOrigin.Handler(r.handler)))
	}
	return mux
}

// receive hands a delivery to the Receiver. The deliveries of some platforms do
// not name their store; here there is one of each, and an address without an
// account means that one.
func (h *host) receive(w http.ResponseWriter, r *http.Request) {
	for _, platform := range []string{woocommerce.Platform, magento.Platform} {
		rest, ok := strings.CutPrefix(r.URL.Path, "/webhooks/"+platform)
		id := platform + "-1"
		if ok && (rest == "" || rest[0] == '/') && rest != "/"+id && !strings.HasPrefix(rest, "/"+id+"/") {
			at("/webhooks/"+platform+"/"+id+rest, h.receiver).ServeHTTP(w, r)
			return
		}
	}
	h.receiver.ServeHTTP(w, r)
}

// at serves a request as if it had come to another path.
func at(path string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		copied, url := *r, *r.URL
		url.Path, url.RawPath = path, ""
		copied.URL = &url
		next.ServeHTTP(w, &copied)
	})
}

// policy lets a page use what this program serves and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guarded lets the operator in. The pages show customers' data: they open on
// this machine, or with the password. A tunnel or a name that somebody points
// at this machine reaches the webhooks alone.
func (h *host) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cache-Control", "no-store")
		switch {
		case h.letsIn(r):
			next.ServeHTTP(w, r)
		case r.Method == http.MethodGet && r.URL.Path == "/" && !wantsHTML(r):
			writeJSON(w, http.StatusOK, map[string]string{"status": "running"})
		case h.password.IsZero():
			http.Error(w, "The page opens at localhost alone: set APP_PASSWORD to open it under another name.", http.StatusForbidden)
		default:
			header.Set("WWW-Authenticate", `Basic realm="webhooks", charset="UTF-8"`)
			http.Error(w, "The password of the page is in APP_PASSWORD.", http.StatusUnauthorized)
		}
	})
}

func (h *host) letsIn(r *http.Request) bool {
	if h.password.IsZero() {
		name := r.Host
		if host, _, err := net.SplitHostPort(name); err == nil {
			name = host
		}
		ip := net.ParseIP(strings.Trim(name, "[]"))
		return name == "localhost" || ip != nil && ip.IsLoopback()
	}
	_, password, _ := r.BasicAuth()
	given, want := sha256.Sum256([]byte(password)), sha256.Sum256([]byte(h.password.Reveal()))
	return subtle.ConstantTimeCompare(given[:], want[:]) == 1
}
