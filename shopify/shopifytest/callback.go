package shopifytest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Callback is the query the merchant's browser brings to the app's redirect
// URL after an installation: a code that is good once, the state, the shop
// and the time, signed with the app's secret. state should be the one of the
// authorize link.
func (s *Server) Callback(state string) url.Values { return s.callback(s.IssueCode(), state) }

func (s *Server) callback(code, state string) url.Values {
	q := url.Values{
		"code":      {code},
		"host":      {base64.RawStdEncoding.EncodeToString([]byte("admin.shopify.com/store/" + strings.TrimSuffix(s.shop, ".myshopify.com")))},
		"shop":      {s.shop},
		"state":     {state},
		"timestamp": {strconv.FormatInt(s.now().Unix(), 10)},
	}
	return s.SignCallback(q, "")
}

// SignCallback signs a callback's query again, after a change or with another
// secret; "" is the app's.
func (s *Server) SignCallback(q url.Values, secret string) url.Values {
	if secret == "" {
		secret = s.cfg.ClientSecret
	}
	q = maps.Clone(q)
	q.Set("hmac", signQuery(q, secret))
	return q
}

// signQuery signs a query the way OAuth callbacks are signed: sorted, blanks
// as %20, without the signature itself.
func signQuery(q url.Values, secret string) string {
	var parts []string
	for k := range q {
		if k == "hmac" || k == "signature" {
			continue
		}
		parts = append(parts, escapeQuery(k)+"="+escapeQuery(q.Get(k)))
	}
	slices.Sort(parts)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(strings.Join(parts, "&")))
	return hex.EncodeToString(mac.Sum(nil))
}

func escapeQuery(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
