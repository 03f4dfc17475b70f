package woocommercetest_test

import (
	"fmt"
	"net/http"

	"github.com/soukhq/souk/woocommerce/woocommercetest"
)

func Example() {
	server := woocommercetest.NewServer(&woocommercetest.Config{Products: 40})
	defer server.Close()
	server.Inject(woocommercetest.Maintenance().On("GET", "/products"))

	client := server.Client()
	for range 2 {
		req, err := http.NewRequest("GET", server.StoreURL()+"/wp-json/wc/v3/products?per_page=20", nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		req.SetBasicAuth(server.ConsumerKey(), server.ConsumerSecret())
		res, err := client.Do(req)
		if err != nil {
			fmt.Println(err)
			return
		}
		res.Body.Close()
		fmt.Printf("%d %s %q\n", res.StatusCode, res.Header.Get("Content-Type"), res.Header.Get("X-WP-Total"))
	}
	fmt.Println(server.Violations(), server.Ledger().Injected)
	// Output:
	// 503 text/html; charset=UTF-8 ""
	// 200 application/json; charset=UTF-8 "40"
	// [] 1
}
