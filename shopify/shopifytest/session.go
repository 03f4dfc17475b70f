package shopifytest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

const sessionToken = "urn:ietf:params:oauth:token-type:id_token"

// Session describes a session token. Zero fields are as App Bridge has them
// for a member of staff who opened the app just now.
type Session struct {
	User     string        // "" is 42
	Shop     string        // "" is the server's
	Audience string        // "" is the app's client id
	Secret   string        // signs; "" is the app's client secret
	Alg      string        // "" is HS256; "none" leaves the signature out
	Age      time.Duration // how long ago it was made; it lives a minute
	Change   func(claims map[string]any)
}

// SessionToken makes the token that App Bridge gives to an embedded app's
// pages, or with other fields one that must be refused.
func (s *Server) SessionToken(o Session) string {
	or := func(v, dflt string) string {
		if v == "" {
			return dflt
		}
		return v
	}
	shop, made := or(o.Shop, s.shop), s.now().Add(-o.Age)
	claims := map[string]any{"iss": "https://" + shop + "/admin", "dest": "https://" + shop, "aud": or(o.Audience, s.cfg.ClientID),
		"sub": or(o.User, "42"), "exp": made.Add(time.Minute).Unix(), "nbf": made.Unix(), "iat": made.Unix(), "jti": requestID(), "sid": secret()}
	if o.Change != nil {
		o.Change(claims)
	}
	head, _ := json.Marshal(map[string]string{"alg": or(o.Alg, "HS256"), "typ": "JWT"}) // plain data
	body, _ := json.Marshal(claims)
	signed := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	if o.Alg == "none" {
		return signed + "."
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(macOf(or(o.Secret, s.cfg.ClientSecret), signed))
}

func macOf(secret, text string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// validSession judges a session token that is to be exchanged.
func (s *Server) validSession(token string) bool {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return false
	}
	mac, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || !hmac.Equal(mac, macOf(s.cfg.ClientSecret, parts[0]+"."+parts[1])) {
		return false
	}
	var c struct {
		Audience    string `json:"aud"`
		Destination string `json:"dest"`
		Expires     int64  `json:"exp"`
	}
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	return err == nil && json.Unmarshal(body, &c) == nil && c.Audience == s.cfg.ClientID &&
		c.Destination == "https://"+s.shop && s.now().Unix() < c.Expires
}

// UninstallDelivery removes the app, as Uninstall does, and builds the webhook
// app/uninstalled.
func (s *Server) UninstallDelivery() Delivery {
	s.Uninstall()
	body, _ := json.Marshal(map[string]any{"id": 548380009, "name": "Acme", "domain": nil, "myshopify_domain": nil, "plan_name": "basic"}) // plain data
	return s.Webhook("app/uninstalled", body)
}
