package transport

import (
	"net/url"
	"strings"
)

// Segments takes apart a path that a host wants called below an API's root and
// returns its parts, each escaped anew, to be joined by slashes. A leading
// slash makes no difference, a trailing one leaves an empty last part. Where the
// path might leave the root, or hold more than a path, wrong says why and there
// are no segments.
func Segments(path string) (segments []string, wrong string) {
	if strings.ContainsAny(path, "?#\\") {
		return nil, "the path holds a query, a fragment or a backslash"
	}
	segments = strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, segment := range segments {
		plain, err := url.PathUnescape(segment)
		switch {
		case err != nil:
			return nil, "the path is not escaped properly"
		case plain == "." || plain == "..", strings.ContainsAny(plain, "/\\\r\n\x00"):
			return nil, "the path leaves the API"
		case plain == "" && i < len(segments)-1:
			return nil, "the path has an empty part"
		}
		segments[i] = url.PathEscape(plain)
	}
	return segments, ""
}
