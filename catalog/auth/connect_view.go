package auth

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Page says which of Connect's pages a View is.
type Page string

// The pages of Connect.
const (
	// PageList lists the platforms, and the stores the visitor has connected.
	PageList Page = "list"
	// PageStart offers a platform's methods.
	PageStart Page = "start"
	// PageForm asks for a method's fields.
	PageForm Page = "form"
	// PageInstructions tells what to do in the platform's admin pages.
	PageInstructions Page = "instructions"
	// PageConfirm asks whether to connect a store to the host's account.
	PageConfirm Page = "confirm"
	// PageConnected shows the connected store.
	PageConnected Page = "connected"
	// PageFailed says that it did not work and what to do.
	PageFailed Page = "failed"
)

// View is what a page shows. All text is plain: a renderer escapes it.
type View struct {
	Page Page
	// Status is the HTTP status of the answer.
	Status int
	// Platform and Title name the platform, "" on the list.
	Platform, Title string
	Heading         string
	Text            []string
	// Links lead on.
	Links []Link
	// Form is to be posted, nil when there is none.
	Form *Form
	// Values are to be copied.
	Values []Value
	// Connections are the stores shown.
	Connections []Connection
	// Home is the address of the list.
	Home string
}

// Link leads to a page of Connect.
type Link struct{ Title, Help, URL string }

// Form is posted to Action. The names of its inputs are "method", "next" and
// "state" (hidden, each only when it is set) and the fields'.
type Form struct {
	Action              string
	Method, Next, State string
	Inputs              []Input
	// Complaints say what was wrong with what was posted.
	Complaints []string
	Submit     string
}

// Input is a Field with what was typed before, never of a secret one.
type Input struct {
	Field
	Value string
}

// Choice is a platform that can be connected.
type Choice struct {
	Platform, Title string
	// Methods are the offered ways, the usual one first; none = the merchant
	// begins on the platform's pages.
	Methods []Method
	// URL is the address of its start page.
	URL string
}

// Platforms lists what can be connected, in the order of the titles.
func (c *Connect) Platforms() []Choice {
	var list []Choice
	for _, platform := range c.platforms {
		o := c.plans[platform]
		list = append(list, Choice{platform, o.Title, append([]Method(nil), o.methods...), c.url(platform, routeStart)})
	}
	return list
}

