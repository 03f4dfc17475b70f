package main

import (
	"bytes"
	"context"
	"crypto/subtle"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

//go:embed pages
var pageFiles embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"moment": moment, "status": statusOf, "title": titleOf, "storeURL": storeURL,
}).ParseFS(pageFiles, "pages/*.html"))

// titleOf is what a platform is called.
func titleOf(titles map[string]string, platform string) string {
	if title := titles[platform]; title != "" {
		return title
	}
	return platform
}

// page is what every page is given.
type page struct {
	Heading string
	Inside  bool   // the platforms are inside the program
	Home    string // the address of the first page
	Titles  map[string]string
	Data    any
}

// handler serves everything.
func (h *host) handler() http.Handler {
	mux := http.NewServeMux()
	protection := http.NewCrossOriginProtection()
	private := func(f func(http.ResponseWriter, *http.Request) error) http.Handler {
		return protection.Handler(h.operator(h.answer(f)))
	}
	mux.Handle("GET /{$}", private(h.first))
	mux.Handle("GET /store", private(h.store))
	mux.Handle("POST /store/forget", private(h.forgetStore))
	mux.Handle("POST /inside/remove", private(h.insideRemove))
	mux.Handle("POST /inside/expire", private(h.insideExpire))
	mux.Handle("/connect/", h.detour(h.connect))
	mux.HandleFunc("POST /webhooks/{platform}", h.receive)
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, pageFiles, "pages/style.css") })
	return h.ownAddress(mux)
}

// ownAddress answers only under the program's own address: cookies belong to it,
// and no other site's name may lead here.
func (h *host) ownAddress(next http.Handler) http.Handler {
	own, err := url.Parse(h.settings.baseURL)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case err == nil && r.Host == own.Host:
			next.ServeHTTP(w, r)
		case r.Method == http.MethodGet:
			http.Redirect(w, r, h.settings.baseURL+"/", http.StatusTemporaryRedirect)
		default:
			http.Error(w, "ask under the address the program printed", http.StatusMisdirectedRequest)
		}
	})
}

// operator asks for the password where there is one. The pages behind it are the
// service's own; those of package auth are for merchants, who have none.
func (h *host) operator(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		want := h.settings.password.Reveal()
		_, got, _ := r.BasicAuth()
		if want != "" && subtle.ConstantTimeCompare([]byte(got), []byte(want)) != 1 {
			w.Header().Set("WWW-Authenticate", `Basic realm="connected stores", charset="UTF-8"`)
			http.Error(w, "enter APP_PASSWORD, with any name", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// answer serves a page, or says what went wrong.
func (h *host) answer(f func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		header.Set("Cache-Control", "no-store")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Content-Type-Options", "nosniff")
		err := f(w, r)
		if err == nil {
			return
		}
		status := http.StatusInternalServerError
		if catalog.KindOf(err) == catalog.ErrNotFound {
			status = http.StatusNotFound
		}
		h.logger.Warn("a page failed", "path", r.URL.Path, "error", err.Error())
		if err := h.show(w, status, "failed", "Something went wrong", err.Error()); err != nil {
			http.Error(w, http.StatusText(status), status)
		}
	})
}

// show writes a page, whole or not at all.
func (h *host) show(w http.ResponseWriter, status int, name, heading string, data any) error {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, page{heading, h.settings.inside, "/", h.titles(), data}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := w.Write(b.Bytes())
	return err
}

func (h *host) titles() map[string]string {
	titles := map[string]string{}
	for _, c := range h.connect.Platforms() {
		titles[c.Platform] = c.Title
	}
	return titles
}

// renderConnect gives the pages of the install flows the look of the others.
func (h *host) renderConnect(w io.Writer, view auth.View) error {
	home := view.Home
	if h.settings.password.IsZero() {
		home = "/" // the visitor is the operator
	}
	in := h.insides[view.Platform]
	if in != nil && view.Form != nil {
		form := *view.Form
		form.Inputs = slices.Clone(form.Inputs)
		for i := range form.Inputs {
			if input := &form.Inputs[i]; input.Value == "" && !input.Secret {
				input.Value = in.Fields[input.Name]
			}
		}
		view.Form = &form
	}
	return pages.ExecuteTemplate(w, "connect", page{view.Heading, h.settings.inside, home, h.titles(), struct {
		auth.View
		Platform *inside
		Private  bool
	}{view, in, !h.settings.password.IsZero()}})
}

// moment is a time in words, with how far away it is.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	text := t.UTC().Format("2 January 2006, 15:04") + " UTC"
	switch left := time.Until(t); {
	case left < 0:
		return text + " (with the next call)"
	case left < 2*time.Hour:
		return fmt.Sprintf("%s (in %d min)", text, int(left.Minutes())+1)
	case left < 48*time.Hour:
		return fmt.Sprintf("%s (in %d hours)", text, int(left.Hours()))
	default:
		return fmt.Sprintf("%s (in %d days)", text, int(left.Hours()/24))
	}
}

// statusOf says how an account is.
func statusOf(a catalog.Account) string {
	switch a.Status {
	case catalog.AccountActive, "":
		return "connected"
	case catalog.AccountReauthorize:
		return "must be connected again"
	default:
		return string(a.Status)
	}
}

func storeURL(id string) string { return "/store?" + url.Values{"account": {id}}.Encode() }

// connection describes an account; one that has no credential any more has
// nothing to tell but its status.
func (h *host) connection(ctx context.Context, account catalog.Account) (auth.Connection, error) {
	connection, err := h.life.Connection(ctx, account.ID)
	if catalog.KindOf(err) == catalog.ErrNotFound {
		return auth.Connection{Account: account}, nil
	}
	return connection, err
}
