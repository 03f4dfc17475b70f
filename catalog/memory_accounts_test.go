package catalog_test

import (
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/catalogtest/storetest"
)

func TestMemoryAccounts(t *testing.T) {
	t.Parallel()
	storetest.Accounts(t, func(*testing.T) catalog.Accounts { return &catalog.MemoryAccounts{} })
}
