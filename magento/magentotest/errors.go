package magentotest

import (
	"fmt"
	"net/http"
	"strconv"
)

// What the shop says. Placeholders stay as they are in answers; the values
// come beside them in parameters.
const (
	msgUnauthorized = "The consumer isn't authorized to access %resources."
	msgSignature    = "The signature is invalid. Verify and try again."
	msgNonce        = "The nonce is already being used by the consumer with ID %1."
	msgTimestamp    = "The timestamp value in the oauth_timestamp parameter is invalid."
	msgNoRoute      = "Request does not match any route."
	msgNoEntity     = "The entity that was requested doesn't exist. Verify the entity and try again."
	msgNoProduct    = "The product that was requested doesn't exist. Verify the product and try again."
	msgNoSuch       = "No such entity with %fieldName = %fieldValue"
	msgRequired     = `"%fieldName" is required. Enter and try again.`
	msgType         = `The "%value" value's type is invalid. The "%type" type was expected. Verify and try again.`
	msgField        = `"%fieldName" is not supported. Correct the field name and try again.`
	msgSignIn       = "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later."
	msgTwoFactor    = "Please use the 2fa provider-specific endpoints to obtain a token."
	msgPageSize     = "Maximum SearchCriteria pageSize is %max"
	msgListSize     = `Maximum items of type "%type" is %max`
	msgEmpty        = `The "%1" attribute value is empty. Set the attribute and try again.`
	msgNotSaved     = "The product was unable to be saved. Please try again."
	msgAccept       = `Server cannot match any of the given Accept HTTP header media type(s) from the request: "%1" with media types from the config of response renderer.`
)

// errorBody writes an error. params are pairs of name and value if message has
// named placeholders, values if it has %1; fields make an entry in errors each.
func errorBody(message string, params []any, trace string, fields []string) []byte {
	var w writer
	w.obj("")
	w.str("message", message)
	if len(fields) > 0 {
		w.arr("errors")
		for _, f := range fields {
			w.obj("")
			w.str("message", msgRequired)
			w.obj("parameters")
			w.str("fieldName", f)
			w.end()
			w.end()
		}
		w.endArr()
	}
	if len(params) > 0 {
		if named(message) {
			w.obj("parameters")
			for i := 0; i+1 < len(params); i += 2 {
				w.value(fmt.Sprint(params[i]), params[i+1])
			}
			w.end()
		} else {
			w.arr("parameters")
			for _, p := range params {
				w.value("", p)
			}
			w.endArr()
		}
	}
	w.opt("trace", trace)
	w.end()
	return w.b
}

func (w *writer) value(k string, v any) {
	switch v := v.(type) {
	case int:
		w.int(k, int64(v))
	case int64:
		w.int(k, v)
	case []string:
		w.strs(k, v)
	default:
		w.str(k, fmt.Sprint(v))
	}
}

// named says whether the placeholders of a message have names. One message
// names its parameter without a placeholder.
func named(message string) bool {
	for i := 0; i+1 < len(message); i++ {
		if c := message[i+1]; message[i] == '%' && c >= 'a' && c <= 'z' {
			return true
		}
	}
	return message == msgTwoFactor
}

func (c *call) fail(status int, message string, params ...any) {
	c.failFields(status, message, nil, params...)
}

func (c *call) failFields(status int, message string, fields []string, params ...any) {
	trace := ""
	if c.server.cfg.DeveloperMode {
		trace = "#0 /var/www/html/vendor/magento/module-webapi/Controller/Rest.php(202): Magento\\Webapi\\Controller\\Rest\\SynchronousRequestProcessor->process()\n#1 {main}"
	}
	c.status = status
	c.out.b = append(c.out.b[:0], errorBody(message, params, trace, fields)...)
}

func (c *call) bad(message string, params ...any) { c.fail(http.StatusBadRequest, message, params...) }

func (c *call) required(field string) { c.bad(msgRequired, "fieldName", field) }

func (c *call) noEntity() { c.fail(http.StatusNotFound, msgNoEntity) }

func (c *call) noProduct() { c.fail(http.StatusNotFound, msgNoProduct) }

// internal answers what the shop did not expect, as an SQL error: the reason
// is in its log alone, which the violation stands for.
func (c *call) internal(format string, args ...any) {
	c.violation(format, args...)
	id := 0x60f1c0de00000 + c.server.report.Add(1)
	c.fail(http.StatusInternalServerError, "Internal Error. Details are available in Magento log file. Report ID: webapi-"+strconv.FormatInt(id, 16))
}

func (c *call) unauthorized(resource string) {
	c.fail(http.StatusUnauthorized, msgUnauthorized, "resources", resource)
}

func (c *call) html(status int) {
	c.status = status
	c.header.Set("Content-Type", "text/html; charset=UTF-8")
	c.out.b = append(c.out.b[:0], htmlPage(status)...)
}

func (c *call) violation(format string, args ...any) {
	c.server.book.Violationf("%s %s: %s", c.r.Method, c.path, fmt.Sprintf(format, args...))
}
