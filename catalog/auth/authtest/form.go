package authtest

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// Form is a method that ends with its form: the merchant enters keys, which the
// adapter proves by a call.
type Form struct {
	// Flow makes an adapter and the platform it talks to. Approve is not asked.
	Flow func(t *testing.T, log *Log) (auth.Connector, []string)
	// Store is the store that Fields open, Other another one of the platform,
	// both in canonical form.
	Store, Other string
	// Method is the method's name, Fields what is typed that works.
	Method string
	Fields url.Values
	// Secret are the names of the fields that hide what is typed.
	Secret []string
	// Refused are forms that must be refused: the fields that differ from Fields,
	// by what is wrong with them.
	Refused map[string]url.Values
}

// RunForm holds a form against what each must do. Each rule is a subtest with a
// Connect and a platform of its own.
func RunForm(t *testing.T, f Form) {
	tests := map[string]func(*testing.T){
		"connects":                   f.connects,
		"secret in the address":      f.inAddress,
		"begun by a link":            f.byLink,
		"form of another site":       f.crossSite,
		"open redirect attempt":      f.openRedirect,
		"foreign store":              f.foreignStore,
		"store of another account":   f.otherAccount,
		"entered again, and changed": f.again,
		"oversize body":              f.refused(url.Values{"x": {strings.Repeat("a", 70<<10)}}),
		"too many fields":            f.refused(manyFields()),
		"unknown method":             f.refused(url.Values{"method": {"no-such"}}),
	}
	for name := range f.Fields {
		tests["no "+name] = f.missing(name)
		tests[name+" that is too long"] = f.refused(url.Values{name: {strings.Repeat("a", 4097)}})
		tests[name+" that comes twice"] = f.refused(url.Values{name: {"a", "b"}})
		tests[name+" with a control character"] = f.refused(url.Values{name: {f.Fields.Get(name) + "\x00"}})
		tests[name+" that is not UTF-8"] = f.refused(url.Values{name: {"\xff\xfe"}})
	}
	for name, change := range f.Refused {
		tests[name] = f.refused(change)
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

func manyFields() url.Values {
	many := url.Values{}
	for i := range 100 {
		many.Set("x"+strings.Repeat("y", i), "1")
	}
	return many
}

// form is what is posted: Fields with changes.
func (f Form) form(change url.Values) url.Values {
	form := maps.Clone(f.Fields)
	form.Set("method", f.Method)
	maps.Copy(form, change)
	return form
}

func (f Form) bench(t *testing.T, change func(*auth.ConnectConfig)) (*Bench, *Browser) {
	t.Helper()
	log := &Log{}
	adapter, secrets := f.Flow(t, log)
	b := NewBench(t, adapter, func(c *auth.ConnectConfig) {
		c.Methods = map[string][]string{adapter.Platform(): {f.Method}} // which also offers those for operators
		if change != nil {
			change(c)
		}
	})
	b.Watch(log)
	for _, name := range f.Secret {
		secrets = append(secrets, f.Fields.Get(name))
	}
	t.Cleanup(func() { b.Clean(secrets...) })
	return b, b.Browser()
}

func (f Form) connects(t *testing.T) {
	b, browser := f.bench(t, nil)
	page := browser.Get(b.Path("start") + "?method=" + f.Method)
	for name := range f.Fields {
		if hidden := strings.Contains(page.Body, `name="`+name+`" type="password"`); !strings.Contains(page.Body, `name="`+name+`"`) || hidden != slices.Contains(f.Secret, name) {
			t.Errorf("the form does not ask for %s as it should: %d %s", name, page.Status, page.Body)
		}
	}
	a := browser.Post(b.Path("start"), f.form(nil))
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, Base) {
		t.Fatalf("answered %d to %q: %s", a.Status, a.Location, a.Body)
	}
	account, stored := b.Stored(f.Store)
	if account.Status != catalog.AccountActive || stored.Credential.IsZero() {
		t.Errorf("stored %+v", account)
	}
	if page := browser.Get(a.Location); page.Status != http.StatusOK || !strings.Contains(page.Body, f.Store) {
		t.Errorf("the page of the connection: %d %s", page.Status, page.Body)
	}
	for _, a := range browser.Seen {
		secured(t, a)
	}
}

// refusal fails the test unless the answer is a refusal and nothing is stored.
func (f Form) refusal(t *testing.T, b *Bench, a Answer) {
	t.Helper()
	if a.Status < 400 || a.Location != "" {
		t.Errorf("answered %d to %q: %s", a.Status, a.Location, a.Body)
	}
	b.Empty()
}

func (f Form) refused(change url.Values) func(*testing.T) {
	return func(t *testing.T) {
		b, browser := f.bench(t, nil)
		f.refusal(t, b, browser.Post(b.Path("start"), f.form(change)))
		var typed []string
		for _, name := range f.Secret {
			typed = append(typed, change[name]...)
		}
		b.Clean(slices.DeleteFunc(typed, func(s string) bool { return len(s) < 8 })...)
	}
}

// missing leaves a field empty, which only one that is optional may be.
func (f Form) missing(name string) func(*testing.T) {
	return func(t *testing.T) {
		b, browser := f.bench(t, nil)
		a := browser.Post(b.Path("start"), f.form(url.Values{name: {""}}))
		for _, choice := range b.Platforms() {
			for _, field := range choice.Methods[0].Fields {
				if field.Name == name && field.Optional {
					b.Stored(f.Store)
					return
				}
			}
		}
		f.refusal(t, b, a)
	}
}

func (f Form) inAddress(t *testing.T) {
	b, browser := f.bench(t, nil)
	for _, name := range f.Secret {
		f.refusal(t, b, browser.Get(b.Path("start")+"?"+url.Values{"method": {f.Method}, name: {"typed"}}.Encode()))
		f.refusal(t, b, browser.Post(b.Path("start")+"?"+url.Values{name: {"typed"}}.Encode(), f.form(nil)))
	}
}

// byLink is a link that fills the form, which nobody has sent yet.
func (f Form) byLink(t *testing.T) {
	b, browser := f.bench(t, nil)
	q := url.Values{"method": {f.Method}}
	for name, values := range f.Fields {
		if !slices.Contains(f.Secret, name) {
			q[name] = values
		}
	}
	if a := browser.Get(b.Path("start") + "?" + q.Encode()); a.Status != http.StatusOK || a.Location != "" {
		t.Errorf("answered %d to %q", a.Status, a.Location)
	}
	b.Empty()
}

func (f Form) crossSite(t *testing.T) {
	b, browser := f.bench(t, nil)
	b.Refused(browser.PostFrom(b.Path("start"), f.form(nil)), http.StatusForbidden, "")
	b.Empty()
}

func (f Form) openRedirect(t *testing.T) {
	const settings = "https://app.example.com/settings"
	b, browser := f.bench(t, func(c *auth.ConnectConfig) { c.Next = map[string]string{"settings": settings} })
	for _, to := range []string{"https://evil.example/", "//evil.example", "/settings"} {
		f.refusal(t, b, browser.Post(b.Path("start"), f.form(url.Values{"next": {to}})))
	}
	const evil = "https://evil.example/"
	extra := url.Values{"next": {"settings"}, "return_to": {evil}, "return_url": {evil}, "success_call_back": {evil}}
	if a := browser.Post(b.Path("start"), f.form(extra)); a.Location != settings {
		t.Errorf("sent on to %q: %s", a.Location, a.Body)
	}
}

func (f Form) foreignStore(t *testing.T) {
	b, browser := f.bench(t, owned(auth.Owner{Account: "tenant-1", Store: f.Other}))
	f.refusal(t, b, browser.Post(b.Path("start"), f.form(nil)))
}

func (f Form) otherAccount(t *testing.T) {
	b, browser := f.bench(t, owned(auth.Owner{Account: "tenant-2"}))
	Harness{}.put(t, b, "tenant-1", f.Store, catalog.AccountActive)
	b.Refused(browser.Post(b.Path("start"), f.form(nil)), http.StatusConflict, "foreign_store")
	if _, err := b.Credentials.Load(t.Context(), "tenant-1"); catalog.KindOf(err) != catalog.ErrNotFound {
		t.Error("a credential was stored")
	}
}

func (f Form) again(t *testing.T) {
	b, browser := f.bench(t, owned(auth.Owner{Account: "tenant-1"}))
	Harness{}.put(t, b, "tenant-1", f.Store, catalog.AccountReauthorize)
	for range 2 {
		browser.Post(b.Path("start"), f.form(nil))
		account, _ := b.Stored(f.Store)
		if account.ID != "tenant-1" || account.Status != catalog.AccountActive || account.Settings["kept"] != "yes" {
			t.Errorf("stored %+v", account)
		}
	}
}
