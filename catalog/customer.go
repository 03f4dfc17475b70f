package catalog

import "time"

// Customer is somebody who has an account with, or bought from, a store.
// Platforms hide parts without the permission to see them; a Problem says so.
type Customer struct {
	Record
	ID            string   `json:"id"`
	Name          string   `json:"name,omitempty"`
	FirstName     string   `json:"first_name,omitempty"`
	LastName      string   `json:"last_name,omitempty"`
	Email         string   `json:"email,omitempty"`
	Phone         string   `json:"phone,omitempty"` // international form where the platform gives it
	Locale        string   `json:"locale,omitempty"`
	NativeState   string   `json:"native_state,omitempty"` // enabled, invited, blocked...
	VerifiedEmail bool     `json:"verified_email,omitempty"`
	TaxExempt     bool     `json:"tax_exempt,omitempty"`
	Marketing     string   `json:"marketing,omitempty"` // native word for the e-mail consent
	Note          string   `json:"note,omitempty"`
	Tags          []string `json:"tags,omitempty"`
	GroupIDs      []string `json:"group_ids,omitempty"`
	// Orders and Spent are over the customer's life; nil and zero when the
	// platform does not say.
	Orders         *int64    `json:"orders,omitempty"`
	Spent          Money     `json:"spent,omitzero"`
	DefaultAddress *Address  `json:"default_address,omitempty"`
	Addresses      []Address `json:"addresses,omitempty"`
	CreatedAt      time.Time `json:"created_at,omitzero"`
	UpdatedAt      time.Time `json:"updated_at,omitzero"`
}

// Clone returns a customer that no longer keeps its page in memory.
func (c Customer) Clone() Customer { c.Record = c.Record.clone(); return c }
