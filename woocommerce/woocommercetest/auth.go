package woocommercetest

import (
	"crypto/subtle"
	"net/http"
	"strconv"
	"strings"
)

// authenticate finds whose request it is: nil and no error is anonymous. Keys
// count for WooCommerce's own routes alone.
func (c *call) authenticate() (*Key, *apiError) {
	if !c.keysCount() {
		return nil, nil
	}
	var refused *apiError
	if c.secure {
		key, err := c.basic()
		if key != nil {
			return key, nil
		}
		refused = err
	}
	key, err := c.oauth()
	if err != nil {
		return nil, err
	}
	if key != nil {
		return key, nil
	}
	return nil, refused
}

// keysCount says whether the store looks for a key: before 11.1 only when the
// address itself holds the REST prefix and wc/.
func (c *call) keysCount() bool {
	if !strings.HasPrefix(c.route, "/wc/") && !strings.HasPrefix(c.route, "/wc-") {
		return false
	}
	return c.server.cfg.atLeast(11, 1) || strings.Contains(c.r.RequestURI, c.server.cfg.RESTPrefix+"/wc/")
}

func (c *call) authorization() string {
	if c.server.cfg.StripAuthorization {
		return ""
	}
	return c.r.Header.Get("Authorization")
}

// basic reads consumer_key and consumer_secret of the query first, then the
// Authorization header. An unknown key is no error: the request is anonymous.
func (c *call) basic() (*Key, *apiError) {
	consumer, secret := c.query.text("consumer_key"), c.query.text("consumer_secret")
	if consumer == "" || secret == "" {
		r := http.Request{Header: http.Header{"Authorization": {c.authorization()}}}
		consumer, secret, _ = r.BasicAuth()
	}
	if consumer == "" || secret == "" {
		return nil, nil
	}
	key := c.server.keys.find(consumer)
	if key == nil {
		return nil, nil
	}
	if subtle.ConstantTimeCompare([]byte(key.ConsumerSecret), []byte(secret)) == 0 {
		return nil, unauthenticated("Consumer secret is invalid.")
	}
	return key, nil
}

func (c *call) oauth() (*Key, *apiError) {
	params := &phpArray{}
	for _, from := range []*phpArray{c.query, c.form, oauthHeader(c.authorization())} {
		if from == nil {
			continue
		}
		for _, n := range from.names {
			params.set(n, from.values[n])
		}
	}
	var missing []string
	for _, n := range oauthNames {
		if params.text(n) == "" {
			missing = append(missing, n)
		}
	}
	switch {
	case len(missing) == len(oauthNames):
		return nil, nil
	case len(missing) > 0:
		word := "parameter "
		if len(missing) > 1 {
			word = "parameters "
		}
		return nil, fail(http.StatusUnauthorized, "woocommerce_rest_authentication_missing_parameter",
			"Missing OAuth "+word+strings.Join(missing, ", "))
	}
	consumer := params.text("oauth_consumer_key")
	key := c.server.keys.find(consumer)
	if key == nil {
		return nil, unauthenticated("Consumer key is invalid.")
	}
	given := phpDecode(strings.ReplaceAll(strings.ReplaceAll(params.text("oauth_signature"), " ", "+"), "+", "%2B"))
	params.unset("oauth_signature")
	want, known := oauthSignature(params.text("oauth_signature_method"), key.ConsumerSecret,
		signatureBase(c.r.Method, c.signedAddress(), params))
	if !known {
		return nil, unauthenticated("Invalid signature - signature method is invalid.")
	}
	if subtle.ConstantTimeCompare([]byte(want), []byte(given)) == 0 {
		c.explainSignature()
		return nil, unauthenticated("Invalid signature - provided signature does not match.")
	}
	timestamp, _ := strconv.ParseInt(params.text("oauth_timestamp"), 10, 64)
	if message := c.server.keys.admit(consumer, timestamp, params.text("oauth_nonce"), c.server.cfg.SigningClock().Unix()); message != "" {
		return nil, unauthenticated(message)
	}
	return key, nil
}

// signedAddress is the address the store thinks was called: its home's host,
// and the scheme it saw.
func (c *call) signedAddress() string {
	scheme := "http"
	if c.secure {
		scheme = "https"
	}
	home := c.server.home
	path, _, _ := strings.Cut(c.r.RequestURI, "?")
	return scheme + "://" + home.Host + home.EscapedPath() + "/" +
		strings.TrimPrefix(strings.TrimPrefix(path, c.server.folder), "/")
}

// explainSignature reports what makes a signature fail for every client.
func (c *call) explainSignature() {
	for _, n := range c.query.names {
		if _, ok := c.query.values[n].(*phpArray); ok {
			c.server.book.Violationf("%s %s: an array (%s) in a signed query; send a list with commas", c.r.Method, c.at, n)
		}
	}
}

// permit checks the key's scope, then its user's rights.
func (c *call) permit() *apiError {
	switch {
	case c.key == nil:
		return nil
	case c.reading() && !c.key.reads():
		return unauthenticated("The API key provided does not have read permissions.")
	case !c.reading() && !c.key.writes():
		return unauthenticated("The API key provided does not have write permissions.")
	}
	return nil
}

// allowed is the permission of a route: 401 without a user, 403 for one who may
// not.
func (c *call) allowed(r *route) *apiError {
	if r.public || c.key != nil && c.key.manages() {
		return nil
	}
	status := http.StatusForbidden
	if c.key == nil {
		status = http.StatusUnauthorized
	}
	return denied(status, r.act)
}

// denied is the refusal of an act by somebody without the right.
func denied(status int, a act) *apiError {
	switch a {
	case actList:
		return fail(status, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
	case actCreate:
		return fail(status, "woocommerce_rest_cannot_create", "Sorry, you are not allowed to create resources.")
	case actEdit:
		return fail(status, "woocommerce_rest_cannot_edit", "Sorry, you are not allowed to edit this resource.")
	case actDelete:
		return fail(status, "woocommerce_rest_cannot_delete", "Sorry, you are not allowed to delete this resource.")
	case actBatch:
		return fail(status, "woocommerce_rest_cannot_batch", "Sorry, you are not allowed to batch manipulate this resource.")
	default:
		return fail(status, "woocommerce_rest_cannot_view", "Sorry, you cannot view this resource.")
	}
}
