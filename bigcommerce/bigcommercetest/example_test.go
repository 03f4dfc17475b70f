package bigcommercetest_test

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"

	"github.com/soukhq/souk/bigcommerce/bigcommercetest"
)

func Example() {
	srv := bigcommercetest.NewServer(&bigcommercetest.Config{Products: 3})
	defer srv.Close()

	srv.Inject(bigcommercetest.Throttle(1500, "2").On("GET", "/v3/catalog/products"))
	for range 2 {
		req, err := http.NewRequest(http.MethodGet, srv.StoreURL()+"/v3/catalog/products", nil)
		if err != nil {
			log.Fatal(err)
		}
		req.Header.Set("X-Auth-Token", srv.Token())
		req.Header.Set("Accept", "application/json")
		res, err := srv.Client().Do(req)
		if err != nil {
			log.Fatal(err)
		}
		var page struct{ Data []struct{ ID int } }
		err = json.NewDecoder(res.Body).Decode(&page)
		_ = res.Body.Close()
		fmt.Println(res.StatusCode, res.Header.Get("X-Rate-Limit-Time-Reset-Ms") == "1500", len(page.Data), err)
	}
	fmt.Println(len(srv.Violations()), srv.Ledger().Answered)
	// Output:
	// 429 true 0 <nil>
	// 200 false 3 <nil>
	// 0 1
}
