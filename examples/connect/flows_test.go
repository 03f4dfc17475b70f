package main

import (
	"path/filepath"
	"testing"
)

// flow is how a merchant walks from the first page to the connected store.
type flow struct {
	name string
	// walk ends on the page that shows the store.
	walk func(b *browser)
	// store is its name, scope one that is shown as granted ("" = none is).
	store, scope string
	// again opens the app from the platform once the store is connected; nil =
	// there is no such way. It ends on the store's page.
	again func(b *browser)
	// deny walks to where the merchant says no; nil = there is no such step.
	deny func(b *browser)
	// refresh says whether tokens expire, silent whether the platform tells nobody
	// that the app was removed.
	refresh, silent bool
}

const connected = "The store is connected"

var flows = []flow{
	{
		name: "shopify", store: "souk-demo.myshopify.com", scope: "read_products", refresh: true,
		walk: func(b *browser) {
			b.press("Connect Shopify", "Connect Shopify")
			b.press("Install the app", "Connect Shopify")
			b.press("Connect", "Install app on souk-demo.myshopify.com?")
			b.press("Install", connected)
		},
		deny: func(b *browser) {
			b.press("Connect Shopify", "Connect Shopify")
			b.press("Install the app", "Connect Shopify")
			b.press("Connect", "Install app on souk-demo.myshopify.com?")
			b.leave("Cancel")
			b.shows("The app was not installed.")
		},
	},
	{
		name: "salla", store: "1305146709", scope: "products.read", refresh: true,
		walk: func(b *browser) {
			b.press("Connect Salla", "Install the app?")
			b.press("Allow", connected)
		},
		deny: func(b *browser) {
			b.press("Connect Salla", "Install the app?")
			b.press("Deny", "The store was not connected")
		},
	},
	{
		name: "woocommerce", store: "https://woo.souk.example", scope: "read", silent: true,
		walk: func(b *browser) {
			b.grantOfWooCommerce()
			b.press("Approve", connected)
		},
		deny: func(b *browser) {
			b.grantOfWooCommerce()
			b.press("Deny", "The store was not connected")
		},
	},
	{
		// Ends in a window of the shop's, which closes itself.
		name: "magento", store: "https://magento.souk.example", silent: true,
		walk: func(b *browser) {
			b.press("Connect Magento", "Connect Magento")
			b.press("Activate an integration", "Connect Magento")
			b.press("Connect", "Make an integration in the shop")
			b.fits("magento-instructions")
			values := b.texts("dd code")
			back := b.link("Back to the stores")
			b.open(b.link("Open the shop’s page for a new integration (new tab)"), "New Integration")
			b.write(`input[name=endpoint]`, values[0])
			b.write(`input[name=identity_link_url]`, values[1])
			b.leave("Save and Activate")
			b.shows("The integration is activated.")
			b.open(back, "Connect a store")
			b.press("https://magento.souk.example", "")
		},
	},
	{
		name: "bigcommerce", store: "abc123xyz", scope: "store_v2_products",
		walk: func(b *browser) {
			b.press("Connect BigCommerce", "Connect BigCommerce")
			b.press("Install the app", "Install the app?")
			b.press("Install", connected)
		},
		again: func(b *browser) {
			b.press("Connect BigCommerce", "Connect BigCommerce")
			b.press("Install the app", "Install the app?")
			b.press("Open", "")
		},
		deny: func(b *browser) {
			b.press("Connect BigCommerce", "Connect BigCommerce")
			b.press("Install the app", "Install the app?")
			b.leave("Cancel")
			b.shows("The app was not installed.")
		},
	},
	{
		name: "salla-easy-mode", store: "1305146709", scope: "products.read", refresh: true,
		walk: func(b *browser) {
			first := b.address()
			b.press("Install from Salla’s app store", "Install the app?")
			b.press("Allow", "The app is installed")
			b.open(first, "Connect a store") // the tokens came by webhook
			b.press("1305146709", "Test")
		},
	},
}

// TestFlows walks every flow in a browser: the merchant says no, then yes; the
// program is stopped and started; the token expires; the app is removed.
func TestFlows(t *testing.T) {
	for _, f := range flows {
		t.Run(f.name, func(t *testing.T) {
			b := newBrowser(t)
			database := filepath.Join(t.TempDir(), "connect.db")
			p := start(t, database)
			if f.deny != nil {
				b.open(p.url+"/", "Connect a store")
				f.deny(b)
				b.fits(f.name + "-denied")
				b.open(p.url+"/", "Connect a store")
				b.shows("None is connected yet.")
			}
			b.open(p.url+"/", "Connect a store")
			f.walk(b)
			b.shows(f.store, f.scope, "Next refresh")
			if !f.refresh {
				b.shows("never: the key does not expire")
			}
			b.fits(f.name + "-connected")

			p.end()
			p = start(t, database)
			b.open(p.url+"/", "Connect a store")
			b.shows(f.store, "connected")
			b.fits(f.name + "-first")
			if f.again != nil {
				f.again(b)
				b.readsProducts()
				b.open(p.url+"/", "Connect a store")
			}
			b.press(f.store, "")
			b.readsProducts()
			b.fits(f.name + "-store")
			if f.refresh {
				b.press("Let the token expire", "")
				b.readsProducts()
			}
			status := "uninstalled"
			if f.silent {
				status = "must be connected again"
			}
			b.press("Remove the app from the store", f.store)
			b.shows(status, "Connect again")
			b.fits(f.name + "-removed")
			b.open(p.url+"/", "Connect a store")
			b.shows(f.store, status)
			f.walk(b)
			b.shows(f.store, f.scope, "connected")
		})
	}
}

// readsProducts fails the test unless the page shows what was read just now.
func (b *browser) readsProducts() {
	b.t.Helper()
	b.shows("Read just now", "connected")
	if n := b.count("table tbody tr"); n != 3 {
		b.t.Errorf("the page shows %d products, want 3:\n%s", n, b.text())
	}
}

// grantOfWooCommerce ends where the store asks its merchant to approve.
func (b *browser) grantOfWooCommerce() {
	b.t.Helper()
	b.press("Connect WooCommerce", "Connect WooCommerce")
	b.press("Approve in the store", "Connect WooCommerce")
	b.leave("Connect")
	if b.count("input[name=log]") > 0 { // not logged in yet
		b.leave("Login")
	}
	b.shows("would like to connect to your store")
}
