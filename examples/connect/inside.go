package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// inside is a platform that is a server inside the program. The adapter sends
// what it means for the platform's hosts to that server; what is left to do here
// is to send the merchant's browser there too, and to play the merchant where
// they act on the platform's own pages.
type inside struct {
	adapter auth.Connector
	// hosts are the platform's, whose pages the server at url plays.
	hosts []string
	url   string
	// Fields are what a merchant would type, by the name of a form's field.
	Fields map[string]string
	// Hints are for the page, such as a token to be typed.
	Hints []auth.Value
	// Links begin on the platform's own pages.
	Links []auth.Link
	// Admin is where the merchant does what instructions tell; nil = there are
	// none.
	Admin *auth.Link
	// remove takes the app out of a store, as a merchant does on the platform's
	// pages. The platform says so to the webhook, or, when Silent, to nobody.
	remove func(ctx context.Context, from granted, webhook string) error
	Silent bool
	// expire ends the access tokens of a store; nil = they never expire.
	expire func(store string)
	close  func()
}

// insideStart is what a server is started with.
type insideStart struct {
	// baseURL is the program's own address.
	baseURL string
	// granted are the credentials of the stores connected earlier. The servers
	// forget with the process, as no platform does, so they are told again.
	granted []granted
}

type granted struct {
	store      string
	credential catalog.Credential
}

// grantedBy reads what a platform inside an earlier run of the program granted.
func (h *host) grantedBy(ctx context.Context, platform string) ([]granted, error) {
	var list []granted
	for account, err := range h.db.Accounts().List(ctx, catalog.AccountQuery{Platform: platform}) {
		if err != nil {
			return nil, err
		}
		stored, err := h.db.Credentials().Load(ctx, account.ID)
		if errors.Is(err, catalog.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, granted{account.Store, stored.Credential})
	}
	return list, nil
}

// CanExpire is asked by pages.
func (in *inside) CanExpire() bool { return in.expire != nil }

// detour sends browsers to the servers inside the program: a consent page has
// the address of the real platform.
func (h *host) detour(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&detourWriter{w, h.insides}, r)
	})
}

type detourWriter struct {
	http.ResponseWriter
	insides map[string]*inside
}

func (w *detourWriter) WriteHeader(status int) {
	if to, err := url.Parse(w.Header().Get("Location")); err == nil && to.Host != "" {
		for _, in := range w.insides {
			if slices.Contains(in.hosts, to.Host) {
				w.Header().Set("Location", in.page(to))
			}
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// page is where the server inside has a page of the platform.
func (in *inside) page(of *url.URL) string {
	to := *of
	at, err := url.Parse(in.url)
	if err != nil {
		return of.String()
	}
	to.Scheme, to.Host = at.Scheme, at.Host
	return to.String()
}
