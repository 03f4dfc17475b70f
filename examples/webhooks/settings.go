package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/examples/internal/keyfile"
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
		if s.key, _, err = keyfile.Open(s.file); err != nil {
			return s, err
		}
	}
	return s, nil
}
