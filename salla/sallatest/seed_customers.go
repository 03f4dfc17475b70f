package sallatest

import (
	"fmt"
	"time"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

var (
	firstNames = [][2]string{{"أحمد", "ahmed"}, {"سارة", "sarah"}, {"محمد", "mohammed"}, {"نورة", "noura"}, {"Ali", "ali"}, {"عبد الله", "abdullah"}}
	lastNames  = []string{"العتيبي", "Conn", "الحربي", "O'Neill", "القحطاني", "\"أبو فهد\""}
	groupList  = []Ref{{2075683582, "VIP Customers"}, {2075683583, "Golden Customers"}, {11323141, "جملة"}}
)

// seedCustomer makes customer i; index 0 is the newest. Every seventh is odd:
// without mail, city or country.
func (s *Store) seedCustomer(i int) *Customer {
	r := serverkit.NewRand(s.cfg.Seed, kindCustomer, i)
	first := serverkit.Pick(r, firstNames)
	n := max(1, s.cfg.Customers)
	c := &Customer{
		index: i, ID: s.ids.encode(i), FirstName: first[0], LastName: serverkit.Pick(r, lastNames),
		Mobile: int64(500_000_000 + i*37%99_999_999), MobileCode: serverkit.Pick(r, []string{"+966", "966"}),
		Email: fmt.Sprintf("%s%d@example.com", first[1], i), Gender: serverkit.Pick(r, []string{"male", "female"}),
		City: serverkit.Pick(r, cities)[0], Country: "السعودية", CountryCode: serverkit.Pick(r, []string{"SA", "sa"}), Currency: "SAR",
		Location: "حي المحمدية - شارع عبدالعزيز", Language: "ar",
		CreatedAt: s.cfg.Epoch.Add(-time.Duration(i+1) * 180 * 24 * time.Hour / time.Duration(n)).Truncate(time.Second),
	}
	if i%9 == 2 {
		c.Mobile, c.MobileCode, c.Country, c.CountryCode, c.Currency = int64(561_000_000+i), "+971", "الامارات", "AE", "AED"
	}
	if i%3 == 0 {
		c.Birthday = time.Date(1970+i%40, 6, 3, 0, 0, 0, 0, riyadh)
	}
	if i%7 == 3 {
		c.Email, c.City, c.Country, c.CountryCode, c.Gender, c.Location = "", "", "", "", "", ""
	}
	for k := range r.N(3) {
		c.Groups = append(c.Groups, groupList[(i+k)%len(groupList)].ID)
	}
	c.UpdatedAt = c.CreatedAt.Add(time.Duration(r.N(3600)) * time.Second)
	return c
}

func (s *Store) seedBranch(i int) *Branch {
	r := serverkit.NewRand(s.cfg.Seed, kindBranch, i)
	b := &Branch{
		ID: s.ids.encode(i), Name: fmt.Sprintf("فرع %s", cities[i%len(cities)][0]), Code: fmt.Sprintf("BR%02d", i),
		Status: "active", Type: "branch", Default: i == 0, Open: i%4 != 3,
		Phone: fmt.Sprintf("+9665082658%02d", i%100), Address: s.seedAddress(r, "", "", ""),
	}
	b.Address.City, b.Address.CityID = cities[i%len(cities)][0], cityIDs[i%len(cities)]
	if i%5 == 2 {
		b.Type, b.Phone = "warehouse", ""
	}
	if i%6 == 4 {
		b.Status = "inactive"
	}
	return b
}
