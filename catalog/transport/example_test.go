package transport_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

func Example() {
	platform := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"products":[{"id":1},{"id":2}],"next":"c2"}`)
	}))
	defer platform.Close()

	client, err := transport.New(transport.Config{Platform: "acme"})
	if err != nil {
		log.Fatal(err)
	}
	budget, err := transport.NewBucket(transport.BucketConfig{Capacity: 40, RestoreRate: 2})
	if err != nil {
		log.Fatal(err)
	}
	address, err := url.Parse(platform.URL + "/products.json")
	if err != nil {
		log.Fatal(err)
	}
	resp, err := client.Do(context.Background(), &transport.Request{
		Op: "list products", URL: address, Cost: 1, Budget: budget, Credential: catalog.StaticToken("token"),
	})
	if err != nil {
		log.Fatal(err)
	}
	page, err := transport.OpenPage(resp.Body, "products")
	if err != nil {
		log.Fatal(err)
	}
	for _, raw := range page.Items {
		fmt.Printf("%s\n", raw)
	}
	fmt.Printf("next: %s\n", page.Field("next"))
	// Output:
	// {"id":1}
	// {"id":2}
	// next: "c2"
}

func ExamplePages() {
	pages := transport.Pages(context.Background(), 1, func(_ context.Context, n int) (string, int, bool, error) {
		return fmt.Sprintf("page %d", n), n + 1, n < 3, nil
	})
	for page, err := range pages {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(page)
	}
	// Output:
	// page 1
	// page 2
	// page 3
}
