package sallatest

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

const customerInput = "first_name last_name mobile mobile_code_country email gender birthday groups location"

// createCustomer needs a first name and a way to reach the customer. Nobody
// else may have the address or the number.
func createCustomer(c *call) {
	in, ok := c.input(customerInput)
	if !ok {
		return
	}
	bad := complaints{}
	if in.text("first_name") == "" {
		bad["first_name"] = []string{"الاسم الاول للعميل مطلوب"}
	}
	if in.text("mobile") == "" && in.text("email") == "" {
		bad.about("mobile", msgRequired)
	}
	if in.text("mobile") != "" && in.text("mobile_code_country") == "" {
		bad.about("mobile_code_country", msgRequired)
	}
	var r Customer
	in.customer(&r, bad)
	if c.store.unique(&r, in, bad); c.refused(bad) {
		return
	}
	made := c.store.AddCustomer(r)
	c.effect(made.ID)
	c.customer(made)
}

// customer puts the fields that are named into r and adds complaints to bad;
// the others stay.
func (in input) customer(r *Customer, bad complaints) {
	for name, to := range map[string]*string{
		"first_name": &r.FirstName, "last_name": &r.LastName, "email": &r.Email, "gender": &r.Gender,
		"mobile_code_country": &r.MobileCode, "location": &r.Location,
	} {
		if in.names(name) {
			*to = in.text(name)
		}
	}
	if in.names("first_name") && r.FirstName == "" {
		bad["first_name"] = []string{"الاسم الاول للعميل مطلوب"}
	}
	if in.names("email") && r.Email != "" && !strings.Contains(r.Email, "@") {
		bad["email"] = []string{"البريد الإلكتروني غير صحيح."}
	}
	if in.names("gender") && !slices.Contains([]string{"", "male", "female"}, r.Gender) {
		bad.about("gender", msgNoValue)
	}
	if in.has("mobile") && in.text("mobile") != "" {
		n, ok := in.number("mobile")
		if !ok || n <= 0 || strings.HasPrefix(in.text("mobile"), "+") {
			bad["mobile"] = []string{"رقم الجوال غير صحيح."}
		}
		r.Mobile = n
	}
	if in.names("birthday") {
		t, err := time.ParseInLocation(layoutDay, in.text("birthday"), riyadh)
		if err != nil && in.text("birthday") != "" {
			bad["birthday"] = []string{"التاريخ لا يتوافق مع الشكل Y-m-d."}
		}
		r.Birthday = t
	}
	if in.names("groups") {
		r.Groups = in.ids("groups")
	}
}

// unique complains when another customer has the address or the number of the
// body.
func (s *Store) unique(r *Customer, in input, bad complaints) {
	code := func(c *Customer) string { return strings.TrimPrefix(c.MobileCode, "+") }
	for _, o := range s.buyers.all() {
		if o.ID == r.ID {
			continue
		}
		if in.names("email") && r.Email != "" && strings.EqualFold(o.Email, r.Email) {
			bad["email"] = []string{"البريد الإلكتروني مستخدم من قبل."}
		}
		if in.names("mobile") && r.Mobile != 0 && o.Mobile == r.Mobile && code(o) == code(r) {
			bad["mobile"] = []string{"رقم الجوال مستخدم من قبل."}
		}
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
	bad := complaints{}
	in.customer(r, bad)
	if c.store.unique(r, in, bad); c.refused(bad) {
		return
	}
	found, changed := c.store.buyers.edit(id, func(r *Customer) { in.customer(r, bad) }, func(r *Customer) { r.UpdatedAt = c.store.stamp() })
	if changed {
		c.effect(id)
	}
	if !found {
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
	c.effect(c.id(0))
	c.answer(http.StatusOK, func(w *writer) { w.texts("data", []string{"تم حذف Customer بنجاح"}) })
}
