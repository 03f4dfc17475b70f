package shopify_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/shopify"
)

// A host mounts one handler for all its platforms. The merchant is sent to
// Shopify's consent page, and from there to the route "callback".
func ExampleAdapter_ConnectPlan() {
	app, err := shopify.New(shopify.Config{ClientID: "app", ClientSecret: catalog.NewSecret("secret"), Scopes: []string{"read_products", "read_orders"}})
	if err != nil {
		log.Fatal(err)
	}
	registry := &catalog.Registry{}
	if err := registry.Register(app); err != nil {
		log.Fatal(err)
	}
	connect, err := auth.NewConnect(auth.ConnectConfig{
		Lifecycle: &auth.Lifecycle{Registry: registry, Accounts: &catalog.MemoryAccounts{}, Credentials: &catalog.MemoryCredentials{}},
		BaseURL:   "https://app.example.com/connect",
		Methods:   map[string][]string{"shopify": {shopify.ConnectInstall}},
	})
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/connect/", connect)

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/connect/shopify/start?shop=acme.myshopify.com", nil))
	to, err := w.Result().Location()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(w.Code, to.Host+to.Path)
	fmt.Println(to.Query().Get("redirect_uri"), to.Query().Get("scope"))
	// Output:
	// 303 acme.myshopify.com/admin/oauth/authorize
	// https://app.example.com/connect/shopify/callback read_products,read_orders
}
