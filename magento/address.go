package magento

import (
	"net"
	"net/url"
	"regexp"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// address is where a store's API lives.
type address struct {
	scheme string
	host   string // lower case, with a port that is not the scheme's own
	folder string // escaped, "" or "/..."; the tenant on SaaS
	saas   bool
}

func (a address) String() string {
	if a.host == "" {
		return ""
	}
	return a.scheme + "://" + a.host + a.folder
}

// saasDomain is where SaaS stores live, and where alone the app's own tokens
// are sent.
// https://developer.adobe.com/commerce/webapi/rest/
const saasDomain = ".api.commerce.adobe.com"

var (
	hostForm   = regexp.MustCompile(`^([a-z0-9_]([a-z0-9_-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	portForm   = regexp.MustCompile(`^[1-9][0-9]{0,4}$`)
	folderForm = regexp.MustCompile(`^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$`)
	codeForm   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,59}$`)
	headerForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,63}$`)
)

// parseAddress reads a store's base address; without a scheme it is https.
func parseAddress(op, store string) (address, error) {
	refuse := func(message string) (address, error) {
		return address{}, &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid, Message: message,
			Hint: `use the shop's base address, such as "https://shop.example.com", without /rest, a query or a user name`}
	}
	text := strings.TrimSpace(store)
	if text == "" || len(text) > 500 {
		return refuse("the store has no address")
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return refuse("the store is not an address")
	case u.Scheme != "https" && u.Scheme != "http":
		return refuse("the store's address is neither https nor http")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(text, "#"):
		return refuse("the store's address holds more than scheme, host and folder")
	}
	a := address{scheme: u.Scheme, host: strings.ToLower(u.Hostname()), folder: strings.TrimRight(u.EscapedPath(), "/")}
	if !hostForm.MatchString(a.host) && net.ParseIP(a.host) == nil {
		return refuse("the store's address has no valid host")
	}
	if strings.Contains(a.host, ":") { // IPv6
		a.host = "[" + a.host + "]"
	}
	if port := u.Port(); port != "" {
		if !portForm.MatchString(port) {
			return refuse("the store's address has no valid port")
		}
		if port != map[string]string{"https": "443", "http": "80"}[a.scheme] {
			a.host += ":" + port
		}
	} else if strings.HasSuffix(u.Host, ":") {
		return refuse("the store's address has no valid port")
	}
	folders := strings.Split(strings.ToLower(a.folder), "/")
	for _, name := range folders {
		if name == "rest" || name == "graphql" {
			return refuse("the store's address holds a part of the API")
		}
	}
	if !folderForm.MatchString(a.folder) {
		return refuse("the store's address has an odd folder")
	}
	a.saas = strings.HasSuffix(a.host, saasDomain)
	switch {
	case a.saas && a.scheme != "https":
		return refuse("a SaaS store's address is https")
	case a.saas && (len(folders) != 2 || folders[1] == ""):
		return refuse("a SaaS store's address ends with the tenant, such as https://na1" + saasDomain + "/tenant")
	}
	return a, nil
}

// root is where the calls of a view begin.
func (a address) root(view string) string {
	if a.saas {
		return a.String() + "/V1"
	}
	return a.String() + "/rest/" + view + "/V1"
}
