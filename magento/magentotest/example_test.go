package magentotest_test

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/soukhq/souk/magento/magentotest"
)

func ExampleNewServer() {
	server := magentotest.NewServer(&magentotest.Config{Products: 10, BearerTokens: true})
	defer server.Close()
	product := server.AddProduct(magentotest.Product{SKU: "QAHWA/1", Name: "قهوة", Price: "25"})

	req, _ := http.NewRequest("GET", server.StoreURL()+"/rest/all/V1/products/QAHWA%2F1", nil)
	req.Header.Set("Authorization", "Bearer "+server.AccessToken())
	res, err := server.Client().Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	var answer struct {
		ID    int64
		Name  string
		Price json.Number
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(answer.Name, answer.Price, answer.ID == product.ID)
	fmt.Println("violations:", len(server.Violations()))
	// Output:
	// قهوة 25 true
	// violations: 0
}
