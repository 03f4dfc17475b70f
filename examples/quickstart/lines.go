package main

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/soukhq/souk/catalog"
)

// output is where records go.
type output interface {
	wantsRaw() bool
	shop(catalog.Shop) error
	product(catalog.Product) error
	location(catalog.Location) error
	level(catalog.InventoryLevel) error
	order(catalog.Order) error
	customer(catalog.Customer) error
	close() error
}

// lines writes one JSON object per record, with its platform and what kind of
// record it is.
type lines struct {
	w       *bufio.Writer
	encoder *json.Encoder
}

func newLines(w io.Writer) *lines {
	buffered := bufio.NewWriter(w)
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	return &lines{buffered, encoder}
}

func (l *lines) wantsRaw() bool { return false }

func (l *lines) shop(v catalog.Shop) error {
	v.Raw, v.RawKind, v.More = nil, "", nil
	return l.encoder.Encode(struct {
		Kind string `json:"kind"`
		catalog.Shop
	}{"shop", v})
}

func (l *lines) product(v catalog.Product) error {
	return l.encoder.Encode(struct {
		Kind string `json:"kind"`
		catalog.Product
	}{"product", v})
}

func (l *lines) location(v catalog.Location) error {
	return l.encoder.Encode(struct {
		Kind string `json:"kind"`
		catalog.Location
	}{"location", v})
}

func (l *lines) level(v catalog.InventoryLevel) error {
	return l.encoder.Encode(struct {
		Kind string `json:"kind"`
		catalog.InventoryLevel
	}{"inventory_level", v})
}

func (l *lines) order(v catalog.Order) error {
	return l.encoder.Encode(struct {
		Kind string `json:"kind"`
		catalog.Order
	}{"order", v})
}

func (l *lines) customer(v catalog.Customer) error {
	return l.encoder.Encode(struct {
		Kind string `json:"kind"`
		catalog.Customer
	}{"customer", v})
}

func (l *lines) close() error { return l.w.Flush() }
