package woocommercetest

import (
	"net/http"
	"strconv"
)

const contentJSON = "application/json; charset=UTF-8"

func errorFault(e *apiError) Fault {
	var w writer
	e.write(&w)
	return Fault{Status: e.status, Header: http.Header{"Content-Type": {contentJSON}}, Body: string(w.b)}
}

func htmlFault(status int, title, text string) Fault {
	return Fault{
		Status: status, Header: http.Header{"Content-Type": {"text/html; charset=UTF-8"}},
		Body: "<!DOCTYPE html>\n<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1><p>" + text + "</p></body></html>\n",
	}
}

func retryAfter(f Fault, value string) Fault {
	if value != "" {
		f.Header.Set("Retry-After", value)
	}
	return f
}

// JSONError answers an error of the store with any status and code.
func JSONError(status int, code, message string) Fault {
	return errorFault(fail(status, code, message))
}

// Throttle answers 429 with JSON, as a host's limiter in front may, and
// Retry-After as given: seconds, a decimal, an HTTP date, or "" to leave it out.
func Throttle(value string) Fault {
	return retryAfter(JSONError(http.StatusTooManyRequests, "rate_limit_exceeded", "Too many requests."), value)
}

// ThrottleHTML is Throttle with a page of HTML, the more common kind.
func ThrottleHTML(value string) Fault {
	return retryAfter(htmlFault(http.StatusTooManyRequests, "429 Too Many Requests", "nginx"), value)
}

// SecretInvalid answers the 401 of a known key with a wrong secret.
func SecretInvalid() Fault { return errorFault(unauthenticated("Consumer secret is invalid.")) }

// Anonymous answers the 401 of a request in which the store saw no key at all.
func Anonymous() Fault { return errorFault(denied(http.StatusUnauthorized, actList)) }

// Forbidden answers the 403 of a key whose user may not.
func Forbidden() Fault { return errorFault(denied(http.StatusForbidden, actList)) }

// NotFound answers the 404 of a product that is not there.
func NotFound() Fault { return errorFault(invalidID("product", http.StatusNotFound)) }

// NoRoute answers the 404 of a store without WooCommerce, or with an older one.
func NoRoute() Fault { return errorFault(noRoute()) }

// Invalid answers 400 with a message for each parameter named.
func Invalid(params map[string]string) Fault {
	var list []wrong
	for name, message := range params {
		list = append(list, wrong{name, "rest_invalid_type", message, ""})
	}
	return errorFault(invalidParams(list))
}

// PHPFatal answers the JSON 500 of a request in which PHP broke off.
func PHPFatal() Fault { return errorFault(fatal()) }

// PHPNotice prints a notice before the JSON of the genuine answer.
func PHPNotice() Fault {
	return Fault{Prefix: "<br />\n<b>Notice</b>:  Undefined index: foo in <b>/var/www/html/wp-content/plugins/x/x.php</b> on line <b>12</b><br />\n"}
}

// BOM puts a UTF-8 byte order mark before the genuine answer.
func BOM() Fault { return Fault{Prefix: "\xef\xbb\xbf"} }

// Firewall answers a status such as 403, 406, 429 or 503 with the page of a web
// application firewall.
func Firewall(status int) Fault {
	return htmlFault(status, "Access limited", "Blocked by the site's firewall.")
}

// Challenge answers a status such as 202, 403 or 503 with a page that wants a
// browser to prove itself.
func Challenge(status int) Fault {
	f := htmlFault(status, "Just a moment...", "<script src=\"/cdn-cgi/challenge-platform/x.js\"></script>")
	f.Header.Set("Cf-Mitigated", "challenge")
	return f
}

// Maintenance answers the 503 of a store that updates itself.
func Maintenance() Fault {
	return retryAfter(htmlFault(http.StatusServiceUnavailable, "Maintenance", "The store updates itself and will be back soon."), "600")
}

// NoDatabase answers the HTML 500 of WordPress without its database.
func NoDatabase() Fault {
	return htmlFault(http.StatusInternalServerError, "Database Error", "No connection to the database.")
}

// ServerError answers a status such as 500, 502, 503, 504 or 520 with HTML.
func ServerError(status int) Fault {
	text := strconv.Itoa(status) + " " + http.StatusText(status)
	return htmlFault(status, text, "nginx")
}

// MethodBlocked answers 405 with HTML, as hosts do that forbid PUT and DELETE.
func MethodBlocked() Fault { return ServerError(http.StatusMethodNotAllowed) }

// NotFoundHTML answers 404 with HTML, as when permalinks are off.
func NotFoundHTML() Fault { return htmlFault(http.StatusNotFound, "Page not found", "") }

// HTMLPage answers 200 with HTML.
func HTMLPage() Fault {
	return htmlFault(http.StatusOK, "Coming soon", "The shop opens soon.")
}

// Redirect answers a status such as 301 or 308 to an address.
func Redirect(status int, to string) Fault {
	f := htmlFault(status, http.StatusText(status), "")
	f.Header.Set("Location", to)
	return f
}

// Disconnect closes the connection at cut, which says whether the request takes
// effect first.
func Disconnect(cut Cut) Fault { return Fault{Cut: cut} }

// Truncated sends half of the body with a fitting length.
func Truncated() Fault { return Fault{Truncate: true} }

// Replaced puts raw JSON in the place of the value at path.
func Replaced(path, raw string) Fault { return Fault{Replace: map[string]string{path: raw}} }

// Nulled puts null in the place of the value at path.
func Nulled(path string) Fault { return Replaced(path, "null") }
