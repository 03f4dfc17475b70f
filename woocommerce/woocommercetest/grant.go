package woocommercetest

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// loginCookie is what a signed-in merchant's browser carries.
const loginCookie = "wordpress_logged_in_test"

// nonceLife is how long the Approve link of a page works at most.
const nonceLife = 24 * time.Hour

// grantNonce guards the Approve link: that of the half of a day the clock is in,
// or back halves before.
func (s *Server) grantNonce(back int) string {
	half := s.now().Add(-time.Duration(back)*nonceLife/2).Unix() / int64(nonceLife/2/time.Second)
	return randomHex(serverkit.NewRand(s.cfg.Seed, kindKey, int(half)), 10)
}

// LoginCookie returns the cookie of a merchant who is signed in, for tests that
// walk the granting of keys as a browser does.
func (s *Server) LoginCookie() *http.Cookie {
	return &http.Cookie{Name: loginCookie, Value: "merchant", Path: "/"}
}

// serveGrant answers the steps of /wc-auth/v1: login, authorize, access_granted.
// The pages' addresses are relative, so that a browser that opened one at the
// server's own URL stays there.
func (s *Server) serveGrant(c *call, step string) {
	data, err := c.grantData()
	if err != "" {
		c.denyGrant(err)
		return
	}
	_, cookie := c.r.Cookie(loginCookie)
	signedIn := cookie == nil
	nonce := c.query.text("wc_auth_nonce")
	switch {
	case step == "login" && signedIn:
		c.redirect(http.StatusFound, c.grantPath("authorize", data))
	case step == "login":
		c.html(http.StatusOK, "Connect", `<p>Log in to connect `+html.EscapeString(data.Get("app_name"))+`.</p><form method="post" action="`+c.up()+`../../wp-login.php">`+
			`<input type="hidden" name="redirect_to" value="`+html.EscapeString("wc-auth/v1/authorize/?"+data.Encode())+`">`+
			`<p><label>Username <input name="log" value="merchant"></label></p><p><label>Password <input type="password" name="pwd" value="password"></label></p>`+
			`<button type="submit">Login</button></form>`)
	case step == "authorize" && !signedIn:
		c.redirect(http.StatusFound, c.grantPath("login", data))
	case step == "authorize":
		c.html(http.StatusOK, html.EscapeString(data.Get("app_name"))+" would like to connect to your store",
			`<a class="wc-auth-approve" href="`+html.EscapeString(c.grantPath("access_granted", data)+"&wc_auth_nonce="+s.grantNonce(0))+`">Approve</a> `+
				`<a class="wc-auth-deny" href="`+html.EscapeString(returnTo(data, "0"))+`">Deny</a>`)
	case step == "access_granted" && signedIn && (nonce == s.grantNonce(0) || nonce == s.grantNonce(1)):
		s.grant(c, data)
	case step == "access_granted" && signedIn:
		c.denyGrant("Invalid nonce verification")
	default:
		c.denyGrant("You do not have permission to access this page")
	}
}

// serveLogin takes the form of WordPress's login. Any name and password will
// do. It leads to the granting of keys and nowhere else.
func (s *Server) serveLogin(c *call) {
	form := &phpArray{}
	form.parseQuery(string(c.body))
	to := form.text("redirect_to")
	if c.r.Method != http.MethodPost || form.text("log") == "" || form.text("pwd") == "" || !strings.HasPrefix(to, "wc-auth/v1/authorize/?") {
		c.html(http.StatusOK, "Log In", "<p>Error: The username field is empty.</p>")
		return
	}
	cookie := s.LoginCookie()
	cookie.HttpOnly, cookie.SameSite = true, http.SameSiteLaxMode
	c.header.Set("Set-Cookie", cookie.String())
	c.redirect(http.StatusFound, to)
}

var grantNames = []string{"app_name", "user_id", "return_url", "callback_url", "scope"}

// grantData reads and checks the five parameters; all are needed, and none may
// be empty or "0".
func (c *call) grantData() (data url.Values, problem string) {
	data = url.Values{}
	for _, n := range grantNames {
		v := c.query.text(n)
		if v == "" || v == "0" {
			return nil, "Missing parameter " + n
		}
		data.Set(n, v)
	}
	switch data.Get("scope") {
	case "read", "write", "read_write":
	default:
		return nil, "Invalid scope " + data.Get("scope")
	}
	for _, n := range []string{"return_url", "callback_url"} {
		at := fullURL(data.Get(n))
		if u, err := url.Parse(at); err != nil || u.Host == "" {
			return nil, "The " + at + " is not a valid URL"
		}
	}
	if !c.server.cfg.PlainCallbacks && !strings.HasPrefix(strings.ToLower(fullURL(data.Get("callback_url"))), "https://") {
		return nil, "The callback_url needs to be over SSL"
	}
	return data, ""
}

// fullURL completes an address without a scheme.
func fullURL(text string) string {
	text = phpDecode(text)
	if !strings.Contains(text, "://") {
		return "https://" + text
	}
	return text
}

