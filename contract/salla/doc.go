// Package salla holds the Salla adapter's requests and decoders, and the test
// server's answers, against the vendor's description, samples and signature
// vectors. It has only tests.
package salla
