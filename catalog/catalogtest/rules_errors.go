package catalogtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

var errorRules = []rule{
	{name: "a dead token is refreshed once and the call repeated", check: refreshOnce, core: true},
	{name: "the refreshed credential is the one that is sent next", check: refreshedIsSent},
	{name: "a token that stays dead is unauthorized after one refresh", check: refreshInVain},
	{name: "a credential that cannot be refreshed asks for the merchant", check: refreshImpossible},
	{name: "a missing permission is forbidden, without refresh or repetition", check: forbidden},
	{name: "a refused request is invalid and names its fields", check: invalidFields},
	{name: "a server error, a proxy's page, a cut or lost answer is survived", check: troubleSurvived},
	{name: "trouble that stays is unavailable", check: troubleStays},
	{name: "a redirect to another host is refused and the credential stays home", check: redirected},
	{name: "an answer beyond reason ends the list with an error", check: garbage},
}

// within is a context of at most so long.
func within(t testing.TB, limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

// call is a read every platform has.
func (x *session) call(ctx context.Context) error {
	_, err := x.engine.Shop(ctx)
	return err
}

func refreshOnce(t testing.TB, s *suite) {
	x := s.open(t)
	x.wire.inject(fault{answer: &s.Answers.Unauthorized})
	if err := x.call(t.Context()); err != nil {
		t.Errorf("after a refresh the call should succeed: %v", err)
	}
	if n := x.source.refreshes.Load(); n != 1 {
		t.Errorf("%d refreshes, want 1", n)
	}
	if n := x.wire.sent(); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

// refreshedIsSent begins with a credential that the server itself refuses.
func refreshedIsSent(t testing.TB, s *suite) {
	x := s.open(t)
	stale := &source{credential: x.Credential, first: spoiled(x.Credential)}
	x.watch.secrets = append(x.watch.secrets, stale.first.AccessToken.Reveal()+stale.first.Secret.Reveal())
	engine := x.openWith(x.NewAdapter(), stale)
	if _, err := engine.Shop(within(t, patience)); err != nil {
		t.Errorf("a call whose credential was stale: %v", err)
	}
	if n := stale.refreshes.Load(); n != 1 {
		t.Errorf("%d refreshes, want 1", n)
	}
	if !stale.used.Same(stale.first) {
		t.Error("Refresh was not told the credential that was refused")
	}
}

// spoiled is a credential of the same form that is not valid.
func spoiled(c catalog.Credential) catalog.Credential {
	turn := func(s catalog.Secret) catalog.Secret {
		text := []byte(s.Reveal())
		if len(text) == 0 {
			return s
		}
		if last := &text[len(text)-1]; *last == '7' {
			*last = '8'
		} else {
			*last = '7'
		}
		return catalog.NewSecret(string(text))
	}
	c.AccessToken, c.Secret, c.TokenSecret = turn(c.AccessToken), turn(c.Secret), turn(c.TokenSecret)
	return c
}

func refreshInVain(t testing.TB, s *suite) {
	x := s.open(t)
	x.wire.inject(fault{answer: &s.Answers.Unauthorized, times: -1})
	for _, k := range coreKinds {
		x.source.refreshes.Store(0)
		before := x.wire.sent()
		_, err := catalog.Collect(k.list(within(t, patience), x.engine, query{}))
		x.fails(err, "a list with a dead token", catalog.ErrUnauthorized)
		if n := x.source.refreshes.Load(); n != 1 {
			t.Errorf("%s: %d refreshes, want 1", k.resource, n)
		}
		if n := x.wire.sent() - before; n != 2 {
			t.Errorf("%s: %d requests, want 2", k.resource, n)
		}
	}
}

func refreshImpossible(t testing.TB, s *suite) {
	x := s.open(t)
	x.wire.inject(fault{answer: &s.Answers.Unauthorized, times: -1})
	engine := x.openWith(x.NewAdapter(), catalog.StaticCredential(x.Credential))
	_, err := engine.Shop(within(t, patience))
	x.fails(err, "a call with a dead static credential", catalog.ErrReauthorize)
	x.fails(err, "a call with a dead static credential", catalog.ErrUnauthorized)
	engine = x.openWith(x.NewAdapter(), catalog.StaticCredential(catalog.Credential{}))
	before := x.wire.sent()
	_, err = engine.Shop(within(t, patience))
	x.fails(err, "a call with an empty credential", catalog.ErrUnauthorized)
	if x.wire.sent() > before {
		t.Error("a call with an empty credential was sent")
	}
}

func forbidden(t testing.TB, s *suite) {
	for i := range s.Answers.Forbidden {
		x := s.open(t)
		x.wire.inject(fault{answer: &s.Answers.Forbidden[i], times: -1})
		x.fails(x.call(within(t, patience)), "a call without permission", catalog.ErrForbidden)
		if n := x.source.refreshes.Load(); n != 0 {
			t.Errorf("%d refreshes for a permission no token brings", n)
		}
		if n := x.wire.sent(); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
	}
}

func invalidFields(t testing.TB, s *suite) {
	if s.Answers.Invalid.Status == 0 {
		t.Skip(s.Answers.NoFields)
	}
	x := s.open(t)
	x.wire.inject(fault{answer: &s.Answers.Invalid, times: -1})
	err := x.call(within(t, patience))
	x.fails(err, "a refused request", catalog.ErrInvalid)
	if e, ok := errors.AsType[*catalog.Error](err); !ok || len(e.Fields) == 0 {
		t.Errorf("a refused request: no Fields in %v", err)
	}
	if n := x.wire.sent(); n != 1 {
		t.Errorf("%d requests, want 1: the same call will fail again", n)
	}
}

const page = "<!DOCTYPE html>\n<html><head><title>Just a moment</title></head><body>{secret}</body></html>\n"

func html(status int, header ...string) *Answer {
	a := &Answer{Status: status, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: page}
	for i := 0; i+1 < len(header); i += 2 {
		a.Header.Set(header[i], header[i+1])
	}
	return a
}

// troubles are what happens on the way.
var troubles = map[string]fault{
	"500 with JSON":              {answer: &Answer{Status: 500, Body: `{"message":"internal error near {secret}","errors":"internal error near {secret}"}`}},
	"502 with a page":            {answer: html(502)},
	"503 with a page":            {answer: html(503)},
	"504 without a body":         {answer: &Answer{Status: 504}},
	"a page in a 200":            {answer: html(200)},
	"no answer":                  {lose: true},
	"an answer cut off":          {half: true},
	"an answer of half the JSON": {truncate: true},
	"an empty 200":               {answer: &Answer{Status: 200}},
}

func troubleSurvived(t testing.TB, s *suite) {
	each := func(name string, f fault) {
		x := s.open(t)
		x.wire.inject(f)
		ctx := within(t, patience)
		if err := x.call(ctx); err != nil {
			t.Errorf("a call after %s: %v", name, err)
		}
		for _, k := range coreKinds {
			f.skip = 1 // the second page
			x.wire.inject(f)
			got, err := catalog.Collect(k.list(ctx, x.engine, query{ListOptions: catalog.ListOptions{PageSize: 5}}))
			if err != nil {
				t.Errorf("%s with %s on the way: %v", k.resource, name, err)
			}
			once(t, fmt.Sprintf("%s with %s on the way", k.resource, name), ids(got), k.truth(x.Store).IDs())
		}
	}
	atOnce(t, troubles, each)
}

func troubleStays(t testing.TB, s *suite) {
	atOnce(t, troubles, func(name string, f fault) {
		x := s.open(t)
		f.times = -1
		x.wire.inject(f)
		x.fails(x.call(within(t, someRetries)), "a call that meets "+name+" again and again", catalog.ErrUnavailable, catalog.ErrBadAnswer)
		if n := x.wire.sent(); n < 2 {
			t.Errorf("%s: %d requests; a read may be repeated", name, n)
		}
		for _, k := range coreKinds[:1] {
			got, err := catalog.Collect(k.list(within(t, someRetries), x.engine, query{}))
			x.fails(err, fmt.Sprintf("%s that meet %s again and again", k.resource, name), catalog.ErrUnavailable, catalog.ErrBadAnswer)
			if len(got) > 0 {
				t.Errorf("%s: %d records although nothing was answered", name, len(got))
			}
		}
	})
}

func redirected(t testing.TB, s *suite) {
	for _, status := range []int{301, 302, 307, 308} {
		x := s.open(t)
		if err := x.call(t.Context()); err != nil {
			t.Fatal(err)
		}
		known := len(x.wire.hosts)
		x.wire.inject(fault{answer: &Answer{Status: status, Header: http.Header{"Location": {"https://elsewhere.example/take?token={secret}"}}}, times: -1})
		err := x.call(within(t, patience))
		x.fails(err, fmt.Sprintf("a %d to another host", status), catalog.ErrInvalid, catalog.ErrUnavailable, catalog.ErrBadAnswer, catalog.ErrNotFound)
		if x.wire.hosts["elsewhere.example"] || len(x.wire.hosts) > known {
			t.Errorf("a %d was followed to another host, with the credential", status)
		}
	}
}

// garbage is JSON all right, but nobody's answer.
func garbage(t testing.TB, s *suite) {
	answers := map[string]fault{}
	for _, body := range []string{`null`, `[]`, `{}`, `"ok"`, `7`, `{"data":7}`, `{"data":{}}`, `{"data":null}`} {
		answers[body] = fault{answer: &Answer{Status: 200, Body: body}, times: -1}
	}
	atOnce(t, answers, func(body string, f fault) {
		x := s.open(t)
		x.wire.inject(f)
		if _, err := x.engine.Product(within(t, someRetries), x.Products.IDs()[0]); err == nil {
			t.Errorf("the answer %s passes for a product", body)
		} else {
			x.worded(err, "a product that is "+body)
		}
	})
}
