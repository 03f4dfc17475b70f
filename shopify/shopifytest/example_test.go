package shopifytest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/soukhq/souk/shopify/shopifytest"
)

func ExampleNewServer() {
	srv := shopifytest.NewServer(&shopifytest.Config{Products: 10})
	defer srv.Close()
	product := srv.AddProduct(shopifytest.Product{Title: "قهوة", Variants: []shopifytest.Variant{{SKU: "QAHWA-1", Price: "25.00"}}})

	body := `{"query":"{ productVariants(first: 1, query: \"sku:QAHWA-1\") { nodes { price product { legacyResourceId title } } } }"}`
	req, _ := http.NewRequest("POST", "https://"+srv.Shop()+"/admin/api/2026-07/graphql.json", strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Shopify-Access-Token", srv.Token())
	res, err := srv.Client().Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	var answer struct {
		Data struct {
			ProductVariants struct {
				Nodes []struct {
					Price   string
					Product struct {
						LegacyResourceID int64 `json:"legacyResourceId,string"`
						Title            string
					}
				}
			}
		}
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		fmt.Println(err)
		return
	}
	node := answer.Data.ProductVariants.Nodes[0]
	fmt.Println(node.Product.Title, node.Price, node.Product.LegacyResourceID == product.ID)
	fmt.Println("charged:", srv.Ledger().PointsCharged)
	// Output:
	// قهوة 25.00 true
	// charged: 4
}
