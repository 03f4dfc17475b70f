// Package woocommerce holds the WooCommerce adapter's requests, signatures and
// decoders against what a real store was asked, answered and sent. It has only
// tests.
package woocommerce
