package main

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// schema: ids are text, as everywhere in souk, and amounts exact decimals.
const schema = `
CREATE TABLE IF NOT EXISTS users (
	store TEXT NOT NULL, customer_id TEXT NOT NULL,
	first_name TEXT NOT NULL, last_name TEXT NOT NULL, full_name TEXT NOT NULL,
	email TEXT NOT NULL, phone TEXT NOT NULL, country TEXT NOT NULL, city TEXT NOT NULL,
	changed_at TEXT NOT NULL,
	last_order_id TEXT NOT NULL DEFAULT '', last_order_amount TEXT NOT NULL DEFAULT '',
	last_order_currency TEXT NOT NULL DEFAULT '', last_purchase_at TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (store, customer_id)
) STRICT;
CREATE TABLE IF NOT EXISTS checkpoints (store TEXT PRIMARY KEY, checkpoint TEXT NOT NULL) STRICT;`

// users is the local table.
type users struct{ db *sql.DB }

func openUsers(ctx context.Context, path string) (*users, error) {
	source := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(),
		RawQuery: url.Values{"_pragma": {"journal_mode(WAL)", "busy_timeout(5000)"}, "_txlock": {"immediate"}}.Encode()}
	db, err := sql.Open("sqlite", source.String())
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &users{db}, nil
}

func (u *users) close() { _ = u.db.Close() }

// checkpoint is where the next sync of a store begins; "" = at the beginning.
func (u *users) checkpoint(ctx context.Context, store string) (checkpoint string, err error) {
	err = u.db.QueryRowContext(ctx, "SELECT checkpoint FROM checkpoints WHERE store = ?", store).Scan(&checkpoint)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return checkpoint, err
}

// save keeps customers and the checkpoint behind them, both or neither; ""
// leaves the checkpoint as it is.
func (u *users) save(ctx context.Context, store, checkpoint string, customers []catalog.Customer) error {
	tx, err := u.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, c := range customers {
		var at catalog.Address
		if c.DefaultAddress != nil {
			at = *c.DefaultAddress
		}
		// One that changed later is there already when a webhook was faster.
		_, err := tx.ExecContext(ctx, `
			INSERT INTO users (store, customer_id, first_name, last_name, full_name, email, phone, country, city, changed_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET first_name = excluded.first_name, last_name = excluded.last_name, full_name = excluded.full_name,
				email = excluded.email, phone = excluded.phone, country = excluded.country, city = excluded.city, changed_at = excluded.changed_at
			WHERE excluded.changed_at >= users.changed_at`,
			store, c.ID, c.FirstName, c.LastName, cmp.Or(c.Name, strings.TrimSpace(c.FirstName+" "+c.LastName)),
			c.Email, c.Phone, cmp.Or(at.CountryCode, at.Country), at.City, moment(c.UpdatedAt))
		if err != nil {
			return err
		}
	}
	if checkpoint != "" {
		if _, err := tx.ExecContext(ctx, "INSERT INTO checkpoints VALUES (?, ?) ON CONFLICT DO UPDATE SET checkpoint = excluded.checkpoint", store, checkpoint); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// bought notes a customer's order, unless a later one is on record.
func (u *users) bought(ctx context.Context, store string, o catalog.Order) error {
	if o.Customer == nil || o.Customer.ID == "" {
		return nil // a guest
	}
	_, err := u.db.ExecContext(ctx, `
		UPDATE users SET last_order_id = ?, last_order_amount = ?, last_order_currency = ?, last_purchase_at = ?
		WHERE store = ? AND customer_id = ? AND last_purchase_at <= ?`,
		o.ID, o.Total.Store.Amount(), o.Total.Store.Currency(), moment(o.CreatedAt), store, o.Customer.ID, moment(o.CreatedAt))
	return err
}

func (u *users) count(ctx context.Context) (n int, err error) {
	err = u.db.QueryRowContext(ctx, "SELECT count(*) FROM users").Scan(&n)
	return n, err
}

// user is a row as it is served.
type user struct {
	Store             string `json:"store"`
	CustomerID        string `json:"customer_id"`
	FullName          string `json:"full_name"`
	Email             string `json:"email"`
	Phone             string `json:"phone"`
	Country           string `json:"country"`
	City              string `json:"city"`
	ChangedAt         string `json:"changed_at"`
	LastOrderID       string `json:"last_order_id,omitempty"`
	LastOrderAmount   string `json:"last_order_amount,omitempty"`
	LastOrderCurrency string `json:"last_order_currency,omitempty"`
	LastPurchaseAt    string `json:"last_purchase_at,omitempty"`
}

// list returns the users behind the customer id after, in order of their ids;
// with id, that one alone.
func (u *users) list(ctx context.Context, id, after string, limit int) ([]user, error) {
	rows, err := u.db.QueryContext(ctx, `
		SELECT store, customer_id, full_name, email, phone, country, city, changed_at,
			last_order_id, last_order_amount, last_order_currency, last_purchase_at
		FROM users WHERE customer_id > ? AND (? = '' OR customer_id = ?) ORDER BY customer_id LIMIT ?`, after, id, id, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []user{}
	for rows.Next() {
		var r user
		if err := rows.Scan(&r.Store, &r.CustomerID, &r.FullName, &r.Email, &r.Phone, &r.Country, &r.City, &r.ChangedAt,
			&r.LastOrderID, &r.LastOrderAmount, &r.LastOrderCurrency, &r.LastPurchaseAt); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// moment is text that sorts as the time does.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}
