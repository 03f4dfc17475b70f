package auth

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
)

// step serves a route of the platform.
func (v *visitor) step(ctx context.Context, r *Route, inPath string) error {
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	if err := v.only(method); err != nil {
		return err
	}
	query, err := v.query()
	if err != nil {
		return err
	}
	body, form, err := v.body()
	if err != nil {
		return err
	}
	now := time.Now()
	fill := func(s *Step) {
		s.Query, s.Form, s.Body, s.Header = query, form, body, v.r.Header.Clone()
		s.Header.Del("Cookie")
	}
	if r.State == "" {
		if inPath != "" {
			return v.noPage()
		}
		s := v.told("", nil, now)
		fill(&s)
		out, err := r.Handle(ctx, s)
		if err != nil {
			v.reply = out.Reply
			return err
		}
		return v.unasked(ctx, r, out)
	}
	state := query.Get(r.State)
	if state == "" {
		state = form.Get(r.State)
	}
	if inPath != "" {
		if state != "" && state != inPath {
			return errState(v.platform)
		}
		state = inPath
	}
	if !secretForm.MatchString(state) {
		if r.Restart && state != "" && len(v.offer.methods) > 0 && v.offer.methods[0].Consent && len(v.offer.methods[0].Fields) == 0 {
			// What came was not asked for by this browser: it may be anybody's.
			return v.begin(ctx, v.offer.methods[0], map[string]string{}, "")
		}
		return errState(v.platform)
	}
	f, err := v.resume(ctx, r, state)
	if err != nil {
		return err
	}
	v.account = f.Account
	s := v.told(state, f, now)
	fill(&s)
	out, err := r.Handle(ctx, s)
	if err != nil {
		v.reply = out.Reply
		return err
	}
	if out.Grant != nil {
		if r.Server {
			return v.failed(catalog.ErrBadAnswer, "the route "+r.Name+" granted before the browser came back")
		}
		return v.settle(ctx, f, *out.Grant, f.Method)
	}
	f.Used = append(f.Used, r.Name)
	if !out.Memory.IsZero() {
		f.Memory = out.Memory.Reveal()
	}
	if err := v.keep(ctx, stateKey(v.platform, state), f); err != nil {
		return err
	}
	switch {
	case r.Server:
		v.send(out.Reply)
	case out.Redirect == "" && out.Instructions == nil:
		return v.failed(catalog.ErrBadAnswer, "the route "+r.Name+" leads nowhere")
	default:
		return v.onward(out)
	}
	return nil
}

// resume takes the flow of a state, so that nobody else can, and makes sure
// that the request belongs to it.
func (v *visitor) resume(ctx context.Context, r *Route, state string) (*flow, error) {
	cookie := v.browser(v.r)
	if !r.Server && cookie == "" {
		return nil, errState(v.platform)
	}
	f, err := v.take(ctx, v.platform, stateKey(v.platform, state))
	if err != nil {
		return nil, err
	}
	if !r.Server && !f.ownedBy(cookie) {
		return nil, errState(v.platform)
	}
	if f.used(r.Name) || f.Pending != nil || f.Shown != "" {
		// The flow goes on; this request was in it before.
		if err := v.keep(ctx, stateKey(v.platform, state), f); err != nil {
			return nil, err
		}
		return nil, errState(v.platform)
	}
	return f, nil
}

// unasked takes the outcome of a route without a state.
func (v *visitor) unasked(ctx context.Context, r *Route, out Outcome) error {
	switch {
	case out.Event != nil:
		if err := v.event(ctx, *out.Event); err != nil {
			return err
		}
	case out.Visit != nil:
		return v.visit(ctx, *out.Visit)
	case out.Grant != nil && !r.Server:
		return v.arrived(ctx, r, *out.Grant)
	case out.Grant != nil:
		if _, err := v.life.Accept(ctx, Arrival{Platform: v.platform, Via: r.Name}, *out.Grant); err != nil {
			return err
		}
	case !r.Server:
		return v.onward(out)
	}
	v.send(out.Reply)
	return nil
}

