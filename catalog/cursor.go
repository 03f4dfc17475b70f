package catalog

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// Cursor continues a list after a record, in another process or another week.
// It is plain text without secrets. It belongs to the platform, the resource
// and the filter it was made with: another one refuses it with ErrInvalid.
// "" is the beginning.
type Cursor string

// maxCursor bounds a cursor's text.
const maxCursor = 4096

// NewCursor is for adapters. Resource and filter name the list, position is
// the adapter's own: a keyset where the platform allows one, else a page.
// Filter is any text that is the same for the same query, "" for none. The
// position has at most 2,900 bytes: longer cursors are not read back.
func NewCursor(platform string, resource Resource, filter, position string) Cursor {
	return Cursor("1." + platform + "." + string(resource) + "." + filterSum(filter) + "." + base64.RawURLEncoding.EncodeToString([]byte(position)))
}

// Position is for adapters: it gives back the position NewCursor was given,
// "" for the empty cursor, and an ErrInvalid error for a cursor of another
// list.
func (c Cursor) Position(platform string, resource Resource, filter string) (string, error) {
	if c == "" {
		return "", nil
	}
	refuse := func(why string) (string, error) {
		return "", &Error{Platform: platform, Op: "continue list of " + string(resource), Kind: ErrInvalid, Message: why,
			Hint: "start again without a cursor, or use it with the query it came from"}
	}
	parts := strings.Split(string(c), ".")
	last := len(parts) - 1
	if last < 4 || parts[0] != "1" || len(c) > maxCursor {
		return refuse("the cursor is not one of souk's")
	}
	// A platform's name may have points of its own.
	if on := strings.Join(parts[1:last-2], "."); on != platform || parts[last-2] != string(resource) {
		return refuse(fmt.Sprintf("the cursor belongs to the list of %s on %s", clip(parts[last-2], 20), clip(on, 20)))
	}
	if parts[last-1] != filterSum(filter) {
		return refuse("the cursor belongs to a query with other filters")
	}
	position, err := base64.RawURLEncoding.Strict().DecodeString(parts[last])
	if err != nil || strings.ContainsAny(parts[last], "\r\n") {
		return refuse("the cursor is damaged")
	}
	return string(position), nil
}

// filterSum keeps a cursor short whatever the filter.
func filterSum(filter string) string {
	if filter == "" {
		return "-"
	}
	return Fingerprint(NewSecret(filter))
}