// up leads from a step's page to the folder of the steps.
func (c *call) up() string {
	if strings.HasSuffix(c.at, "/") {
		return "../"
	}
	return "./"
}

func (c *call) grantPath(step string, data url.Values) string {
	return c.up() + step + "/?" + data.Encode()
}

// returnTo is where the browser goes in the end; it carries no secret.
func returnTo(data url.Values, success string) string {
	at := fullURL(data.Get("return_url"))
	mark := "?"
	if strings.Contains(at, "?") {
		mark = "&"
	}
	return at + mark + "success=" + success + "&user_id=" + url.QueryEscape(data.Get("user_id"))
}

func (c *call) denyGrant(problem string) {
	c.html(http.StatusUnauthorized, "Access denied", "<p>Error: "+html.EscapeString(problem)+".</p>")
}

// grant makes a key and hands it to the callback, which must answer exactly 200;
// else the key goes again. The body is not signed and names no store.
func (s *Server) grant(c *call, data url.Values) {
	key := s.AddKey(Key{Permissions: data.Get("scope"), Description: data.Get("app_name") + " - API"})
	d := s.GrantCallback(key, data.Get("user_id"))
	ctx, cancel := context.WithTimeout(c.r.Context(), s.cfg.WebhookTimeout)
	defer cancel()
	r, err := d.Request(ctx, fullURL(data.Get("callback_url")))
	if err == nil {
		var status int
		if status, err = s.post(r); err == nil && status != http.StatusOK {
			err = fmt.Errorf("the callback answered %d, not 200", status)
		}
	}
	if err != nil {
		s.RevokeKey(key.ConsumerKey)
		c.denyGrant(err.Error())
		return
	}
	c.redirect(http.StatusFound, returnTo(data, "1"))
}

// GrantCallback builds the POST that hands a key to an app. Anybody could send
// one like it.
func (s *Server) GrantCallback(key Key, userID string) Delivery {
	var w writer
	w.obj("")
	w.num("key_id", key.ID)
	w.str("user_id", userID) // text, whatever it was
	w.str("consumer_key", key.ConsumerKey)
	w.str("consumer_secret", key.ConsumerSecret)
	w.str("key_permissions", key.Permissions)
	w.end()
	return Delivery{Body: w.b, Header: http.Header{
		"User-Agent": {"WordPress/" + s.cfg.WPVersion + "; " + s.cfg.HomeURL}, "Accept": {"*/*"},
		"Content-Type": {"application/json;charset=UTF-8"},
	}}
}

// Approve does what a signed-in merchant does with an authorize address: reads
// the page and clicks Approve. It returns the address the browser is sent to.
// The error carries what the store's page said when it refused.
func (s *Server) Approve(ctx context.Context, authorizeURL string) (location string, err error) {
	return s.click(ctx, authorizeURL, "wc-auth-approve")
}

// Deny is Approve for the other link: no key is made.
func (s *Server) Deny(ctx context.Context, authorizeURL string) (location string, err error) {
	return s.click(ctx, authorizeURL, "wc-auth-deny")
}

func (s *Server) click(ctx context.Context, at, class string) (string, error) {
	page, status, _, err := s.browse(ctx, at)
	if err != nil {
		return "", err
	}
	_, rest, found := strings.Cut(page, `class="`+class+`" href="`)
	if !found {
		return "", fmt.Errorf("woocommercetest: the authorize page answered %d: %s", status, plain(page))
	}
	href, _, _ := strings.Cut(rest, `"`)
	href = html.UnescapeString(href)
	if class == "wc-auth-deny" {
		return href, nil
	}
	base, err := url.Parse(at)
	if err != nil {
		return "", fmt.Errorf("woocommercetest: %w", err)
	}
	link, err := base.Parse(href)
	if err != nil {
		return "", fmt.Errorf("woocommercetest: %w", err)
	}
	page, status, location, err := s.browse(ctx, link.String())
	if err == nil && status != http.StatusFound {
		err = fmt.Errorf("woocommercetest: granting answered %d: %s", status, plain(page))
	}
	return location, err
}

// browse gets a page of the store as the signed-in merchant.
func (s *Server) browse(ctx context.Context, at string) (page string, status int, location string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return "", 0, "", fmt.Errorf("woocommercetest: %w", err)
	}
	r.AddCookie(s.LoginCookie())
	res, err := s.transport.RoundTrip(r)
	if err != nil {
		return "", 0, "", err
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(http.MaxBytesReader(nil, res.Body, maxBody)); err != nil {
		return "", res.StatusCode, "", fmt.Errorf("woocommercetest: reading the page: %w", err)
	}
	return b.String(), res.StatusCode, res.Header.Get("Location"), nil
}

// plain is the text of a page's error.
func plain(page string) string {
	_, rest, found := strings.Cut(page, "<p>")
	if !found {
		return strconv.Quote(page[:min(len(page), 80)])
	}
	text, _, _ := strings.Cut(rest, "</p>")
	return html.UnescapeString(text)
}
