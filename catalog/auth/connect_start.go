package auth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
)

// start serves the page a flow begins on, and begins it. A link begins only
// what the platform asks the merchant about; everything else is a form of ours.
func (v *visitor) start(ctx context.Context) error {
	if err := v.only(http.MethodGet, http.MethodPost); err != nil {
		return err
	}
	query, err := v.query()
	if err != nil {
		return err
	}
	post := v.r.Method == http.MethodPost
	from := query
	if post {
		if err := v.ours(); err != nil {
			return err
		}
		if _, from, err = v.body(); err != nil {
			return err
		}
	}
	next := from.Get("next")
	if _, ok := v.config.Next[next]; next != "" && !ok {
		return v.invalid("next is none of the configured names")
	}
	method, ok := v.method(from.Get("method"))
	switch {
	case !ok && from.Get("method") != "":
		return v.invalid("the method is not offered")
	case !ok:
		v.show(v.choices(next))
		return nil
	}
	for _, f := range method.Fields {
		if f.Secret && query.Has(f.Name) {
			return v.invalid("a secret was sent in the address")
		}
	}
	fields, complaints := readFields(method, from)
	if !post && (!method.Consent || len(complaints) > 0) {
		v.show(v.form(method, from, next, nil))
		return nil
	}
	if len(complaints) > 0 {
		view := v.form(method, from, next, complaints)
		view.Status = http.StatusBadRequest
		v.show(view)
		return nil
	}
	err = v.begin(ctx, method, fields, next)
	if e, ok := errors.AsType[*catalog.Error](err); ok && e.Kind == catalog.ErrInvalid && e.Hint != "" && len(method.Fields) > 0 {
		view := v.form(method, from, next, []string{e.Hint})
		view.Status = http.StatusBadRequest
		v.show(view)
		return nil
	}
	return err
}

// method finds an offered method by name; "" means the only one.
func (v *visitor) method(name string) (Method, bool) {
	offered := v.offer.methods
	if name == "" && len(offered) == 1 {
		return offered[0], true
	}
	for _, m := range offered {
		if m.Name == name {
			return m, true
		}
	}
	return Method{}, false
}

// readFields takes a method's fields, and says in words what is wrong.
func readFields(m Method, from url.Values) (fields map[string]string, complaints []string) {
	fields = map[string]string{}
	for _, f := range m.Fields {
		value := strings.TrimSpace(from.Get(f.Name))
		limit := f.MaxLen
		if limit <= 0 {
			limit = 1024
		}
		switch {
		case value == "" && !f.Optional:
			complaints = append(complaints, f.Label+" is missing.")
		case len(value) > min(limit, maxParam):
			complaints = append(complaints, f.Label+" is too long.")
		case value != "" && f.Options != nil && !slices.Contains(f.Options, value):
			complaints = append(complaints, f.Label+" is none of the choices.")
		default:
			fields[f.Name] = value
		}
	}
	return fields, complaints
}

// wanted asks the host for whom the flow is, and which store may be connected.
func (v *visitor) wanted(ctx context.Context) (Owner, error) {
	var owner Owner
	if v.config.Owner == nil {
		return owner, nil
	}
	owner, err := v.config.Owner(v.r)
	if err != nil {
		if catalog.KindOf(err) == "" {
			e := v.failed(catalog.ErrForbidden, "the host refused to begin")
			e.Err = err
			return owner, e
		}
		return owner, err
	}
	if owner.Store != "" {
		if owner.Store, err = v.offer.adapter.CanonicalStore(owner.Store); err != nil {
			return owner, err
		}
	}
	if owner.Account == "" {
		return owner, nil
	}
	account, err := v.life.Accounts.Get(ctx, owner.Account)
	switch {
	case catalog.KindOf(err) == catalog.ErrNotFound:
		return owner, nil
	case err != nil:
		return owner, err
	case account.Platform != v.platform || owner.Store != "" && owner.Store != account.Store:
		return owner, v.failed(catalog.ErrConflict, "the account is connected to another store")
	}
	owner.Store = account.Store
	return owner, nil
}

// begin starts a flow.
func (v *visitor) begin(ctx context.Context, m Method, fields map[string]string, next string) error {
	owner, err := v.wanted(ctx)
	if err != nil {
		return err
	}
	v.account = owner.Account
	lifetime := flowLifetime
	if m.Lifetime > 0 {
		lifetime = min(m.Lifetime, maxFlowLifetime)
	}
	now := time.Now()
	state := randomHex()
	f := &flow{Platform: v.platform, Method: m.Name, Account: owner.Account, Store: owner.Store, Next: next, Until: now.Add(lifetime).UTC()}
	step := v.told(state, f, now)
	step.Fields = fields
	out, err := m.Begin(ctx, step)
	if err != nil {
		return err
	}
	if !out.Memory.IsZero() {
		f.Memory = out.Memory.Reveal()
	}
	if out.Grant != nil {
		if m.Consent {
			return v.failed(catalog.ErrBadAnswer, "the method "+m.Name+" granted without consent")
		}
		f.Browser = hashHex(v.mark(v.w, v.r))
		return v.settle(ctx, f, *out.Grant, m.Name)
	}
	if out.Redirect == "" && out.Instructions == nil {
		return v.failed(catalog.ErrBadAnswer, "the method "+m.Name+" leads nowhere")
	}
	browser := v.mark(v.w, v.r)
	f.Browser = hashHex(browser)
	if err := v.keep(ctx, stateKey(v.platform, state), f); err != nil {
		return err
	}
	if v.offer.lost && (f.Account != "" || f.Store != "") {
		// The state will not come back: the flow is found by the browser.
		lost := *f
		lost.Memory = ""
		key := browserKey(v.platform, f.Browser)
		if _, err := v.take(ctx, v.platform, key); err != nil && catalog.KindOf(err) != catalog.ErrUnauthorized {
			return err
		}
		if err := v.keep(ctx, key, &lost); err != nil {
			return err
		}
	}
	return v.onward(out)
}

// onward sends the merchant to the platform, or tells them what to do there.
func (v *visitor) onward(out Outcome) error {
	if i := out.Instructions; i != nil {
		v.show(View{Page: PageInstructions, Heading: i.Title, Text: i.Text, Values: i.Values})
		return nil
	}
	to, err := url.Parse(out.Redirect)
	if err != nil || to.Host == "" || to.User != nil || to.Scheme != "https" && to.Scheme != "http" {
		return v.failed(catalog.ErrBadAnswer, "the flow leads to an address that is none")
	}
	v.redirect(out.Redirect)
	return nil
}

// told is what every step is told.
func (v *visitor) told(state string, f *flow, now time.Time) Step {
	s := Step{State: state, Received: now,
		URL: func(route string) string { return v.url(v.platform, route) },
		Known: func(ctx context.Context, store string) (Connection, error) {
			return v.life.known(ctx, v.platform, store)
		}}
	s.StateURL = s.URL
	if f != nil {
		s.Method, s.Store, s.Memory = f.Method, f.Store, catalog.NewSecret(f.Memory)
		s.StateURL = func(route string) string { return v.url(v.platform, route, state) }
	}
	return s
}
