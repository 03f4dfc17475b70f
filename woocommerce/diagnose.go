package woocommerce

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// apiLink is how every page of a WordPress names its REST API.
var apiLink = regexp.MustCompile(`<([^<>]+)>\s*;\s*rel="?https://api\.w\.org/"?`)

// diagnose says in an error's hint what is wrong with the way to the API,
// which the store's front page tells: it names the API's address.
func (e *Engine) diagnose(ctx context.Context, err error) error {
	failed, ok := errors.AsType[*catalog.Error](err)
	if !ok || failed.Hint != "" && failed.Code != noRoute {
		return err
	}
	front := *e.base
	front.Path += "/"
	resp, _ := e.adapter.http.Do(ctx, &transport.Request{Op: failed.Op, Method: http.MethodHead, URL: &front, Cost: 1, Budget: e.budget,
		Classify: func(*transport.Response) transport.Verdict { return transport.Verdict{Outcome: transport.Accept} }})
	if resp == nil {
		return err
	}
	explained := *failed
	explained.Hint = e.whereabouts(strings.Join(resp.Header.Values("Link"), ", "), failed)
	return &explained
}

// whereabouts reads the announcement of the REST API.
func (e *Engine) whereabouts(links string, failed *catalog.Error) string {
	found := apiLink.FindStringSubmatch(links)
	if found == nil {
		return "no page of this address names a WordPress REST API: it is not the store's address, or a plugin switches the API off"
	}
	u, err := url.Parse(found[1])
	if err != nil || u.Query().Has("rest_route") {
		return "the store's permalinks are Plain, under which stores before 11.1 ignore API keys: the merchant has to choose another structure in Settings > Permalinks"
	}
	path := strings.Trim(strings.TrimPrefix(u.EscapedPath(), e.base.EscapedPath()), "/")
	switch {
	case path != e.rest && plainPath(path):
		return "the store has its REST API at another path: set the account's setting rest_path to " + path
	case !strings.EqualFold(u.Hostname(), e.base.Hostname()):
		return "the store calls itself " + u.Hostname() + ": open it under that name"
	case failed.Hint != "":
		return failed.Hint
	}
	return "WordPress names the REST API at this path, but something in front of it answers: a firewall, or a rule of the web server"
}
