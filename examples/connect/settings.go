package main

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
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

// keyFile makes the key that encrypts credentials, once, or reads it.
func (s *settings) keyFile() (key catalog.Secret, path string, made bool, err error) {
	path = s.file + ".key"
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		info, err := os.Stat(path)
		if err == nil && info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
			err = fmt.Errorf("others may read the key in %s: chmod 600 it", path)
		}
		return catalog.NewSecret(strings.TrimSpace(string(text))), path, false, err
	case !errors.Is(err, fs.ErrNotExist):
		return key, path, false, err
	}
	if _, err := os.Stat(s.file); err == nil {
		return key, path, false, fmt.Errorf("the key of %s is gone: put %s back, or set SOUK_KEY, or remove the database and connect the stores again", s.file, path)
	}
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails
	key = catalog.NewSecret(base64.StdEncoding.EncodeToString(secret[:]))
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return key, path, false, err
	}
	_, err = file.WriteString(key.Reveal() + "\n")
	// The database is worthless without it, so it is on disk first.
	return key, path, true, errors.Join(err, file.Sync(), file.Close())
}
