package woocommercetest

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"slices"
	"strings"
)

// signatureBase returns the text the store signs: the method, the address it
// believes it has, and the parameters. Only the names at the top are sorted;
// members of arrays stay in order of appearance.
func signatureBase(method, address string, params *phpArray) string {
	names := slices.Clone(params.names)
	slices.SortFunc(names, strings.Compare)
	var parts []string
	for _, name := range names {
		parts = joinEncoded(parts, rawURLEncode(name), params.values[name])
	}
	return method + "&" + rawURLEncode(address) + "&" + strings.Join(parts, "%26")
}

func joinEncoded(parts []string, name string, v any) []string {
	switch v := v.(type) {
	case string:
		return append(parts, rawURLEncode(name+"="+rawURLEncode(v)))
	case *phpArray:
		for _, n := range v.names {
			parts = joinEncoded(parts, name+"%5B"+n+"%5D", v.values[n])
		}
	}
	return parts
}

// oauthSignature signs a base string; ok is false for an unknown method.
func oauthSignature(method, secret, base string) (signature string, ok bool) {
	var algorithm func() hash.Hash
	switch method {
	case "HMAC-SHA256":
		algorithm = sha256.New
	case "HMAC-SHA1":
		algorithm = sha1.New
	default:
		return "", false
	}
	mac := hmac.New(algorithm, []byte(secret+"&"))
	mac.Write([]byte(base))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil)), true
}

// oauthHeader reads the parameters of an Authorization header of OAuth.
func oauthHeader(header string) *phpArray {
	rest, found := strings.CutPrefix(strings.TrimSpace(header), "OAuth ")
	if !found {
		return nil
	}
	out := &phpArray{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if strings.HasPrefix(name, "oauth_") {
			out.set(name, phpDecode(strings.Trim(value, `"`)))
		}
	}
	return out
}

var oauthNames = []string{
	"oauth_consumer_key", "oauth_timestamp", "oauth_nonce", "oauth_signature", "oauth_signature_method",
}
