package auth

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/soukhq/souk/catalog"
)

// Connector is an adapter whose stores can be connected through [Connect]. The
// adapter says what its platform needs; Connect owns everything that is the
// same everywhere: routing, the state and the cookie it is bound to, bounds,
// pages, and storing the result.
type Connector interface {
	catalog.Adapter
	// ConnectPlan describes the flows that the adapter's configuration allows.
	// It is asked once. Its functions are safe for concurrent use.
	ConnectPlan() Plan
}

// Plan is how stores of a platform are connected. The shapes that occur:
//
//   - consent with a code: a Method with Consent, whose Begin redirects, and a
//     Route with a State, whose Handle exchanges the code;
//   - keys granted by a call from the store's server before the browser comes
//     back: two Routes with a State, of which the first is Server and leaves
//     the proved keys in Outcome.Memory for the second;
//   - an activation handshake: Begin gives Instructions with URLs that carry the
//     state, a Server Route remembers what the store's server posts, and a
//     browser Route turns that into a Grant;
//   - keys entered in a form, or an app's own: a Method with Fields whose Begin
//     proves them by a call and returns the Grant;
//   - an install that the platform begins: a Route without a State;
//   - requests signed by the platform (load, uninstall, session tokens): a Route
//     without a State whose Handle verifies the signature and returns a Visit,
//     an Event or a Grant;
//   - tokens that arrive by webhook: no Route; see [Lifecycle.Grant].
type Plan struct {
	// Title names the platform to people, such as "WooCommerce".
	Title string
	// Methods are the ways to begin, the usual one first. None means that the
	// platform begins.
	Methods []Method
	// Routes are the addresses the platform comes back to.
	Routes []Route
	// FrameAncestors are the Content-Security-Policy sources of the platform's
	// admin pages that may show ours in a frame; nil = no page may.
	FrameAncestors []string
}

// Method is one way to connect a store.
type Method struct {
	// Name tells it apart from the platform's others: small letters, digits
	// and "-".
	Name string
	// Title is the text of its button, Help a sentence or two below.
	Title, Help string
	// Fields are asked for first.
	Fields []Field
	// Consent says that the merchant agrees on a page of the platform. Only
	// such a method may begin by following a link, and its Begin never
	// returns a Grant.
	Consent bool
	// Operator says that no merchant proves anything, such as when an app's own
	// keys open every store of its organisation. Such a method is not offered
	// unless ConnectConfig.Methods names it.
	Operator bool
	// Lifetime is how long the merchant may take; 0 = 10 minutes, at most an
	// hour.
	Lifetime time.Duration
	// Begin starts the flow. See [Outcome] for what it may return.
	Begin func(ctx context.Context, step Step) (Outcome, error)
}

// Field is one input of a form. Values come trimmed, without control
// characters, and never empty unless Optional.
type Field struct {
	// Name is the input's name: small letters, digits, "-" and "_". Not
	// "method" or "next".
	Name string
	// Label and Help are for people, Placeholder is an example.
	Label, Help, Placeholder string
	// Secret hides what is typed. It is accepted in a form's body only and
	// is never shown again.
	Secret bool
	// Optional allows it to be left empty.
	Optional bool
	// Options are the only values allowed; nil = any. With Optional, none may
	// be chosen.
	Options []string
	// MaxLen is the most bytes; 0 = 1024, at most 4096.
	MaxLen int
}

// Route is an address under the platform's path that the platform, or the
// merchant's browser coming from it, calls.
type Route struct {
	// Name is the last element of the path, such as "callback": small letters,
	// digits, "-" and "_". "start", "confirm" and "connected" are taken.
	Name string
	// Method is the only HTTP method; "" = GET.
	Method string
	// State is the parameter, of the query or of a form's body, that brings the
	// state back; it may also be the last element of the path, as
	// Step.StateURL has it. A request without a state that is known, unused
	// and alive never reaches Handle. "" = the platform sends no state, so that
	// Handle must prove who calls.
	State string
	// Server says that a program calls and not a browser: no cookie is asked
	// for and answers are short texts. A browser must have the cookie of the
	// flow its state belongs to. A Server route never returns a Grant for a
	// state: the browser that began the flow has to come back first.
	Server bool
	// Restart is for platforms that come with a state of their own when the
	// merchant begins on their pages. Such a request proves nothing: what it
	// brings is thrown away, and the browser is sent through the platform's
	// first method.
	Restart bool
	// Handle takes the step. See [Outcome] for what it may return.
	Handle func(ctx context.Context, step Step) (Outcome, error)
}

