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

// parts is the same part of each store.
func parts[P any](stores []*sqlstore.Store, part func(*sqlstore.Store) P) []P {
	list := make([]P, len(stores))
	for i, s := range stores {
		list[i] = part(s)
	}
	return list
}

func suite(t *testing.T, open func(*testing.T) []*sqlstore.Store) {
	t.Run("accounts", func(t *testing.T) {
		storetest.Accounts(t, func(t *testing.T) catalog.Accounts {
			return storetest.SpreadAccounts(parts(open(t), (*sqlstore.Store).Accounts)...)
		})
	})
	t.Run("credentials", func(t *testing.T) {
		storetest.Credentials(t, func(t *testing.T) catalog.CredentialStore {
			return storetest.SpreadCredentials(parts(open(t), (*sqlstore.Store).Credentials)...)
		})
	})
	t.Run("states", func(t *testing.T) {
		storetest.States(t, func(t *testing.T) (auth.States, func(time.Duration)) {
			var c clock
			stores := open(t)
			for _, s := range stores {
				s.SetClock(c.now)
			}
			return storetest.SpreadStates(parts(stores, (*sqlstore.Store).States)...), c.pass
		})
	})
}
