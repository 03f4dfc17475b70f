// Package shopify holds the Shopify adapter's documents, requests and decoders
// against the vendor's schemas, samples and signature vectors. It has only
// tests.
package shopify
