package woocommercetest

import (
	"net/http"
	"strconv"
	"strings"
)

// apiError is an error of the store. Its text is what a merchant's language
// makes of it, so clients go by code and status.
type apiError struct {
	status  int
	code    string
	message string
	// data is raw JSON; "" is {"status":N}. The store sends other things too.
	data string
	more string // raw members after data
}

func fail(status int, code, message string) *apiError {
	return &apiError{status: status, code: code, message: message}
}

func unauthenticated(message string) *apiError {
	return fail(http.StatusUnauthorized, "woocommerce_rest_authentication_error", message)
}

func (e *apiError) write(w *writer) {
	w.obj("")
	e.writeBody(w)
	w.raw("", e.more)
	if e.more == "" {
		w.b = w.b[:len(w.b)-1]
	}
	w.end()
}

func (e *apiError) writeBody(w *writer) {
	w.str("code", e.code)
	w.str("message", e.message)
	if e.data == "" {
		w.raw("data", `{"status":`+strconv.Itoa(e.status)+"}")
	} else {
		w.raw("data", e.data)
	}
}

// bare is an error whose data is an int, which the store answers with 500
// whatever the int says.
func bare(code, message string, data int) *apiError {
	return &apiError{status: http.StatusInternalServerError, code: code, message: message, data: strconv.Itoa(data)}
}

func noRoute() *apiError {
	return fail(http.StatusNotFound, "rest_no_route", "No route was found matching the URL and request method.")
}

// invalidID is an id that does not exist: 404, but 400 from a write.
func invalidID(kind string, status int) *apiError {
	switch kind {
	case "customer":
		return fail(status, "wc_user_invalid_id", "Invalid user ID.")
	case "webhook":
		return fail(status, "woocommerce_rest_shop_webhook_invalid_id", "ID is invalid.")
	case "order":
		return fail(status, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
	}
	return fail(status, "woocommerce_rest_"+kind+"_invalid_id", "Invalid ID.")
}

func noTrash(what string) *apiError {
	return fail(http.StatusNotImplemented, "woocommerce_rest_trash_not_supported", what+" do not support trashing.")
}

// fatal is the answer when PHP breaks off.
func fatal() *apiError {
	return &apiError{
		status: http.StatusInternalServerError, code: "internal_server_error",
		message: "<p>There has been a critical error on this website.</p><p><a href=\"https://wordpress.org/documentation/article/faq-troubleshooting/\">Learn more about troubleshooting WordPress.</a></p>",
		more:    `"additional_errors":[]`,
	}
}

// wrong is one parameter that does not fit its schema.
type wrong struct {
	name, code, message string
	data                string // raw; "" is null
}

func invalidParams(list []wrong) *apiError {
	var names []string
	var w writer
	w.obj("")
	w.num("status", http.StatusBadRequest)
	w.obj("params")
	for _, x := range list {
		names = append(names, x.name)
		w.name(x.name)
		w.b = appendText(w.b, x.message)
	}
	w.end()
	w.obj("details")
	for _, x := range list {
		w.name(x.name)
		w.obj("")
		w.str("code", x.code)
		w.str("message", x.message)
		if x.data == "" {
			w.null("data")
		} else {
			w.raw("data", x.data)
		}
		w.end()
	}
	w.end()
	w.end()
	return &apiError{
		status: http.StatusBadRequest, code: "rest_invalid_param",
		message: "Invalid parameter(s): " + strings.Join(names, ", "), data: string(w.b),
	}
}

func missingParams(names []string) *apiError {
	var w writer
	w.obj("")
	w.num("status", http.StatusBadRequest)
	w.texts("params", names)
	w.end()
	return &apiError{
		status: http.StatusBadRequest, code: "rest_missing_callback_param",
		message: "Missing parameter(s): " + strings.Join(names, ", "), data: string(w.b),
	}
}