// Step is what a Method or Route is told. Connect has checked it: parameters
// are valid UTF-8 without control characters, come once each, and are at most
// 4096 bytes; there are at most 64; a body is at most 64 KiB.
type Step struct {
	// State is the flow's, 64 hexadecimal digits without hyphens; "" on routes
	// without one. Begin sends it to the platform.
	State string
	// Method is the name of the flow's Method, "" on routes without a state.
	Method string
	// Store is the only store the host wants, in its canonical form; "" = any.
	// Connect refuses a Grant for another one, but Begin may use it to send the
	// merchant to the right page.
	Store string
	// Fields are the Method's, in Begin.
	Fields map[string]string
	// Query are the query's parameters, Form those of a body that is a form.
	Query, Form url.Values
	// Header and Body are the request's, for routes; the Cookie header is
	// left out.
	Header http.Header
	Body   []byte
	// Memory is what the flow's steps before left.
	Memory catalog.Secret
	// Received is when the request came.
	Received time.Time
	// URL gives the public address of one of the platform's routes, StateURL
	// the same with the flow's state as the last element of the path.
	URL, StateURL func(route string) string
	// Known returns the account of a store that is connected: active or
	// unclaimed, with a credential. Any other is ErrNotFound.
	Known func(ctx context.Context, store string) (Connection, error)
}

// Param returns the query's or else the form's parameter, "" when absent.
func (s *Step) Param(name string) string {
	if v := s.Query.Get(name); v != "" {
		return v
	}
	return s.Form.Get(name)
}

// Outcome is what comes of a step. An error ends the flow instead: it must hold
// no secret, reaches the log and ConnectConfig.Failed, and the merchant sees a
// sentence that depends on its kind alone. ErrForbidden is for a merchant who
// declined, ErrInvalid for something typed wrong, ErrUnauthorized for a request
// that proves nothing, a refused code or key.
type Outcome struct {
	// Memory is kept for the flow's next step, encrypted where States are; zero
	// = as it was. At most 16 KiB.
	Memory catalog.Secret

	// Redirect sends the browser to this absolute URL of the platform.
	Redirect string
	// Instructions are shown to the merchant, who goes on in the platform's
	// admin pages.
	Instructions *Instructions
	// Grant ends the flow: the credential works, as the platform's own answer
	// has shown, and the store is known from that answer and not from what
	// somebody typed or sent.
	Grant *Grant
	// Event goes to Lifecycle.Event, as an uninstall does, and then to
	// ConnectConfig.Event. Store, Topic and Kind are needed, and OccurredAt
	// where it is signed.
	Event *catalog.Event
	// Visit says that an authentic user opened the app.
	Visit *Visit
	// Reply answers a Server route; zero = 200 without a body. Beside an error
	// it answers the refused request.
	Reply *catalog.Reply
}

// Grant is a credential that a flow has won.
type Grant struct {
	catalog.Grant
	// Settings are put into the account's, over those it has.
	Settings map[string]string
	// Missing are the scopes the app asked for and did not get. The store is
	// connected all the same.
	Missing []string
	// Return is where the platform wants the browser back, used when it is on
	// the same scheme, host and port as Grant.Store, and left out otherwise.
	Return string
}

// Instructions tell a merchant what to do in the platform's admin pages.
type Instructions struct {
	Title string
	// Text is shown in paragraphs.
	Text []string
	// Values are to be copied, such as addresses. They may hold the state.
	Values []Value
}

// Value is something to copy.
type Value struct{ Label, Text string }

// Visit is an authentic user of a store, who opened the app from the platform.
type Visit struct {
	Store string
	// User is the platform's id of the user, Email may be "".
	User, Email string
	// Owner says that the user is the store's owner.
	Owner bool
	// Path is where in the app the platform's link leads; untrusted.
	Path string
}
