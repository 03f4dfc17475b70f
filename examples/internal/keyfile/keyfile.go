// Package keyfile keeps the key that encrypts credentials in a file beside a
// database, for programs that nobody gave one. It protects a copy of the
// database alone: in production the key comes from a secret store.
package keyfile

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// Path is where the key of a database lies.
func Path(database string) string { return database + ".key" }

// Open reads the key of a database, 32 random bytes in base64, or makes it once,
// with made true; the folder must be there. It is an error where others than its
// owner may read the file, and where the database is there without its key: a
// new one would not open what is in it.
func Open(database string) (key catalog.Secret, made bool, err error) {
	path := Path(database)
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		info, err := os.Stat(path)
		if err == nil && info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
			err = fmt.Errorf("others may read the key in %s: chmod 600 it", path)
		}
		return catalog.NewSecret(strings.TrimSpace(string(text))), false, err
	case !errors.Is(err, fs.ErrNotExist):
		return key, false, err
	}
	if _, err := os.Stat(database); err == nil {
		return key, false, fmt.Errorf("the key of %s is gone: put %s back, or set SOUK_KEY, or remove the database and begin again", database, path)
	}
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails
	key = catalog.NewSecret(base64.StdEncoding.EncodeToString(secret[:]))
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return key, false, err
	}
	_, err = file.WriteString(key.Reveal() + "\n")
	// The database is worthless without it, so it is on disk first.
	return key, true, errors.Join(err, file.Sync(), file.Close())
}