// show writes a page.
func (v *visitor) show(view View) {
	view.Home = v.url() + "/"
	if v.offer != nil {
		view.Platform, view.Title = v.platform, v.offer.Title
	}
	if view.Status == 0 {
		view.Status = http.StatusOK
	}
	var page bytes.Buffer
	if err := v.config.Render(&page, view); err != nil {
		v.logger.Error("connect: the page cannot be rendered", "page", view.Page, "error", err.Error())
		v.send(&catalog.Reply{Status: http.StatusInternalServerError, Body: []byte(http.StatusText(http.StatusInternalServerError) + "\n")})
		return
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(view.Status)
	_, _ = v.w.Write(page.Bytes())
}

// list shows the platforms.
func (v *visitor) list(ctx context.Context) error {
	if err := v.only(http.MethodGet, http.MethodHead); err != nil {
		return err
	}
	view := View{Page: PageList, Heading: "Connect a store"}
	for _, p := range v.Platforms() {
		if len(p.Methods) > 0 {
			view.Links = append(view.Links, Link{Title: p.Title, URL: p.URL})
		}
	}
	if v.config.Shown != nil {
		ids, err := v.config.Shown(v.r)
		if err != nil {
			return err
		}
		for _, id := range ids {
			connection, err := v.life.Connection(ctx, id)
			if catalog.KindOf(err) == catalog.ErrNotFound {
				continue
			}
			if err != nil {
				return err
			}
			view.Connections = append(view.Connections, connection)
		}
	}
	v.show(view)
	return nil
}

// choices offers the platform's methods.
func (v *visitor) choices(next string) View {
	view := View{Page: PageStart, Heading: "Connect " + v.offer.Title}
	for _, m := range v.offer.methods {
		q := url.Values{"method": {m.Name}}
		if next != "" {
			q.Set("next", next)
		}
		view.Links = append(view.Links, Link{m.Title, m.Help, v.url(v.platform, routeStart) + "?" + q.Encode()})
	}
	if len(view.Links) == 0 {
		view.Text = []string{"Install the app from the platform's own pages: they lead back here."}
	}
	return view
}

// form asks for a method's fields.
func (v *visitor) form(m Method, from url.Values, next string, complaints []string) View {
	f := &Form{Action: v.url(v.platform, routeStart), Method: m.Name, Next: next, Complaints: complaints, Submit: "Connect"}
	for _, field := range m.Fields {
		in := Input{Field: field}
		if !field.Secret {
			in.Value = from.Get(field.Name)
		}
		f.Inputs = append(f.Inputs, in)
	}
	view := View{Page: PageForm, Heading: "Connect " + v.offer.Title, Form: f}
	if m.Help != "" {
		view.Text = []string{m.Help}
	}
	return view
}

// showConnected shows the new connection.
func (v *visitor) showConnected(connection Connection) {
	view := View{Page: PageConnected, Heading: "The store is connected", Connections: []Connection{connection}}
	if connection.Account.Status == catalog.AccountUnclaimed {
		view.Text = []string{"It is not part of an account yet."}
	}
	v.show(view)
}

// showLater sends the browser to the page of the new connection, so that
// nothing of the callback's address stays with it. A browser that began on the
// platform's pages may show ours in a frame, where it keeps no cookie.
func (v *visitor) showLater(ctx context.Context, f *flow, connection Connection) error {
	if f.Method == "" {
		v.showConnected(connection)
		return nil
	}
	state := randomHex()
	err := v.keep(ctx, stateKey(v.platform, state), &flow{Platform: v.platform, Browser: f.Browser, Shown: connection.Account.ID,
		Missing: connection.Missing, Until: time.Now().Add(flowLifetime).UTC()})
	if err != nil {
		return err
	}
	v.redirect(v.url(v.platform, routeShown, state))
	return nil
}

// shown shows a connection to the browser that made it, for ten minutes.
func (v *visitor) shown(ctx context.Context, state string) error {
	if err := v.only(http.MethodGet); err != nil {
		return err
	}
	cookie := v.browser(v.r)
	if !secretForm.MatchString(state) || cookie == "" {
		return errState(v.platform)
	}
	key := stateKey(v.platform, state)
	f, err := v.take(ctx, v.platform, key)
	if err != nil {
		return err
	}
	if f.Shown == "" || !f.ownedBy(cookie) {
		return errState(v.platform)
	}
	if err := v.keep(ctx, key, f); err != nil { // the page may be loaded again
		return err
	}
	connection, err := v.life.Connection(ctx, f.Shown)
	if err != nil {
		return err
	}
	connection.Missing = f.Missing
	v.account = f.Shown
	v.showConnected(connection)
	return nil
}

// visit lets the host take over a user who opened the app.
func (v *visitor) visit(ctx context.Context, visit Visit) error {
	store, err := v.offer.adapter.CanonicalStore(visit.Store)
	if err != nil {
		return err
	}
	account, err := v.life.Accounts.ByStore(ctx, v.platform, store)
	if err != nil {
		return err
	}
	v.account = account.ID
	if !working(account) {
		return &catalog.Error{Platform: v.platform, Op: "open app", Kind: catalog.ErrForbidden, Message: "the account is " + string(account.Status)}
	}
	switch {
	case v.config.Visit != nil:
		visit.Store = store
		v.config.Visit(v.w, v.r, account, visit)
	case v.config.DoneURL != "":
		v.redirect(v.config.DoneURL)
	default:
		v.redirect(v.url() + "/")
	}
	return nil
}

// momentText is a moment in words, "" for none.
func momentText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 January 2006, 15:04") + " UTC"
}
