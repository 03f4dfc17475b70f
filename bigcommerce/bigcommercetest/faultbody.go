package bigcommercetest

import (
	"net/http"
	"strconv"
)

// jsonFault has a body in the shape of V3, or of V2 when v2 is set.
func jsonFault(v2 bool, status int, title string, fields map[string]string) Fault {
	c := call{v2: v2}
	c.failWith(status, title, fields)
	return Fault{Status: status, Body: string(c.out.b)}
}

// Throttle answers 429 as the quota does, with reset milliseconds left in the
// window and X-Retry-After as given: seconds, a decimal, an HTTP date, or ""
// to leave it out.
func Throttle(resetMillis int, retryAfter string) Fault {
	f := Overload()
	f.Header = http.Header{
		"X-Rate-Limit-Time-Window-Ms": {"30000"}, "X-Rate-Limit-Time-Reset-Ms": {strconv.Itoa(resetMillis)},
		"X-Rate-Limit-Requests-Quota": {"150"}, "X-Rate-Limit-Requests-Left": {"0"},
	}
	if retryAfter != "" {
		f.Header.Set("X-Retry-After", retryAfter)
	}
	return f
}

// Overload answers 429 without any rate header, as when the platform itself has
// too much to do.
func Overload() Fault { return jsonFault(false, http.StatusTooManyRequests, msgThrottled, nil) }

// ThrottleHTML answers 429 with a page of HTML and Retry-After as given, "" for
// none.
func ThrottleHTML(retryAfter string) Fault {
	f := htmlFault(http.StatusTooManyRequests)
	if retryAfter != "" {
		f.Header.Set("Retry-After", retryAfter)
	}
	return f
}

// TokenInvalid answers the 401 of V3 for a token that is revoked or never was.
func TokenInvalid() Fault { return jsonFault(false, http.StatusUnauthorized, msgUnauthorized, nil) }

// TokenInvalidV2 is TokenInvalid in the shape of V2.
func TokenInvalidV2() Fault { return jsonFault(true, http.StatusUnauthorized, msgUnauthorized, nil) }

// TokenInvalidText is a 401 whose body is a sentence in plain text.
func TokenInvalidText() Fault {
	return Fault{Status: http.StatusUnauthorized, Header: http.Header{"Content-Type": {"text/plain"}}, Body: msgUnauthorized}
}

// ScopeMissing answers the 403 of V3 for a token without a scope.
func ScopeMissing() Fault { return jsonFault(false, http.StatusForbidden, msgScope, nil) }

// ScopeMissingV2 is ScopeMissing in the shape of V2.
func ScopeMissingV2() Fault { return jsonFault(true, http.StatusForbidden, msgScope, nil) }

// NotFound answers the 404 of V3.
func NotFound() Fault { return jsonFault(false, http.StatusNotFound, msgNotFound, nil) }

// NotFoundV2 answers the 404 of V2.
func NotFoundV2() Fault { return jsonFault(true, http.StatusNotFound, msgNotFound, nil) }

// NotFoundEmpty answers 404 without a body, as V2 orders may.
func NotFoundEmpty() Fault { return Fault{Status: http.StatusNotFound} }

// Invalid answers the 422 of V3; fields may be nil.
func Invalid(title string, fields map[string]string) Fault {
	return jsonFault(false, http.StatusUnprocessableEntity, title, fields)
}

// InvalidV2 answers the 400 of V2, whose array says another status than HTTP
// does, as one of the vendor's samples has it.
func InvalidV2(message string) Fault {
	f := jsonFault(true, http.StatusNotFound, message, nil)
	f.Status = http.StatusBadRequest
	return f
}

// BareV2 answers a status of V2 whose body is one object without the array.
func BareV2(status int, message string) Fault {
	var w writer
	w.obj("")
	w.num("status", status)
	w.str("message", message)
	w.end()
	return Fault{Status: status, Body: string(w.b)}
}

// Conflict answers the 409 of V3.
func Conflict(title string) Fault { return jsonFault(false, http.StatusConflict, title, nil) }

// PlanLimit answers the 507 of a plan without room for another product.
func PlanLimit() Fault {
	return jsonFault(false, http.StatusInsufficientStorage, "The store has reached its product limit.", nil)
}

// TaxServiceGone answers the 503 that refunds have when taxes cannot be worked
// out: the error is inside data and has no title.
func TaxServiceGone(order int64) Fault {
	var w writer
	w.obj("")
	w.arr("data")
	w.obj("")
	w.str("error", "Tax service gone away")
	w.id("order_id", order)
	w.num("status", http.StatusServiceUnavailable)
	w.end()
	w.endArr()
	w.raw("meta", "{}")
	w.end()
	return Fault{Status: http.StatusServiceUnavailable, Body: string(w.b)}
}

// ServerError answers a status such as 500, 502 or 503 with HTML.
func ServerError(status int) Fault { return htmlFault(status) }

// HTMLPage answers 200 with HTML.
func HTMLPage() Fault { return htmlFault(http.StatusOK) }

// Redirect answers 302 to the address.
func Redirect(to string) Fault {
	return Fault{Status: http.StatusFound, Header: http.Header{"Location": {to}, "Content-Type": {"text/html"}}}
}

// Disconnect closes the connection at cut.
func Disconnect(cut Cut) Fault { return Fault{Cut: cut} }

// Truncated sends half of the JSON with a length that fits.
func Truncated() Fault { return Fault{Truncate: true} }

// Replaced puts raw JSON in the place of the value at path.
func Replaced(path, raw string) Fault { return Fault{Replace: map[string]string{path: raw}} }

// Nulled puts null in the place of the value at path.
func Nulled(path string) Fault { return Replaced(path, "null") }

// LostAnswer lets the request take effect and answers a status with HTML.
func LostAnswer(status int) Fault {
	f := htmlFault(status)
	f.After = true
	return f
}

// WithoutRateHeaders leaves the rate headers out of a genuine answer.
func WithoutRateHeaders() Fault {
	return Fault{Header: http.Header{
		"X-Rate-Limit-Time-Window-Ms": nil, "X-Rate-Limit-Time-Reset-Ms": nil,
		"X-Rate-Limit-Requests-Quota": nil, "X-Rate-Limit-Requests-Left": nil,
	}}
}

func htmlFault(status int) Fault {
	text := strconv.Itoa(status) + " " + http.StatusText(status)
	return Fault{
		Status: status, Header: http.Header{"Content-Type": {"text/html; charset=UTF-8"}},
		Body: "<!DOCTYPE html><html><head><title>" + text + "</title></head><body><h1>" + text + "</h1></body></html>",
	}
}
