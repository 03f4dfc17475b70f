package main

import (
	"context"
	"net/http"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// offered is a platform on the first page.
type offered struct {
	auth.Choice
	Inside    *inside
	Addresses []auth.Value
}

// first lists the platforms and the stores.
func (h *host) first(w http.ResponseWriter, r *http.Request) error {
	var data struct {
		Platforms []offered
		Missing   []string
		Stores    []auth.Connection
	}
	data.Missing = h.missing
	for _, c := range h.connect.Platforms() {
		data.Platforms = append(data.Platforms, offered{c, h.insides[c.Platform], h.addresses(c)})
	}
	for account, err := range h.db.Accounts().List(r.Context(), catalog.AccountQuery{}) {
		if err != nil {
			return err
		}
		connection, err := h.connection(r.Context(), account)
		if err != nil {
			return err
		}
		data.Stores = append(data.Stores, connection)
	}
	return h.show(w, http.StatusOK, "first", "Connect a store", data)
}

// visited answers a merchant who opened the app from the platform. A service
// shows its own pages there; this one has some for its operator alone.
func (h *host) visited(w http.ResponseWriter, r *http.Request, account catalog.Account, _ auth.Visit) {
	to := storeURL(account.ID)
	if !h.settings.password.IsZero() {
		to = "/connect/"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// readTime bounds the reading of a store for a page.
const readTime = 30 * time.Second

// store proves a connection: it reads the shop's name and three products.
func (h *host) store(w http.ResponseWriter, r *http.Request) error {
	account, err := h.db.Accounts().Get(r.Context(), r.FormValue("account"))
	if err != nil {
		return err
	}
	data := struct {
		auth.Connection
		Shop     catalog.Shop
		Products []catalog.Product
		Problem  string
		Inside   *inside
	}{Inside: h.insides[account.Platform]}
	if account.Status.Usable() {
		ctx, cancel := context.WithTimeout(r.Context(), readTime)
		defer cancel()
		if data.Shop, data.Products, err = h.read(ctx, account.ID); err != nil {
			data.Problem = err.Error()
			if err := h.life.Revoked(ctx, account.ID, err); err != nil {
				return err
			}
		}
		if account, err = h.db.Accounts().Get(r.Context(), account.ID); err != nil {
			return err
		}
	}
	// After reading, which may have refreshed the token.
	if data.Connection, err = h.connection(r.Context(), account); err != nil {
		return err
	}
	heading := data.Shop.Name
	if heading == "" {
		heading = account.Store
	}
	return h.show(w, http.StatusOK, "store", heading, data)
}

// read is the same for every platform.
func (h *host) read(ctx context.Context, account string) (catalog.Shop, []catalog.Product, error) {
	engine, err := h.stores.Open(ctx, account)
	if err != nil {
		return catalog.Shop{}, nil, err
	}
	shop, err := engine.Shop(ctx)
	if err != nil {
		return catalog.Shop{}, nil, err
	}
	products, err := catalog.Collect(engine.Products(ctx, catalog.ProductQuery{ListOptions: catalog.ListOptions{Limit: 3, OmitRaw: true}}))
	return shop, products, err
}

// forgetStore removes a store from the list. The platform is not told: the
// merchant removes the app there.
func (h *host) forgetStore(w http.ResponseWriter, r *http.Request) error {
	if err := h.forget(r.Context(), r.PostFormValue("account")); err != nil {
		return err
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

// insideRemove plays the merchant who removes the app.
func (h *host) insideRemove(w http.ResponseWriter, r *http.Request) error {
	return h.play(w, r, func(account catalog.Account, in *inside) error {
		stored, err := h.db.Credentials().Load(r.Context(), account.ID)
		if err != nil {
			return err
		}
		return in.remove(r.Context(), granted{account.Store, stored.Credential}, h.webhook(account.Platform))
	})
}

// insideExpire ends a token early: the next page that reads the store gets it
// refused, refreshes it and goes on.
func (h *host) insideExpire(w http.ResponseWriter, r *http.Request) error {
	return h.play(w, r, func(account catalog.Account, in *inside) error {
		if in.expire != nil {
			in.expire(account.Store)
		}
		return nil
	})
}

func (h *host) play(w http.ResponseWriter, r *http.Request, act func(catalog.Account, *inside) error) error {
	account, err := h.db.Accounts().Get(r.Context(), r.PostFormValue("account"))
	if err != nil {
		return err
	}
	if in := h.insides[account.Platform]; in != nil {
		if err := act(account, in); err != nil {
			return err
		}
	}
	http.Redirect(w, r, storeURL(account.ID), http.StatusSeeOther)
	return nil
}
