package main

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// settings are what the command line and the environment say.
type settings struct {
	rate     float64 // deliveries a second
	quiet    bool
	logLevel slog.Level
	listen   string // host and port
	password catalog.Secret
	file     string
	key      catalog.Secret
}

// fastest is the highest rate, more than one machine gets through.
const fastest = 10_000

func readSettings(args []string, getenv func(string) string, stderr io.Writer) (settings, error) {
	s := settings{
		listen:   net.JoinHostPort(cmp.Or(getenv("APP_HOST"), "127.0.0.1"), cmp.Or(getenv("APP_PORT"), "8050")),
		password: catalog.NewSecret(getenv("APP_PASSWORD")),
		file:     getenv("DATABASE_PATH"),
		key:      catalog.NewSecret(getenv("SOUK_KEY")),
	}
	flags := flag.NewFlagSet("webhooks", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Float64Var(&s.rate, "rate", 2, "deliveries a second that the test servers send")
	flags.BoolVar(&s.quiet, "quiet", false, "run no test servers: receive from the platforms whose secrets are in the environment")
	flags.TextVar(&s.logLevel, "log", slog.LevelError, "least level that is logged: debug, info, warn or error")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q; see -help", flags.Arg(0))
	case !(s.rate > 0 && s.rate <= fastest):
		return s, fmt.Errorf("-rate must be above 0 and at most %d; -quiet sends none", fastest)
	}
	if s.file == "" {
		folder, err := os.UserConfigDir()
		if err != nil {
			return s, fmt.Errorf("set DATABASE_PATH: %w", err)
		}
		s.file = filepath.Join(folder, "souk", "webhooks.db")
		if err := os.MkdirAll(filepath.Dir(s.file), 0o700); err != nil {
			return s, err
		}
	}
	if s.key.IsZero() {
		var err error
		if s.key, err = keyFile(s.file); err != nil {
			return s, err
		}
	}
	return s, nil
}

// keyFile makes the key that encrypts credentials which arrive by webhook,
// once, or reads it.
func keyFile(database string) (catalog.Secret, error) {
	path := database + ".key"
	text, err := os.ReadFile(path)
	if err == nil {
		return catalog.NewSecret(strings.TrimSpace(string(text))), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return catalog.Secret{}, err
	}
	if _, err := os.Stat(database); err == nil {
		return catalog.Secret{}, fmt.Errorf("the key of %s is gone: put %s back, or set SOUK_KEY, or remove the database", database, path)
	}
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails
	key := base64.StdEncoding.EncodeToString(secret[:])
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return catalog.Secret{}, err
	}
	_, err = file.WriteString(key + "\n")
	// The database is worthless without it, so it is on disk first.
	return catalog.NewSecret(key), errors.Join(err, file.Sync(), file.Close())
}
