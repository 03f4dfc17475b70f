package catalogtest

import (
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// Harness is what the suite knows of a platform. Fields are required unless
// their comment says otherwise.
type Harness struct {
	// Platform is the adapter's name.
	Platform string
	// New starts a fresh server with the records asked for and describes it.
	// It is called several times at once. The server is closed with
	// t.Cleanup.
	New func(t testing.TB, o Options) *Store
	// Wires says, for Products, Orders and Customers, where their records are
	// in the platform's answers.
	Wires map[catalog.Resource]Wire
	// Native reads something from the store: a path where the adapter has
	// RESTCaller, a query where it has GraphQLCaller; "" where it has neither.
	Native string
	// Answers are the platform's own words for what the suite injects.
	Answers Answers
	// UnknownID is a well-formed id that no record has. MalformedIDs are ids
	// that the adapter refuses without a request.
	UnknownID    string
	MalformedIDs []string
	// Unfilled names the model's fields that the platform cannot fill, such
	// as "Product.Vendor", each with the reason. A name stands for everything
	// below it. A field that is filled after all fails the suite.
	Unfilled map[string]string
	// ListOmits names fields that differ between a list and a single read,
	// each with the reason.
	ListOmits map[string]string
	// Minimum is the least the adapter must be able to do. The suite has that
	// of souk's own platforms, whose harnesses may leave it nil; what is set
	// here is asked for besides.
	Minimum *Minimum
	// Unpaced is the reason why the platform has no rate budget that a client
	// could keep to; "" = it has one. With a reason the server of a Throttled
	// store need not throttle.
	Unpaced string
	// FaultRuns is how many writes are tried with random faults; 0 = as many as
	// the environment variable SOUK_FAULT_RUNS says, else 100.
	FaultRuns int
}

// Options say what server a rule needs.
type Options struct {
	// Products, Orders and Customers are how many of each are there at first.
	// The server holds at least 60 products' worth of variety only when asked
	// to: the records should differ as real ones do.
	Products, Orders, Customers int
	// Throttled gives the server a rate budget so small that a hundred single
	// reads at once take between half a second and five. Otherwise the server
	// answers everything at once.
	Throttled bool
	// Clock is the server's clock, for change times. It runs ahead of the real
	// one and never back. Safe for concurrent use.
	Clock func() time.Time
	// Wrap goes around the round tripper that reaches the server. The result
	// is the adapter's transport.
	Wrap func(http.RoundTripper) http.RoundTripper
	// Logger and Observer are to be given to every adapter.
	Logger   *slog.Logger
	Observer transport.Observer
}

// Store is one seeded store behind a server.
type Store struct {
	// NewAdapter makes a new adapter with the app's keys, as a new process
	// would. Whatever it is asked twice for shares nothing but the server.
	NewAdapter func() catalog.Adapter
	// Account names the store.
	Account catalog.Account
	// Credential is what the server accepts, and does so until the end. Its
	// secrets are random and at least 16 characters long, so that they can be
	// searched for.
	Credential catalog.Credential
	// AppSecrets are the secrets the adapter holds besides, such as the
	// client secret. They are searched for too.
	AppSecrets []catalog.Secret

	// Products, Orders and Customers are the server's truth.
	Products, Orders, Customers Records
	// Inventory and Locations are the truth where the adapter reads them. An
	// inventory level's id is ItemID + "@" + LocationID.
	Inventory, Locations Records
	// Samples are a few records as the adapter must yield them.
	Samples Samples

	// Writes is what the rules of writes need; nil while the adapter writes
	// nothing.
	Writes *Writes

	// Ledger is what the server's rate limiter has seen so far.
	Ledger func() Ledger
	// Webhooks makes deliveries; nil only if Features says that the platform
	// has no signed ones.
	Webhooks *Webhooks
}

// Records is the truth about one kind of record, and the means to change it.
// Functions are safe for concurrent use; changes take their time from the
// server's clock.
type Records struct {
	// IDs are the ids of all records present now, as the adapter yields them.
	IDs func() []string
	// Add adds a record and returns its id. Touch changes a record visibly,
	// Delete removes it. nil where the platform's records cannot change so,
	// such as locations; Products, Orders and Customers have all three.
	Add    func() string
	Touch  func(id string)
	Delete func(id string)
}

// Samples are records of the model written out by hand, with everything the
// platform tells, to hold against what the adapter yields for the same id.
// Raw, More and Cursor are not compared. Each kind needs one at least, except
// Inventory and Locations where the adapter does not read them.
type Samples struct {
	Shop      catalog.Shop
	Products  []catalog.Product
	Orders    []catalog.Order
	Customers []catalog.Customer
	Inventory []catalog.InventoryLevel
	Locations []catalog.Location
}

// Ledger counts what the server's rate limiter did.
type Ledger struct{ Requests, Throttled int }

// Writes is the truth about what was written, and the targets to write to.
// Functions are safe for concurrent use.
type Writes struct {
	// Effects counts the changes that requests have made to the store so far,
	// those that take the platform a while included once they are made. A
	// request that was refused, or answered from its idempotency key, makes
	// none.
	Effects func() int
	// IsWrite tells the requests that change something; nil = all but GET and
	// HEAD.
	IsWrite func(r *http.Request, body []byte) bool
	// NewOrder adds an order that is paid and can be cancelled, shipped and
	// refunded: the first line has three pieces, the second one. It returns
	// the order's id. nil where the adapter writes no orders.
	NewOrder func() string
	// NewCancellable adds an order of the same lines that can be cancelled,
	// where one that is paid cannot; nil = NewOrder.
	NewCancellable func() string
	// Location is the place whose stock the rules set, where levels that are
	// listed without one cannot be; "" = these can. Of a place, OnHand is what
	// is set where Available is not told.
	Location string
	// CancelReason is a native word for why an order is cancelled; "" where
	// there are none.
	CancelReason string
	// HiddenStatus is the status a product that shoppers cannot see is given
	// and has; "" = ProductDraft.
	HiddenStatus catalog.ProductStatus
	// Unwritable names the fields of ProductPatch, CustomerPatch and Tracking
	// that do not take any text, such as "Product.Tags" or "Tracking.URL", each
	// with the reason. Writing one must be refused before anything is sent.
	Unwritable map[string]string
	// Tidied is a text as the platform keeps it in Product.Description, where it
	// mends HTML; nil = as it is written.
	Tidied func(html string) string
	// Carriers are two companies' names that a shipment keeps as they are
	// written; nil = "DHL" and "SMSA".
	Carriers []string
	// Phone is a phone number no customer has, where the platform knows no
	// customer without; nil = it does.
	Phone func() string
	// UnknownItem is a well-formed id of what stock is kept under that no item
	// has; "" = UnknownID.
	UnknownItem string
	// Refused are writes with an option the platform does not have, by what
	// they try. Each must be errors.ErrUnsupported before anything is sent.
	Refused map[string]Refusal
	// Subscriptions are two that the platform accepts, of different topics;
	// nil where the adapter has no Subscriber.
	Subscriptions []catalog.Subscription
	// Spoil damages the app's subscriptions in every way that happens: it edits
	// or disables the first, and drops the second. It reports how many it
	// damaged.
	Spoil func() int
	// Foreign adds a subscription that is not the app's and returns a function
	// that tells whether it is still as it was. nil where there is no such
	// thing.
	Foreign func() func() bool
}

// Wire says where a resource's records are in the platform's answers. Paths
// are dotted from the root of the body; "" is the root.
type Wire struct {
	// List is the array of records in a page of the list.
	List string
	// IsList tells the answers to the list's requests from others that have
	// an array in the same place; nil = there are none.
	IsList func(*http.Request) bool
	// Detail is where the record is in an answer of its own, for a list whose
	// records are each read whole by a further request; Word and Odd are then
	// fields of that. IsDetail tells that request for the record's id; nil =
	// the page holds the records whole.
	Detail   string
	IsDetail func(r *http.Request, id string) bool
	// Word is a field of a record, relative to it, whose words the adapter
	// translates; "" = there is none.
	Word string
	// Odd are fields of a record, relative to it, to try other JSON types on:
	// a text, a number, a time, an amount, a list, an object, as far as the
	// record has them. The third record has them all.
	Odd []string
}

// Answers are the platform's own words. Status 0 means the platform has no
// such answer. Every "{secret}" in a body becomes the store's secret, to see
// that it is not repeated.
type Answers struct {
	// Unauthorized refuses a dead token.
	Unauthorized Answer
	// Forbidden refuses for want of a scope or of a feature of the plan: a
	// new token would not help.
	Forbidden []Answer
	// Invalid refuses a request and names fields. NoFields is the reason why
	// the platform never does; one of the two is required.
	Invalid  Answer
	NoFields string
	// Throttled refuses for the rate limit in a way of the platform's own,
	// such as in a 200. 429 is always tried.
	Throttled Answer
}

// Answer is an HTTP answer.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Webhooks makes deliveries as the platform sends them.
type Webhooks struct {
	// Secret signs Deliver's deliveries by default; the account is what the
	// verifier is opened for, nil for the app's own secret.
	Secret  catalog.Secret
	Account *catalog.Account
	// Deliver makes a new delivery of the event, signed with the secret.
	Deliver func(secret catalog.Secret, e Sent) catalog.Delivery
	// Proofs are the headers without any one of which a delivery is refused.
	Proofs []string
	// Events are what the platform may send, two of a kind at least among
	// them, with different bodies. One has a topic souk has no kind for.
	Events []Sent
}

// Sent is an event as the platform knows it and as the adapter tells it.
type Sent struct {
	Topic string
	Body  []byte
	// Kind, Resource and ResourceID are what the adapter makes of it.
	Kind       catalog.EventKind
	Resource   catalog.Resource
	ResourceID string
}
