package sallatest_test

import (
	"fmt"
	"net/http"

	"github.com/soukhq/souk/salla/sallatest"
)

func Example() {
	server := sallatest.NewServer(&sallatest.Config{Products: 40})
	defer server.Close()
	server.Inject(sallatest.Throttle("2").On("GET", "/products"))

	client := server.Client()
	for range 2 {
		req, err := http.NewRequest("GET", "https://api.salla.dev/admin/v2/products", nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		req.Header.Set("Authorization", "Bearer "+server.Token())
		req.Header.Set("Accept", "application/json")
		res, err := client.Do(req)
		if err != nil {
			fmt.Println(err)
			return
		}
		res.Body.Close()
		fmt.Printf("%d %q\n", res.StatusCode, res.Header.Get("Retry-After"))
	}
	fmt.Println(server.Violations(), server.Ledger())
	// Output:
	// 429 "2"
	// 200 ""
	// [] {2 1 0 1}
}
