package transport

import (
	"net/url"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// Confine returns a path below an API's root, beginning with a slash, for the
// host's own calls. Everything in it but unreserved characters is escaped anew:
// a plus is %2B, and a slash that was escaped stays so. A path that leaves the
// root, holds a query or a fragment, or is not escaped properly is an ErrInvalid
// error of the platform and the operation, with the hint.
func Confine(platform, op, path, hint string) (string, error) {
	refuse := func(message string) (string, error) {
		return "", &catalog.Error{Platform: platform, Op: op, Kind: catalog.ErrInvalid, Message: message, Hint: hint}
	}
	if strings.ContainsAny(path, "?#\\") {
		return refuse("the path holds a query, a fragment or a backslash")
	}
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, segment := range segments {
		plain, err := url.PathUnescape(segment)
		switch {
		case err != nil:
			return refuse("the path is not escaped properly")
		case climbs(plain), strings.ContainsAny(plain, "\\\r\n\x00"):
			return refuse("the path leaves the API")
		case plain == "" && i < len(segments)-1:
			return refuse("the path has an empty part")
		}
		segments[i] = oauth1.Encode(plain)
	}
	return "/" + strings.Join(segments, "/"), nil
}

// climbs reports a segment that moves to another folder, also when its slashes
// are taken for separators, as some proxies take them.
func climbs(segment string) bool {
	for part := range strings.SplitSeq(segment, "/") {
		if part == "." || part == ".." {
			return true
		}
	}
	return false
}
