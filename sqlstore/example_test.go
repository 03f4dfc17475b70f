package sqlstore_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/sqlstore"
)

func Example() {
	folder, err := os.MkdirTemp("", "souk")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	ctx, path := context.Background(), filepath.Join(folder, "souk.db")
	keys := sqlstore.Keys{Current: sqlstore.NewKey("2026")} // a host reads it from where its secrets are

	store, err := sqlstore.OpenSQLite(ctx, path, keys)
	if err != nil {
		log.Fatal(err)
	}
	err = store.Accounts().Put(ctx, catalog.Account{ID: "tenant-42", Platform: "salla", Store: "1305146709"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = store.Credentials().CompareAndSwap(ctx, "tenant-42", 0, catalog.Credential{AccessToken: catalog.NewSecret("secret")})
	if err != nil {
		log.Fatal(err)
	}

	// The keys change: what is stored moves to the new one.
	if err := store.Close(); err != nil {
		log.Fatal(err)
	}
	store, err = sqlstore.OpenSQLite(ctx, path, sqlstore.Keys{Current: sqlstore.NewKey("2027"), Old: []sqlstore.Key{keys.Current}})
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()
	moved, err := store.Reseal(ctx)
	fmt.Println(moved, err)

	stored, err := store.Credentials().Load(ctx, "tenant-42")
	fmt.Println(stored.Credential.AccessToken, stored.Version, err)
	// Output:
	// 1 <nil>
	// REDACTED 1 <nil>
}
