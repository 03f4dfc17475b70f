package woocommerce

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// hostForm is a host name, an IPv4 address or an IPv6 address in brackets.
var hostForm = regexp.MustCompile(`^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$|^\[[0-9a-f:.]+\]$`)

// parseStore reads a store's address in its one form.
func parseStore(op, store string) (*url.URL, error) {
	refuse := func(message string) (*url.URL, error) {
		return nil, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: message,
			Hint: "use the address shoppers see, such as https://shop.example; a name in letters beyond a-z in its xn-- form"}
	}
	text := strings.TrimSpace(store)
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || len(text) > 500:
		return refuse("the store is not an address")
	case u.User != nil:
		return refuse("the store's address holds a user; keys are passed as the credential")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(text, "#"):
		return refuse("the store's address has a query or a fragment")
	}
	base := &url.URL{Scheme: strings.ToLower(u.Scheme), Host: strings.ToLower(u.Host), Path: strings.TrimRight(u.Path, "/")}
	if base.Scheme != "http" && base.Scheme != "https" {
		return refuse("the store's address is neither http nor https")
	}
	name, port := splitPort(base.Host)
	if !hostForm.MatchString(name) || len(name) > 253 {
		return refuse("the store's address has no valid host")
	}
	if n, err := strconv.Atoi(port); port != "" && (err != nil || n < 1 || n > 65535) {
		return refuse("the store's address has no valid port")
	}
	if port == "" || base.Scheme == "https" && port == "443" || base.Scheme == "http" && port == "80" {
		base.Host = name
	}
	if folder := strings.TrimPrefix(base.Path, "/"); u.RawPath != "" || folder != "" && !plainPath(folder) {
		return refuse("the store's address has a path that is not the name of a folder")
	}
	return base, nil
}

func splitPort(host string) (name, port string) {
	i := strings.LastIndexByte(host, ':')
	if i < 0 || strings.HasSuffix(host, "]") {
		return host, ""
	}
	return host[:i], host[i+1:]
}

var folderForm = regexp.MustCompile(`^[A-Za-z0-9_~.-]+$`)

// plainPath reports folders' names that need no escaping and lead nowhere
// else.
func plainPath(path string) bool {
	for part := range strings.SplitSeq(path, "/") {
		if !folderForm.MatchString(part) || part == "." || part == ".." {
			return false
		}
	}
	return true
}
