package sallatest

import (
	"fmt"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

const (
	itemRoom     = 256
	historyRoom  = 16
	shipmentRoom = 8
)

var (
	cities    = [][2]string{{"الرياض", "Riyadh"}, {"جدة", "Jeddah"}, {"مكة", "Mecca"}, {"الدمام", "Dammam"}}
	cityIDs   = []int64{1473353380, 566146469, 1939592358, 525144736}
	payments  = []string{"mada", "credit_card", "bank", "cod", "apple_pay", "stc_pay", "tabby_installment"}
	couriers  = []Ref{{1723506348, "سمسا"}, {989286562, "ارامكس"}, {814202285, "DHL Express"}}
	lifecycle = []string{
		"completed", "delivered", "in_progress", "under_review", "shipped", "delivering",
		"canceled", "restored", "payment_pending", "", "restoring", "completed",
	}
)

func (s *Store) seedAddress(r *serverkit.Rand, name, email, phone string) Address {
	c := r.N(len(cities))
	return Address{
		Name: name, Email: email, Phone: phone,
		Country: "السعودية", CountryID: 1473353380, CountryCode: "SA",
		City: cities[c][0], CityID: cityIDs[c],
		Line: "شارع الملك فهد، \"برج السلام\"، " + cities[c][0], Street: "طريق الملك فهد الفرعي",
		Block: "السلام", PostalCode: serverkit.Pick(r, []string{"12262", "", "23233"}),
		Latitude: "21.3825905096851", Longitude: "39.77319103068542", BuildingNo: "7687", AdditionalNo: "3010",
	}
}

// seedPlace returns when order i was placed; index 0 is the newest.
func (s *Store) seedPlaced(i int) time.Time {
	n := max(1, s.cfg.Orders)
	return s.cfg.Epoch.Add(-time.Duration(i+1) * 90 * 24 * time.Hour / time.Duration(n)).Truncate(time.Second)
}

func (s *Store) seedOrder(i int) *Order {
	r := serverkit.NewRand(s.cfg.Seed, kindOrder, i)
	o := &Order{
		index: i, ID: s.ids.encode(i), CheckoutID: s.ids.encode(i + 7), ReferenceID: int64(40_000_000 + s.cfg.Orders - i),
		Currency: "SAR", Status: orderStatus(lifecycle[i%len(lifecycle)]), PaymentMethod: serverkit.Pick(r, payments),
		Source: serverkit.Pick(r, []string{"store", "buy_as_gift", "dashboard", "mobile-app"}), CreatedAt: s.seedPlaced(i), TaxPercent: "15.00",
	}
	if i%8 == 3 {
		o.Currency = "AED"
	}
	if o.Status.Slug == "payment_pending" {
		o.Pending, o.PendingEnds = true, 3600+r.N(9000)
	} else if i%3 == 1 {
		o.PendingEnds = -1
	}
	if i%4 == 1 {
		o.Tags = []Ref{serverkit.Pick(r, tags)}
	}
	s.seedBuyer(o, r)
	s.seedItems(o, r)
	s.seedTotals(o, r)
	s.seedHistory(o, r)
	s.seedShipments(o, r)

	o.UpdatedAt = o.CreatedAt.Add(time.Duration(r.N(5*24*3600)) * time.Second)
	if d := i % 10; d >= 4 && d <= 6 { // three with one and the same second
		o.UpdatedAt = s.seedPlaced(i - d).Add(2 * time.Hour)
	}
	if o.UpdatedAt.After(s.cfg.Epoch) {
		o.UpdatedAt = s.cfg.Epoch
	}
	return o
}

func (s *Store) seedBuyer(o *Order, r *serverkit.Rand) {
	name, email, phone := "ضيف \"زائر\"", "guest@example.com", "966501724227"
	if o.index%6 != 5 && s.cfg.Customers > 0 {
		o.Customer = s.seedCustomer(r.N(s.cfg.Customers))
		name = o.Customer.FirstName + " " + o.Customer.LastName
		email, phone = o.Customer.Email, fmt.Sprintf("966%d", o.Customer.Mobile)
	}
	o.Receiver = Address{Name: name, Email: email, Phone: phone}
	o.ShipTo = s.seedAddress(r, name, email, phone)
	if s.cfg.Branches > 0 {
		o.BranchID = s.ids.encode(r.N(s.cfg.Branches))
	}
}

func (s *Store) seedItems(o *Order, r *serverkit.Rand) {
	n := 1 + r.N(4)
	if o.index == 8 {
		n = 120 // the order that is far longer than any page
	}
	for k := range n {
		it := OrderItem{
			ID: s.ids.encode(o.index*itemRoom + k), Name: "منتج مخصص", Quantity: 1 + r.N(3), Weight: "0.5", Price: "66.00",
		}
		if s.cfg.Products > 0 {
			p := s.seedProduct(r.N(s.cfg.Products))
			it.ProductID, it.Name, it.SKU, it.Weight, it.Price = p.ID, p.Name, p.SKU, p.Weight, p.Price
			o.Shippable = o.Shippable || p.Weight != "0"
			if len(p.Variants) > 0 {
				v := serverkit.Pick(r, p.Variants)
				it.VariantID, it.SKU = v.ID, v.SKU
				it.Options = s.seedItemOptions(o.index*itemRoom+k, p, v, r)
			}
			if p.Type == "codes" {
				it.Codes = []string{fmt.Sprintf("sD%dS", k)}
			}
		}
		line := toCents(it.Price) * int64(it.Quantity)
		off := int64(0)
		if o.index%5 == 2 && k == 0 {
			off = line / 10
		}
		tax := (line - off) * 15 / 100
		it.Discount, it.Tax, it.Total = cents(off), cents(tax), cents(line-off+tax)
		o.Items = append(o.Items, it)
	}
}

// seedItemOptions gives the value its three forms: object, array and scalar.
func (s *Store) seedItemOptions(base int, p *Product, v Variant, r *serverkit.Rand) []ItemOption {
	var out []ItemOption
	for k, o := range p.Options {
		at := 0
		for n, value := range o.Values {
			if value.ID == v.Values[k] {
				at = n
			}
		}
		var w writer
		w.obj("")
		w.id("id", v.Values[k])
		w.str("name", o.Values[at].Name)
		w.money("price", "0", p.Currency)
		w.end()
		opt := ItemOption{ID: s.ids.encode(base*optionRoom + k), ProductOptionID: o.ID, Name: o.Name, Type: "radio", Value: string(w.b)}
		if k == 1 && r.N(2) == 0 {
			opt.Type, opt.Value = "checkbox", "["+opt.Value+"]"
		}
		out = append(out, opt)
	}
	if r.N(3) == 0 {
		scalar := serverkit.Pick(r, []string{`"إهداء 🎁"`, "0", "false"})
		out = append(out, ItemOption{ID: s.ids.encode(base*optionRoom + 7), Name: "ملاحظة", Type: "text", Value: scalar})
	}
	return out
}

func (s *Store) seedTotals(o *Order, r *serverkit.Rand) {
	var sub, tax, off int64
	for _, it := range o.Items {
		sub += toCents(it.Price) * int64(it.Quantity)
		tax += toCents(it.Tax)
		off += toCents(it.Discount)
	}
	var shipping, cash int64
	if o.Shippable {
		shipping = 1500 + 100*int64(r.N(20))
	}
	if o.PaymentMethod == "cod" {
		cash = 500
	}
	if off > 0 {
		o.Discounts = []Discount{{Title: "كوبون جديد", Type: "normal", Code: "kb123", Amount: cents(off), Shipping: "0.00"}}
	}
	o.SubTotal, o.ShippingCost, o.CashFee, o.Tax = cents(sub), cents(shipping), cents(cash), cents(tax)
	o.Total = cents(sub - off + shipping + cash + tax)
}

func (s *Store) seedHistory(o *Order, r *serverkit.Rand) {
	path := []string{"under_review"}
	switch o.Status.Slug {
	case "payment_pending":
		path = []string{"payment_pending"}
	case "under_review":
	case "in_progress", "canceled":
		path = append(path, o.Status.Slug)
	default:
		path = append(path, "in_progress", o.Status.Slug)
	}
	for k, slug := range path {
		h := History{
			ID: s.ids.encode(o.index*historyRoom + k), Status: orderStatus(slug),
			CreatedAt: o.CreatedAt.Add(time.Duration(k*(20+r.N(20))) * time.Minute),
		}
		if k > 0 {
			h.Note, h.By = "تم تحديث الطلب ✅", &Ref{idFirst, "أحمد Conn"}
		}
		o.Histories = append([]History{h}, o.Histories...)
	}
}

func (s *Store) seedShipments(o *Order, r *serverkit.Rand) {
	state := map[string]string{
		"in_progress": "created", "shipped": "shipped", "delivering": "delivering", "delivered": "delivered",
		"completed": "delivered", "restored": "delivered", "restoring": "delivered", "": "in_progress",
	}[o.Status.Slug]
	if state == "" || !o.Shippable {
		return
	}
	n := 1
	if o.index%9 == 0 && len(o.Items) > 1 {
		n = 2
	}
	if o.Status.Slug == "restored" {
		n++
	}
	for k := range n {
		courier := couriers[(o.index+k)%len(couriers)]
		at := o.CreatedAt.Add(time.Duration(2+k) * time.Hour)
		sh := Shipment{
			ID: s.ids.encode(o.index*shipmentRoom + k), OrderID: o.ID, Type: "shipment", Status: state,
			CourierID: courier.ID, CourierName: courier.Name, ShippingNumber: fmt.Sprintf("84%07d", o.index*4+k),
			PaymentMethod: "pre_paid", Cost: o.ShippingCost, To: o.ShipTo, CreatedAt: at,
			From: s.seedAddress(r, "الفرع الرئيسي", "", "966555555555"),
		}
		sh.From.BranchID = o.BranchID
		if o.PaymentMethod == "cod" {
			sh.PaymentMethod = "cod"
		}
		if k > 0 && k == n-1 && o.Status.Slug == "restored" {
			sh.Type, sh.From, sh.To = "return", sh.To, sh.From
		}
		for j, it := range o.Items {
			if sh.Type == "return" || n == 1 || j%2 == k%2 {
				sh.ItemIDs = append(sh.ItemIDs, it.ID)
			}
		}
		sh.History = []Tracking{{"created", "تم إنشاء الشحنة", at}}
		if state != "created" {
			sh.TrackingNumber = fmt.Sprintf("43%08d", o.index*4+k)
			sh.TrackingLink = "https://track.example.com/" + sh.TrackingNumber
			sh.Label = "https://labels.example.com/" + sh.TrackingNumber + ".pdf"
			sh.History = append([]Tracking{{state, "الشحنة في الطريق", at.Add(6 * time.Hour)}}, sh.History...)
		}
		o.Shipments = append(o.Shipments, sh)
	}
}
