// Package bigcommerce holds the BigCommerce adapter's requests, decoders,
// errors and webhooks against the vendor's OpenAPI files, samples and vectors.
// It has only tests.
package bigcommerce
