// Package magento holds the Magento adapter's requests and decoders against the
// vendor's descriptions, and its signatures and webhooks against vectors and
// samples. It has only tests.
package magento
