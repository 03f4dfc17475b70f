package magentotest

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"
)

// The pages of the admin that a browser needs to activate an integration. The
// administrator is taken to be logged in. Addresses are relative, so that a
// browser that opened a page at the server's own URL stays there.
const (
	newPath     = "admin/integration/new/"
	successPath = "admin/integration/loginSuccessCallback/"
)

var integrationPage = template.Must(template.New("integration").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>New Integration</title></head>
<body><main><h1>New Integration</h1>
{{with .Problem}}<p role="alert">{{.}}</p>
{{end}}<form method="post">
<p><label>Name <input name="name" value="souk" required></label></p>
<p><label>Callback URL <input name="endpoint" size="80" value="{{.Callback}}" required></label></p>
<p><label>Identity link URL <input name="identity_link_url" size="80" value="{{.Identity}}" required></label></p>
<p>The integration may use: {{range $i, $r := .Resources}}{{if $i}}, {{end}}{{$r}}{{end}}</p>
<button type="submit">Save and Activate</button>
</form></main></body></html>
`))

// NewIntegrationURL is the page of the admin where a browser makes an
// integration and activates it, at the server's own address.
func (s *Server) NewIntegrationURL() string {
	return s.URL() + strings.TrimSuffix(s.base.EscapedPath(), "/") + "/" + newPath
}

// adminPage finds a page of the admin; nil when there is none.
func (c *call) adminPage(path string) func() {
	switch path {
	case newPath:
		return c.serveNewIntegration
	case successPath:
		return func() { c.page(http.StatusOK, "<!DOCTYPE html>\n<p>The integration is activated. This window can be closed.</p>\n") }
	}
	return nil
}

func (c *call) page(status int, text string) {
	c.header.Set("Content-Type", "text/html; charset=UTF-8")
	c.status = status
	c.out.b = append(c.out.b[:0], text...)
}

// serveNewIntegration shows the form of an integration, and activates it: the
// browser goes to the app's identity link then, where the shop opens a window.
func (c *call) serveNewIntegration() {
	in := struct {
		Callback, Identity, Problem string
		Resources                   []string
	}{Resources: c.server.cfg.Resources}
	if c.r.Method == http.MethodPost {
		form, _ := url.ParseQuery(string(c.body)) // what can be read is enough
		in.Callback, in.Identity = form.Get("endpoint"), form.Get("identity_link_url")
		if in.Problem = c.activate(in.Callback, in.Identity); in.Problem == "" {
			return
		}
	}
	var page strings.Builder
	_ = integrationPage.Execute(&page, in) // writes to memory
	c.page(http.StatusOK, page.String())
}

// activate sends the browser on, or says why not.
func (c *call) activate(callback, identity string) (problem string) {
	if callback == "" || identity == "" {
		return "The callback and the identity link are needed."
	}
	activation, err := c.server.Activate(c.r.Context(), callback, identity)
	if err != nil || activation.Status != http.StatusOK {
		return "The integration's keys could not be sent to the callback."
	}
	c.header.Set("Location", activation.IdentityURL)
	c.page(http.StatusFound, "")
	return ""
}
