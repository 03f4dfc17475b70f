package auth

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/soukhq/souk/catalog"
)

// ConnectConfig configures Connect. Lifecycle and BaseURL are required.
type ConnectConfig struct {
	// Lifecycle stores what flows win, and hears uninstalls.
	Lifecycle *Lifecycle
	// States keeps flows under way; nil = memory.
	States States
	// BaseURL is the public address Connect is reached at, such as
	// "https://app.example.com/connect". http is allowed for localhost and
	// loopback addresses only.
	BaseURL string
	// DoneURL is where the merchant is sent once a store is connected; "" = a
	// page of ours that shows the connection. Nothing is added to it.
	DoneURL string
	// Next are further places to be sent to, by a name that a start link may
	// give as "next". Any other name is refused.
	Next map[string]string
	// Methods are the names of the methods offered for a platform, the usual
	// one first; a platform that is not named offers all but those for
	// operators.
	Methods map[string][]string
	// Owner says for whom a flow begins, from the host's own session; nil =
	// nobody in particular. An error refuses the flow.
	Owner func(r *http.Request) (Owner, error)
	// Shown are the ids of the accounts that the page listing the platforms
	// may show to this visitor; nil = none.
	Shown func(r *http.Request) ([]string, error)
	// Visit answers a browser whose user opened the app from the platform: it
	// begins the host's own session and redirects. nil = to DoneURL.
	Visit func(w http.ResponseWriter, r *http.Request, account catalog.Account, visit Visit)
	// Failed hears of every refused request; nil = nobody does. It must not
	// block.
	Failed func(ctx context.Context, failure Failure)
	// Render writes a page; nil = plain HTML of ours. Status and headers are
	// Connect's; a Content-Security-Policy it has set allows no scripts.
	Render func(w io.Writer, view View) error
	// Logger is told of refused requests and stored connections, never of
	// secrets; nil = nobody is.
	Logger *slog.Logger
}

// Owner is for whom a flow begins.
type Owner struct {
	// Account is the id the account is to have; "" = as Lifecycle.AccountID
	// chooses. An account that exists can be connected to its own store only.
	Account string
	// Store is the only store wanted; "" = any.
	Store string
}

// Failure is a refused request or a flow that came to nothing.
type Failure struct {
	Platform string
	// Route is the last part of the path, such as "start" or "callback".
	Route string
	// Account is the account the flow was for, "" when there was none.
	Account string
	// Err holds no secret.
	Err error
}
