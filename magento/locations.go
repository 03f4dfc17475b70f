package magento

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// Locations lists the sources of stock, disabled ones too. A shop without the
// inventory modules has one, which stands for its stock.
// https://developer.adobe.com/commerce/webapi/rest/inventory/manage-sources
func (e *Engine) Locations(ctx context.Context, options catalog.ListOptions) iter.Seq2[catalog.Location, error] {
	l := listing[sourceNode, catalog.Location]{
		op: "list locations", resource: catalog.Locations, path: "/inventory/sources", options: options, reader: sourceReader,
	}
	return func(yield func(catalog.Location, error) bool) {
		for location, err := range listByText(ctx, e, l, "source_code") {
			if missing(err) {
				e.known.noMSI.Store(true)
				if options.After == "" {
					yield(e.onlyLocation(options.OmitRaw), nil)
				}
				return
			}
			if !yield(location, err) || err != nil {
				return
			}
		}
	}
}

// onlyLocation stands for the stock of a shop without sources.
func (e *Engine) onlyLocation(omitRaw bool) catalog.Location {
	l := catalog.Location{ID: defaultSource, Name: "Stock", Active: true, Ships: true, Fallback: true}
	l.Platform, l.Cursor = Platform, catalog.NewCursor(Platform, catalog.Locations, "", defaultSource)
	if !omitRaw {
		l.Raw, l.RawKind = json.RawMessage("{}"), "magento.no_source"
	}
	return l
}

var sourceReader = itemReader[sourceNode, catalog.Location]{
	kind:   "magento.source",
	id:     func(n *sourceNode) string { return n.Code },
	record: func(l *catalog.Location) *catalog.Record { return &l.Record },
	convert: func(_ *reader, n *sourceNode) catalog.Location {
		return catalog.Location{ID: n.Code, Name: cmp.Or(n.Name, n.Code), Active: n.Enabled, Ships: n.Enabled, Address: &catalog.Address{
			Name: strings.TrimSpace(n.Contact), Line1: n.Street, City: n.City, Province: n.Region, PostalCode: n.PostalCode, CountryCode: n.Country, Phone: n.Phone}}
	},
}
