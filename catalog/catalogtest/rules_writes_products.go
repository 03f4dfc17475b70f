package catalogtest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog"
)

var productWriteRules = []rule{
	{name: "a created product is as it was asked for", check: productCreated},
	{name: "random partial updates change what they name and nothing else", check: productPatched},
	{name: "a bad product is refused and nothing is changed", check: productRefused},
	{name: "a deleted product is gone", check: productDeleted},
}

func productCreated(t testing.TB, s *suite) {
	x := s.openForWrites(t, catalog.CanWriteProducts)
	writer, _ := catalog.As[catalog.ProductWriter](x.engine)
	input := catalog.ProductInput{Title: "قهوة \"New\" ☕", Description: "<p>سمراء</p>", Status: x.hidden(),
		Options:  []catalog.Option{{Name: "Size", Values: []string{"S", "L"}}},
		Variants: []catalog.VariantInput{{SKU: unique("NEW-SKU"), Options: []catalog.OptionValue{{Name: "Size", Value: "S"}}, Price: x.money("12.5")}, {SKU: unique("NEW-SKU"), Options: []catalog.OptionValue{{Name: "Size", Value: "L"}}, Price: x.money("0")}}}
	made, err := writer.CreateProduct(t.Context(), input, catalog.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(x.Products.IDs(), made.ID) {
		t.Errorf("the product %q is not on the server", made.ID)
	}
	read, err := x.engine.Product(t.Context(), made.ID)
	if err != nil {
		t.Fatal(err)
	}
	for what, p := range map[string]catalog.Product{"returned": made, "read": read} {
		if p.Title != input.Title || p.Description != input.Description || p.Status != input.Status || len(p.Variants) != len(input.Variants) {
			t.Errorf("%s: %q, %q, %s with %d variants", what, p.Title, p.Description, p.Status, len(p.Variants))
			continue
		}
		for i, v := range p.Variants {
			if want := input.Variants[i]; v.SKU != want.SKU || !v.Price.Equal(want.Price) || !slices.Equal(v.Options, want.Options) {
				t.Errorf("%s: variant %d is %q at %s with %v", what, i, v.SKU, v.Price, v.Options)
			}
		}
	}
	if diff := s.diff(read, made, s.ListOmits); diff != "" {
		t.Errorf("what creating returned (+) differs from what is read (-):\n%s", diff)
	}
}

// patchRuns is how many random updates are tried.
const patchRuns = 40

// productPatched changes random fields of random products and compares the
// whole product with what it was.
func productPatched(t testing.TB, s *suite) {
	x := s.openForWrites(t, catalog.CanWriteProducts)
	writer, _ := catalog.As[catalog.ProductWriter](x.engine)
	r := rand.New(rand.NewPCG(5, 8))
	all := x.Products.IDs()
	refused, named := 0, map[string]bool{}
	for range patchRuns {
		id := all[r.IntN(len(all))]
		before, err := x.engine.Product(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		patch, want, names := x.randomPatch(r, before)
		what := fmt.Sprintf("updating %s of product %s", strings.Join(names, ", "), id)
		x.clock.push(5_000_000_000)
		returned, err := writer.UpdateProduct(t.Context(), id, patch, catalog.WriteOptions{})
		after, readErr := x.engine.Product(t.Context(), id)
		if readErr != nil {
			t.Fatal(readErr)
		}
		if err != nil {
			// The platform may not empty a field; then nothing is changed.
			refused++
			x.fails(err, what, catalog.ErrInvalid, catalog.ErrUnsupported)
			want = before
		} else {
			for _, n := range names {
				named[n] = true
			}
			if diff := cmp.Diff(normal(after), normal(returned)); diff != "" {
				t.Errorf("%s: what is returned (+) differs from what is read (-):\n%s", what, diff)
			}
		}
		if slices.Contains(names, "Status") { // what is not on sale may not be bought
			want, after = anywhere(want), anywhere(after)
		}
		if diff := cmp.Diff(normal(want), normal(after)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	if refused > patchRuns/2 || !named["Title"] {
		t.Errorf("%d of %d updates were refused; only %v were tried", refused, patchRuns, named)
	}
}

// randomPatch names some fields and says what the product is to be.
func (x *session) randomPatch(r *rand.Rand, p catalog.Product) (patch catalog.ProductPatch, want catalog.Product, names []string) {
	want = p
	want.Variants = slices.Clone(p.Variants)
	some := func(name string) bool {
		if r.IntN(3) > 0 {
			return false
		}
		names = append(names, name)
		return true
	}
	text := func() string { return []string{"", unique("text"), "نص \"عربي\" & <b>", "O'Neil"}[r.IntN(4)] }
	amount := func() catalog.Money { return x.money([]string{"0", "0.05", "7", "12.5", "19.99", "1000"}[r.IntN(6)]) }
	for len(names) == 0 {
		if some("Title") {
			want.Title = unique("Title")
			patch.Title = catalog.Set(want.Title)
		}
		if x.takes("Product.Description") && some("Description") {
			want.Description = text()
			patch.Description = catalog.Set(want.Description)
			if x.Writes.Tidied != nil {
				want.Description = x.Writes.Tidied(want.Description)
			}
		}
		if x.takes("Product.Vendor") && some("Vendor") {
			want.Vendor = text()
			patch.Vendor = catalog.Set(want.Vendor)
		}
		if x.takes("Product.Type") && some("Type") {
			want.Type = text()
			patch.Type = catalog.Set(want.Type)
		}
		if some("Status") {
			want.Status = []catalog.ProductStatus{catalog.ProductActive, x.hidden()}[r.IntN(2)]
			patch.Status = catalog.Set(want.Status)
		}
		if x.takes("Product.Tags") && some("Tags") {
			want.Tags = [][]string{nil, {"sale"}, {"new", "رمضان", "it's \"hot\""}}[r.IntN(3)]
			patch.Tags = catalog.Set(want.Tags)
		}
		if len(p.Variants) > 0 && some("Variants") {
			v := &want.Variants[r.IntN(len(want.Variants))]
			change := catalog.VariantPatch{ID: v.ID}
			if some("Price") {
				v.Price = amount()
				change.Price = catalog.Set(v.Price)
			}
			if some("CompareAtPrice") {
				v.CompareAtPrice = []catalog.Money{{}, x.money("2000")}[r.IntN(2)]
				change.CompareAtPrice = catalog.Set(v.CompareAtPrice)
			}
			if some("Barcode") {
				v.Barcode = []string{"", "6280000000001"}[r.IntN(2)]
				change.Barcode = catalog.Set(v.Barcode)
			}
			v.SKU = unique("NEW-SKU")
			change.SKU = catalog.Set(v.SKU)
			patch.Variants = []catalog.VariantPatch{change}
		}
	}
	return patch, want, names
}

// anywhere is a product whose variants may be bought.
func anywhere(p catalog.Product) catalog.Product {
	p.Variants = slices.Clone(p.Variants)
	for i := range p.Variants {
		p.Variants[i].Available = true
	}
	return p
}

// normal leaves out what changes by itself, and writes values one way.
func normal(p catalog.Product) catalog.Product {
	p.Record = catalog.Record{}
	p.CreatedAt, p.UpdatedAt, p.PublishedAt = p.CreatedAt.UTC(), p.CreatedAt.UTC(), p.CreatedAt.UTC()
	p.NativeStatus, p.URL = "", "" // follow the status
	p.Tags = slices.Clone(p.Tags)
	slices.Sort(p.Tags)
	if len(p.Tags) == 0 {
		p.Tags = nil
	}
	p.Variants = slices.Clone(p.Variants)
	for i := range p.Variants {
		v := &p.Variants[i]
		v.CreatedAt, v.UpdatedAt = p.CreatedAt, p.CreatedAt
		v.InventoryItemID = "" // follows the SKU where stock is kept by it
	}
	return p
}

func productRefused(t testing.TB, s *suite) {
	x := s.openForWrites(t, catalog.CanWriteProducts)
	writer, _ := catalog.As[catalog.ProductWriter](x.engine)
	id := x.Products.IDs()[0]
	p, err := x.engine.Product(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	foreign, _ := catalog.NewMoney("1.00", "XTS")
	before := x.effects()
	changed := x.wire.changed()
	price := func(m catalog.Money) catalog.ProductPatch {
		return catalog.ProductPatch{Variants: []catalog.VariantPatch{{ID: p.Variants[0].ID, Price: catalog.Set(m)}}}
	}
	for what, patch := range map[string]catalog.ProductPatch{
		"a patch that names nothing":    {},
		"a negative price":              price(x.money("-1")),
		"a price that would be rounded": price(x.money("1.00001")),
		"a price in another currency":   price(foreign),
		"a malformed variant":           {Variants: []catalog.VariantPatch{{ID: s.MalformedIDs[0], SKU: catalog.Set("x")}}},
	} {
		_, err := writer.UpdateProduct(t.Context(), id, patch, catalog.WriteOptions{})
		x.fails(err, what, catalog.ErrInvalid)
	}
	for field, patch := range map[string]catalog.ProductPatch{"Product.Description": {Description: catalog.Set("x")}, "Product.Vendor": {Vendor: catalog.Set("x")},
		"Product.Type": {Type: catalog.Set("x")}, "Product.Tags": {Tags: catalog.Set([]string{"x"})}} {
		if !x.takes(field) {
			_, err := writer.UpdateProduct(t.Context(), id, patch, catalog.WriteOptions{})
			x.unwritable(err, field, changed)
		}
	}
	_, err = writer.UpdateProduct(t.Context(), s.MalformedIDs[0], catalog.ProductPatch{Title: catalog.Set("x")}, catalog.WriteOptions{})
	x.fails(err, "updating a malformed id", catalog.ErrInvalid)
	_, err = writer.CreateProduct(t.Context(), catalog.ProductInput{}, catalog.WriteOptions{})
	x.fails(err, "creating a product without a title", catalog.ErrInvalid)
	if n := x.wire.changed() - changed; n > 0 {
		t.Errorf("%d writes were sent that the adapter could see to be wrong", n)
	}
	_, err = writer.UpdateProduct(t.Context(), s.UnknownID, catalog.ProductPatch{Title: catalog.Set("x")}, catalog.WriteOptions{})
	x.fails(err, "updating an unknown product", catalog.ErrNotFound)
	if made := x.effects() - before; made > 0 {
		t.Errorf("%d effects of writes that were refused", made)
	}
}

// unwritable holds that a field the platform does not take was refused, and
// nothing sent since there were so many changes.
func (x *session) unwritable(err error, field string, changed int) {
	x.t.Helper()
	x.fails(err, "writing "+field, catalog.ErrInvalid, catalog.ErrUnsupported)
	if x.wire.changed() > changed {
		x.t.Errorf("%s was sent", field)
	}
}

func productDeleted(t testing.TB, s *suite) {
	x := s.openForWrites(t, catalog.CanWriteProducts)
	writer, _ := catalog.As[catalog.ProductWriter](x.engine)
	id := x.Products.Add()
	if err := writer.DeleteProduct(t.Context(), id, catalog.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	if slices.Contains(x.Products.IDs(), id) {
		t.Error("the product is still on the server")
	}
	if _, err := x.engine.Product(t.Context(), id); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("reading it: %v", err)
	}
	x.fails(writer.DeleteProduct(t.Context(), id, catalog.WriteOptions{}), "deleting it again", catalog.ErrNotFound)
	x.fails(writer.DeleteProduct(t.Context(), s.MalformedIDs[0], catalog.WriteOptions{}), "deleting a malformed id", catalog.ErrInvalid)
}
