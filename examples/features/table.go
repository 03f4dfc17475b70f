package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/soukhq/souk/catalog"
)

// row is a line of the table: what it says of one platform.
type row struct {
	name string
	cell func(catalog.Features) string
}

// table writes the rows that say anything.
func table(names []string, all []catalog.Features) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| | %s |\n|---|%s\n", strings.Join(names, " | "), strings.Repeat("---|", len(names)))
	for _, r := range rows() {
		var cells []string
		for _, f := range all {
			cells = append(cells, r.cell(f))
		}
		if strings.Trim(strings.Join(cells, ""), "–") != "" {
			fmt.Fprintf(&b, "| %s | %s |\n", r.name, strings.Join(cells, " | "))
		}
	}
	return b.String()
}

// resources are the lists, in the order of the table.
var resources = []catalog.Resource{catalog.Products, catalog.Orders, catalog.Customers, catalog.Inventory}

func rows() []row {
	all := []row{
		{"API", func(f catalog.Features) string { return f.APIVersion }},
		{"read shop, products, orders, customers", func(catalog.Features) string { return "yes" }},
	}
	for _, c := range capabilities {
		all = append(all, row{c.words, func(f catalog.Features) string { return yes(f.Has(c.capability)) }})
	}
	all = append(all, row{"resume a list after a restart", resumes})
	for _, r := range resources {
		all = append(all, row{"filter " + nouns[r], func(f catalog.Features) string { return filters(f.Resources[r]) }})
	}
	for _, r := range resources {
		all = append(all, row{"find changed " + nouns[r], func(f catalog.Features) string { return changes[f.Resources[r].Changes] }})
	}
	return append(all,
		row{"webhooks prove their origin", func(f catalog.Features) string { return proof(f.Webhooks) }},
		row{"webhooks bring", func(f catalog.Features) string {
			if f.Webhooks.Bodies {
				return "the record"
			}
			return "its id"
		}},
		row{"webhooks are sent again for", func(f catalog.Features) string { return length(f.Webhooks.Redelivery) }},
		row{"webhooks want an answer within", func(f catalog.Features) string { return length(f.Webhooks.Timeout) }},
	)
}

func yes(can bool) string {
	if can {
		return "yes"
	}
	return "–"
}

// resumes says what the lists do that go on in another process.
func resumes(f catalog.Features) string {
	var twice []string
	for _, r := range resources {
		if f.Resources[r].Paging == catalog.PagingNumbers {
			twice = append(twice, nouns[r])
		}
	}
	if len(twice) == 0 {
		return "yes, exactly"
	}
	return "yes; " + strings.Join(twice, ", ") + " may repeat"
}

func filters(f catalog.ResourceFeatures) string {
	var words []string
	for _, filter := range f.Filters {
		words = append(words, filterWords[filter])
	}
	if len(words) == 0 {
		return "–"
	}
	return "by " + strings.Join(words, ", ")
}

func proof(w catalog.WebhookFeatures) string {
	switch {
	case w.Signed && w.TimeSigned:
		return "signature over body and time"
	case w.Signed:
		return "signature over the body"
	}
	return "–"
}

// length writes a duration as people say it.
func length(d time.Duration) string {
	switch {
	case d == 0:
		return "–"
	case d%(24*time.Hour) == 0 && d > 24*time.Hour:
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	case d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return fmt.Sprintf("%d s", d/time.Second)
}
