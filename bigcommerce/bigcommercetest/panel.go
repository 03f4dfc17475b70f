package bigcommercetest

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// callbackTime bounds a call of an app's callback.
const callbackTime = 10 * time.Second

// appPage is what a merchant sees of the app. The user is taken to be logged
// in. The form's address is relative, so that a browser that opened the page at
// the server's own URL stays there.
var appPage = template.Must(template.New("app").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Install app</title></head>
<body><main><h1>Install the app?</h1>
<p>The app asks for:</p><ul>{{range .Scopes}}<li>{{.}}</li>{{end}}</ul>
<form method="post" action="install">
<p><label>Store <select name="store">{{range .Stores}}<option>{{.}}</option>{{end}}</select></label></p>
<button type="submit" name="answer" value="install">Install</button>
<button type="submit" name="answer" value="cancel">Cancel</button>
{{if .Load}}<button type="submit" name="answer" value="open">Open</button>
{{end}}<button type="submit" name="answer" value="uninstall">Uninstall</button>
</form></main></body></html>
`))

// InstallURL is the page of the app, where a merchant installs, opens or
// uninstalls it, at the genuine host.
func (s *Server) InstallURL() string {
	return "https://" + LoginHost + "/app/" + s.cfg.ClientID + "/install"
}

// serveApp shows the page of the app, and does what was chosen there.
func (s *Server) serveApp(c *call) {
	if c.path != "/app/"+s.cfg.ClientID+"/install" || s.cfg.RedirectURI == "" {
		c.violation("no such app, or Config.RedirectURI is not set")
		c.page(http.StatusNotFound, "<p>There is no such app.")
		return
	}
	if c.r.Method != http.MethodPost {
		var stores []string
		s.mu.RLock()
		for _, st := range s.stores {
			stores = append(stores, st.cfg.StoreHash)
		}
		s.mu.RUnlock()
		var page strings.Builder
		_ = appPage.Execute(&page, map[string]any{"Scopes": s.cfg.Scopes, "Stores": stores, "Load": s.cfg.LoadURI}) // writes to memory
		c.page(http.StatusOK, page.String())
		return
	}
	form, _ := url.ParseQuery(string(c.body)) // what can be read is enough
	st := s.store(form.Get("store"))
	switch answer := form.Get("answer"); {
	case st == nil:
		c.page(http.StatusBadRequest, "<p>There is no such store.")
	case answer == "install":
		c.redirect(st.AuthCallback(s.cfg.RedirectURI))
	case answer == "open" && s.cfg.LoadURI != "":
		c.redirect(st.LoadCallback(Callback{}))
	case answer == "uninstall":
		text := "<p>The app is uninstalled."
		if _, err := st.UninstallByMerchant(c.r.Context()); err != nil {
			text += " It was not told."
		}
		c.page(http.StatusOK, text)
	default:
		c.page(http.StatusOK, "<p>The app was not installed.")
	}
}

// store finds a store by its hash; nil when there is none.
func (s *Server) store(hash string) *Store {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, st := range s.stores {
		if st.cfg.StoreHash == hash {
			return st
		}
	}
	return nil
}

func (c *call) page(status int, text string) {
	c.header.Set("Content-Type", "text/html; charset=utf-8")
	c.status = status
	c.out.b = append(c.out.b[:0], text...)
}

func (c *call) redirect(to string) {
	c.header.Set("Location", to)
	c.page(http.StatusFound, "")
}

// Install walks the app's page, as a merchant who agrees to install it in this
// store, and returns where the browser is sent.
func (s *Store) Install(page string) (string, error) {
	if page != s.server.InstallURL() || s.server.cfg.RedirectURI == "" {
		return "", errors.New("bigcommercetest: that is not the page of the app")
	}
	return s.AuthCallback(s.server.cfg.RedirectURI), nil
}

// LoadCallback is where the browser of a user who opens the app is sent:
// LoadURI with a signed token.
func (s *Store) LoadCallback(c Callback) string {
	return signedAt(s.server.cfg.LoadURI, s.SignedPayload(c))
}

// signedAt is a callback with a token.
func signedAt(callback, token string) string {
	joint := "?"
	if strings.Contains(callback, "?") {
		joint = "&"
	}
	return callback + joint + url.Values{"signed_payload_jwt": {token}}.Encode()
}

// UninstallByMerchant uninstalls the app, as [Store.Uninstall] does, and calls
// UninstallURI, where there is one. It returns the status of the answer, which
// BigCommerce does not look at.
func (s *Store) UninstallByMerchant(ctx context.Context) (status int, err error) {
	s.Uninstall()
	return s.tell(ctx, s.server.cfg.UninstallURI, Callback{})
}

// RemoveUser takes the app away from a user, and calls RemoveUserURI, where
// there is one. It returns the status of the answer.
func (s *Store) RemoveUser(ctx context.Context, user int64) (status int, err error) {
	return s.tell(ctx, s.server.cfg.RemoveUserURI, Callback{UserID: user, UserEmail: "user-" + strconv.FormatInt(user, 10) + "@example.com"})
}

func (s *Store) tell(ctx context.Context, callback string, c Callback) (int, error) {
	if callback == "" {
		return 0, nil
	}
	ctx, cancel := context.WithTimeout(ctx, callbackTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, signedAt(callback, s.SignedPayload(c)), nil)
	if err != nil {
		return 0, fmt.Errorf("bigcommercetest: callback: %w", err)
	}
	carrier := s.server.cfg.CallbackTransport
	if carrier == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		defer own.CloseIdleConnections()
		carrier = own
	}
	res, err := carrier.RoundTrip(r)
	if err != nil {
		return 0, fmt.Errorf("bigcommercetest: callback: %w", err)
	}
	_ = res.Body.Close()
	return res.StatusCode, nil
}