// event takes what the platform reports.
func (v *visitor) event(ctx context.Context, e catalog.Event) error {
	store, err := v.offer.adapter.CanonicalStore(e.Store)
	if err != nil {
		return err
	}
	e.Platform, e.Store, e.ReceivedAt = v.platform, store, time.Now()
	account, err := v.life.Accounts.ByStore(ctx, v.platform, store)
	if err != nil && catalog.KindOf(err) != catalog.ErrNotFound {
		return err
	}
	e.Account, v.account = account.ID, account.ID
	if err := v.life.Event(ctx, e); err != nil || v.config.Event == nil {
		return err
	}
	return v.config.Event(ctx, e)
}

// arrived takes a grant that no state binds to the browser that brings it.
// Whoever made the link may have wanted somebody else's account to get their
// store: so an account of the host's gets it on the merchant's word alone.
func (v *visitor) arrived(ctx context.Context, r *Route, grant Grant) error {
	f := &flow{Platform: v.platform, Until: time.Now().Add(flowLifetime).UTC()}
	if cookie := v.browser(v.r); cookie != "" {
		asked, err := v.take(ctx, v.platform, browserKey(v.platform, hashHex(cookie)))
		if err != nil && catalog.KindOf(err) != catalog.ErrUnauthorized {
			return err
		}
		if err == nil && asked.ownedBy(cookie) {
			v.account = asked.Account
			store, err := v.right(asked, grant)
			if err != nil {
				return err
			}
			f.Browser, f.Account, f.Store, f.Next, f.Method = asked.Browser, asked.Account, asked.Store, asked.Next, asked.Method
			f.Pending = toPending(grant)
			state := randomHex()
			if err := v.keep(ctx, stateKey(v.platform, state), f); err != nil {
				return err
			}
			v.show(View{Page: PageConfirm, Heading: "Connect " + store + "?", Text: []string{"The store " + store + " is about to be connected to your account."},
				Form: &Form{Action: v.url(v.platform, routeConfirm), State: state, Submit: "Connect this store"}})
			return nil
		}
	}
	f.Browser = hashHex(v.mark(v.w, v.r))
	return v.settle(ctx, f, grant, r.Name)
}

// confirm takes the merchant's word for a grant that waits.
func (v *visitor) confirm(ctx context.Context) error {
	if err := v.only(http.MethodPost); err != nil {
		return err
	}
	if err := v.ours(); err != nil {
		return err
	}
	_, form, err := v.body()
	if err != nil {
		return err
	}
	state, cookie := form.Get("state"), v.browser(v.r)
	if !secretForm.MatchString(state) || cookie == "" {
		return errState(v.platform)
	}
	f, err := v.take(ctx, v.platform, stateKey(v.platform, state))
	if err != nil {
		return err
	}
	if f.Pending == nil || !f.ownedBy(cookie) {
		return errState(v.platform)
	}
	v.account = f.Account
	return v.settle(ctx, f, f.Pending.grant(), f.Method)
}

// right refuses a store other than the one wanted.
func (v *visitor) right(f *flow, grant Grant) (string, error) {
	store, err := v.offer.adapter.CanonicalStore(grant.Store)
	if err != nil {
		return "", err
	}
	if f.Store != "" && f.Store != store {
		e := v.failed(catalog.ErrConflict, "the merchant connected another store than the one wanted")
		e.Code = "foreign_store"
		return "", e
	}
	return store, nil
}

// settle stores what the flow has won and sends the merchant on.
func (v *visitor) settle(ctx context.Context, f *flow, grant Grant, via string) error {
	if _, err := v.right(f, grant); err != nil {
		return err
	}
	connection, err := v.life.Accept(ctx, Arrival{Platform: v.platform, Via: via, Account: f.Account}, grant)
	if err != nil {
		return err
	}
	v.account = connection.Account.ID
	switch {
	case grant.Return != "" && sameOrigin(grant.Return, connection.Account.Store):
		v.redirect(grant.Return)
	case f.Next != "":
		v.redirect(v.config.Next[f.Next])
	case v.config.DoneURL != "":
		v.redirect(v.config.DoneURL)
	default:
		return v.showLater(ctx, f, connection)
	}
	return nil
}

// sameOrigin reports whether an address leads back to the store.
func sameOrigin(to, store string) bool {
	a, err := url.Parse(to)
	if err != nil || a.User != nil || a.Host == "" || a.Scheme != "https" && a.Scheme != "http" || !plainText(to) || strings.Contains(to, `\`) {
		return false
	}
	b, err := url.Parse(store)
	return err == nil && strings.EqualFold(a.Scheme, b.Scheme) && strings.EqualFold(a.Host, b.Host)
}
