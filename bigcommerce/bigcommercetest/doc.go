// Package bigcommercetest runs a server inside the test process that behaves
// like BigCommerce.
package bigcommercetest
