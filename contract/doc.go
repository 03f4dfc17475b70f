// Package contract holds souk's requests and fixtures against the platforms'
// own specifications. It has tests only, one folder per platform:
//
//	cd contract
//	go test -v ./... | grep '^contract:'
//
// prints how much of each specification was held against the code.
//
// The specifications belong to the platforms' vendors and are not part of the
// repository. They are looked for in a folder shared/specs in the folders
// above, or where the variable SOUK_SPECS says. Without them every test here
// is skipped, or fails where SOUK_SPECS_REQUIRED=1 or CI=true says that they
// must be there.
package contract
