package transport

import (
	"net/url"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// Confine returns a path below an API's root in its escaped form, beginning
// with a slash, for the host's own calls. One that leaves the root, holds a
// query or a fragment, or is not escaped properly is an ErrInvalid error of
// the platform and the operation, with the hint.
func Confine(platform, op, path, hint string) (string, error) {
	refuse := func(message string) (string, error) {
		return "", &catalog.Error{Platform: platform, Op: op, Kind: catalog.ErrInvalid, Message: message, Hint: hint}
	}
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	if strings.ContainsAny(path, "?#\\") {
		return refuse("the path holds a query, a fragment or a backslash")
	}
	segments := strings.Split(path[1:], "/")
	for i, segment := range segments {
		plain, err := url.PathUnescape(segment)
		switch {
		case err != nil:
			return refuse("the path is not escaped properly")
		case plain == "." || plain == "..", strings.ContainsAny(plain, "\r\n\x00"):
			return refuse("the path leaves the API")
		case plain == "" && i < len(segments)-1:
			return refuse("the path has an empty part")
		}
		segments[i] = url.PathEscape(plain)
	}
	return "/" + strings.Join(segments, "/"), nil
}
