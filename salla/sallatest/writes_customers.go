package sallatest

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

const customerInput = "first_name last_name mobile mobile_code_country email gender birthday groups location"

func createCustomer(c *call) {
	in, ok := c.input(customerInput)
	if !ok {
		return
	}
	fields := map[string][]string{}
	for _, name := range []string{"first_name", "last_name", "mobile", "mobile_code_country"} {
		if !in.has(name) {
			fields[name] = []string{"حقل " + name + " مطلوب"}
		}
	}
	var r Customer
	in.customer(&r, fields)
	if email := strings.ToLower(in.text("email")); email != "" {
		if slices.ContainsFunc(c.store.buyers.all(), func(o *Customer) bool { return strings.ToLower(o.Email) == email }) {
			fields["email"] = []string{"البريد الإلكتروني مستخدم من قبل."}
		}
	}
	if slices.ContainsFunc(c.store.buyers.all(), func(o *Customer) bool { return o.Mobile == r.Mobile && o.MobileCode == r.MobileCode }) {
		fields["mobile"] = []string{"رقم الجوال مستخدم من قبل."}
	}
	if len(fields) > 0 {
		c.failWith(http.StatusUnprocessableEntity, `"error"`, msgInvalid, fields)
		return
	}
	c.customer(c.store.AddCustomer(r))
}

// customer puts the fields that are there into r; the others stay.
func (in input) customer(r *Customer, fields map[string][]string) {
	for name, to := range map[string]*string{
		"first_name": &r.FirstName, "last_name": &r.LastName, "email": &r.Email, "gender": &r.Gender,
		"mobile_code_country": &r.MobileCode, "location": &r.Location,
	} {
		if in.has(name) {
			*to = in.text(name)
		}
	}
	if in.has("mobile") {
		n, ok := in.number("mobile")
		if !ok {
			fields["mobile"] = []string{"رقم الجوال غير صحيح."}
		}
		r.Mobile = n
	}
	if in.has("birthday") {
		t, err := time.ParseInLocation(layoutDay, in.text("birthday"), riyadh)
		if err != nil {
			fields["birthday"] = []string{"التاريخ لا يتوافق مع الشكل Y-m-d."}
		}
		r.Birthday = t
	}
	if in.has("groups") {
		r.Groups = in.ids("groups")
	}
}

func updateCustomer(c *call) {
	in, ok := c.input(customerInput)
	if !ok {
		return
	}
	id := c.id(0)
	r := c.store.buyers.get(id)
	if r == nil {
		c.notFound()
		return
	}
	fields := map[string][]string{}
	if in.customer(r, fields); len(fields) > 0 {
		c.failWith(http.StatusUnprocessableEntity, `"error"`, msgInvalid, fields)
		return
	}
	if c.store.UpdateCustomer(id, func(r *Customer) { in.customer(r, fields) }) != nil {
		c.notFound()
		return
	}
	c.customer(c.store.buyers.get(id))
}

func deleteCustomer(c *call) {
	if c.store.DeleteCustomer(c.id(0)) != nil {
		c.notFound()
		return
	}
	c.answer(http.StatusOK, func(w *writer) { w.texts("data", []string{"تم حذف Customer بنجاح"}) })
}
