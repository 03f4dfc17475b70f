package catalog_test

import (
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest/storetest"
)

func TestMemoryCredentials(t *testing.T) {
	t.Parallel()
	storetest.Credentials(t, func(*testing.T) catalog.CredentialStore { return &catalog.MemoryCredentials{} })
}
