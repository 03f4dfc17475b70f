package sqlstore_test

import (
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/catalog/catalogtest/storetest"
	"github.com/soukhq/souk/sqlstore"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	suite(t, func(t *testing.T) []*sqlstore.Store { return []*sqlstore.Store{sqliteDatabase(t).handle(t)} })
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	suite(t, func(t *testing.T) []*sqlstore.Store { return []*sqlstore.Store{postgresDatabase(t).handle(t)} })
}

// As above, through the handles that three processes would have.
func TestPostgresShared(t *testing.T) {
	t.Parallel()
	suite(t, func(t *testing.T) []*sqlstore.Store {
		d := postgresDatabase(t)
		return []*sqlstore.Store{d.handle(t), d.handle(t), d.handle(t)}
	})
}

func suite(t *testing.T, open func(*testing.T) []*sqlstore.Store) {
	t.Run("accounts", func(t *testing.T) {
		storetest.Accounts(t, func(t *testing.T) catalog.Accounts {
			var handles []catalog.Accounts
			for _, s := range open(t) {
				handles = append(handles, s.Accounts())
			}
			return storetest.SpreadAccounts(handles...)
		})
	})
	t.Run("credentials", func(t *testing.T) {
		storetest.Credentials(t, func(t *testing.T) catalog.CredentialStore {
			var handles []catalog.CredentialStore
			for _, s := range open(t) {
				handles = append(handles, s.Credentials())
			}
			return storetest.SpreadCredentials(handles...)
		})
	})
	t.Run("states", func(t *testing.T) {
		storetest.States(t, func(t *testing.T) (auth.States, func(time.Duration)) {
			var handles []auth.States
			var c clock
			for _, s := range open(t) {
				s.SetClock(c.now)
				handles = append(handles, s.States())
			}
			return storetest.SpreadStates(handles...), c.pass
		})
	})
}
