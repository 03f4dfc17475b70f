package webhook

import (
	"net/http"
	"slices"
	"strings"
)

// Redacted is what stands for a header's value that is not kept.
const Redacted = "REDACTED"

// Bounds of the headers that are kept.
const (
	maxHeaders     = 64
	maxHeaderValue = 1 << 10
)

var keptHeaders = []string{"Accept", "Accept-Encoding", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Date", "Host",
	"Traceparent", "User-Agent", "X-Request-Id"}

// keptFamilies are the platforms' own headers.
var keptFamilies = []string{"X-Shopify-", "Shopify-", "X-Salla-", "X-Wc-", "X-Adobe-", "X-Magento-", "X-Bc-", "Webhook-", "Ce-"}

// secretWords mark headers that prove or grant something, even in a family.
var secretWords = []string{"auth", "cookie", "hmac", "key", "pass", "secret", "signature", "token"}

// RedactHeader returns a copy of a delivery's header that can be stored and
// shown: it has all names, and the values of those headers alone that are
// known to hold no secret, or are named in keep. Anything may be a shared
// secret, so what is not known is REDACTED.
func RedactHeader(header http.Header, keep ...string) http.Header {
	if header == nil {
		return nil
	}
	safe := make(http.Header, len(header))
	for name, values := range header {
		if len(safe) == maxHeaders {
			break
		}
		if len(name) > 200 || len(values) == 0 {
			continue
		}
		if !headerKept(name, keep) {
			safe[name] = []string{Redacted}
			continue
		}
		values = slices.Clone(values[:min(len(values), 8)])
		for i, v := range values {
			values[i] = strings.ToValidUTF8(v[:min(len(v), maxHeaderValue)], "\ufffd")
		}
		safe[name] = values
	}
	return safe
}

func headerKept(name string, keep []string) bool {
	if slices.ContainsFunc(keep, func(k string) bool { return strings.EqualFold(k, name) }) {
		return true
	}
	canonical := http.CanonicalHeaderKey(name)
	lower := strings.ToLower(name)
	if slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(lower, word) }) {
		return false
	}
	return slices.Contains(keptHeaders, canonical) ||
		slices.ContainsFunc(keptFamilies, func(family string) bool { return strings.HasPrefix(canonical, family) })
}
