package main

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/soukhq/souk/catalog"
)

// settings are what the environment says.
type settings struct {
	listen   string // host and port
	baseURL  string // the public address, without a slash at the end
	password catalog.Secret
	postgres string // a connection string; "" = SQLite
	file     string // of SQLite
	key      catalog.Secret
	// inside says that nothing of a platform is set, nor a public address: all of
	// them are servers inside the program.
	inside bool
	getenv func(string) string
}

func readSettings(getenv func(string) string) (settings, error) {
	s := settings{
		listen:   net.JoinHostPort(cmp.Or(getenv("APP_HOST"), "127.0.0.1"), cmp.Or(getenv("APP_PORT"), "8050")),
		baseURL:  strings.TrimSuffix(getenv("APP_URL"), "/"),
		password: catalog.NewSecret(getenv("APP_PASSWORD")),
		postgres: getenv("DATABASE_URL"),
		file:     getenv("DATABASE_PATH"),
		key:      catalog.NewSecret(getenv("SOUK_KEY")),
		inside:   getenv("APP_URL") == "", getenv: getenv,
	}
	for _, p := range platforms {
		for _, name := range p.keys {
			s.inside = s.inside && getenv(name) == ""
		}
	}
	public := s.baseURL
	if public == "" {
		public = "http://" + s.listen
	}
	u, err := url.Parse(public)
	if err != nil || u.Host == "" {
		return s, errors.New("APP_URL is not an address such as https://app.example.com")
	}
	switch ip := net.ParseIP(u.Hostname()); {
	case u.Hostname() == "localhost" || ip != nil && ip.IsLoopback():
	case s.baseURL == "":
		return s, errors.New("APP_HOST is not this machine alone: set APP_URL to the https address that browsers and platforms reach the program at")
	case s.password.IsZero():
		return s, errors.New("APP_URL is public: set APP_PASSWORD, which the pages that show all stores will ask for")
	}
	return s, s.chooseFile()
}

// chooseFile says where SQLite keeps the stores. What the servers inside the
// program granted is kept apart from real stores: a token that meets the wrong
// platform is lost.
func (s *settings) chooseFile() error {
	if s.inside && s.postgres != "" {
		return errors.New("DATABASE_URL is set, but no platform's credentials are: a database is for real stores")
	}
	if s.file == "" {
		folder, err := os.UserConfigDir()
		if err != nil {
			return fmt.Errorf("set DATABASE_PATH: %w", err)
		}
		s.file = filepath.Join(folder, "souk", "connect.db")
		if s.postgres == "" {
			if err := os.MkdirAll(filepath.Dir(s.file), 0o700); err != nil {
				return err
			}
		}
	}
	if s.inside {
		end := filepath.Ext(s.file)
		s.file = strings.TrimSuffix(s.file, end) + "-inside" + end
	}
	return nil
}
