package sqlstore_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
	"github.com/soukhq/souk/salla"
	"github.com/soukhq/souk/salla/sallatest"
	"github.com/soukhq/souk/sqlstore"
	"github.com/soukhq/souk/sqlstore/internal/pgtest"
)

// canaries makes secrets and remembers every form they could leak in.
type canaries struct{ needles map[string][]byte }

func (c *canaries) secret(name string) catalog.Secret {
	text := "cánary<&>\"" + rand.Text() + rand.Text()
	c.watch(name, text)
	return catalog.NewSecret(text)
}

func (c *canaries) watch(name, text string) {
	if c.needles == nil {
		c.needles = map[string][]byte{}
	}
	escaped, _ := json.Marshal(text)
	c.needles[name+", raw"] = []byte(text)
	c.needles[name+", JSON"] = bytes.Trim(escaped, `"`)
	c.needles[name+", hex"] = []byte(hex.EncodeToString([]byte(text)))
	for skip := range 3 { // wherever in a longer text it starts
		for alphabet, e := range map[string]*base64.Encoding{"base64": base64.RawStdEncoding, "base64url": base64.RawURLEncoding} {
			c.needles[fmt.Sprintf("%s, %s at %d", name, alphabet, skip)] = []byte(e.EncodeToString([]byte(text)[skip : len(text)-(len(text)-skip)%3]))
		}
	}
}

// search reports every canary in the files of a folder.
func (c *canaries) search(t *testing.T, folder string) (bytesRead int) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return nil // a server's temporary file that went
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		bytesRead += len(data)
		c.look(t, path, data)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return bytesRead
}

func (c *canaries) look(t *testing.T, where string, data []byte) {
	t.Helper()
	for name, needle := range c.needles {
		if bytes.Contains(data, needle) {
			t.Errorf("%s is in %s", name, where)
		}
	}
}

func TestNoSecretInTheDatabase(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *database) {
		var c canaries
		keys := sqlstore.Keys{Current: sqlstore.NewKey("current"), Old: []sqlstore.Key{sqlstore.NewKey("old")}}
		c.watch("the key", keys.Current.Secret.Reveal())
		raw, err := base64.StdEncoding.DecodeString(keys.Current.Secret.Reveal())
		if err != nil {
			t.Fatal(err)
		}
		c.needles["the key's bytes"] = raw
		s := d.with(t, keys)
		credential := catalog.Credential{
			AccessToken: c.secret("access token"), RefreshToken: c.secret("refresh token"), Key: c.secret("key"), Secret: c.secret("secret"),
			TokenSecret: c.secret("token secret"), WebhookSecrets: []catalog.Secret{c.secret("webhook secret"), c.secret("older webhook secret")},
		}
		const marker = "findable-marker"
		stateKey := c.secret("state key").Reveal()
		var texts []string
		note := func(err error) {
			if err != nil {
				texts = append(texts, fmt.Sprintf("%v %+v %#v", err, err, err))
			}
		}
		version, err := s.Credentials().CompareAndSwap(t.Context(), marker, 0, credential)
		note(err)
		_, err = s.Credentials().CompareAndSwap(t.Context(), marker, version+7, credential)
		note(err)
		note(s.Credentials().BeginRefresh(t.Context(), marker, version, catalog.RefreshIntent{
			Attempt: "a", Fingerprint: catalog.Fingerprint(credential.RefreshToken), StartedAt: time.Now(), Deadline: time.Now()}))
		note(s.States().Put(t.Context(), stateKey, c.secret("state value"), time.Now().Add(time.Hour)))
		note(s.States().Put(t.Context(), stateKey, c.secret("second state value"), time.Now().Add(time.Hour)))
		next := credential
		next.AccessToken, next.RefreshToken = c.secret("next access token"), c.secret("next refresh token")
		_, err = s.Credentials().CompareAndSwap(t.Context(), marker, version, next)
		note(err)
		stored, err := s.Credentials().Load(t.Context(), marker)
		note(err)
		texts = append(texts, fmt.Sprintf("%+v %#v", stored, stored))
		shut(t, s)
		_, err = d.open(sqlstore.Keys{Current: sqlstore.NewKey("current")}) // a wrong key
		note(err)
		s = d.with(t, keys)
		_, err = s.States().Take(t.Context(), "another")
		note(err)
		folder := filepath.Dir(d.dsn)
		if d.name == "postgres" {
			folder = pgtest.Files()
			run(t, d.raw(t), "CHECKPOINT")
		}
		read := c.search(t, folder) // while it is open, with its log
		shut(t, s)
		c.search(t, folder)
		for _, text := range texts {
			c.look(t, "an error or a print", []byte(text))
		}
		if len(texts) < 4 {
			t.Errorf("only %d texts were looked at", len(texts))
		}
		if read == 0 || !holdsBytes(folder, []byte(marker)) {
			t.Error("the files that were searched are not the database's")
		}
	})
}

// A refresh, one that is refused and one whose answer is lost, with everything
// logged.
func TestNoSecretInARefresh(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *database) {
		var c canaries
		var log safeBuffer
		m, s, folder := newMarket(t), d.handle(t), t.TempDir()
		c.watch("client secret", m.ClientSecret())
		adapter, err := salla.New(salla.Config{ClientID: m.ClientID(), ClientSecret: catalog.NewSecret(m.ClientSecret()), Attempts: 1,
			Transport: toMarket{m.address(), &http.Transport{}}, Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
		if err != nil {
			t.Fatal(err)
		}
		stores, err := hosts(s, adapter, auth.NewProvider(auth.ProviderConfig{Store: s.Credentials(), Accounts: s.Accounts(),
			Journal: openJournal(t, folder, testKeys), OnRefresh: func(r auth.Refresh) { fmt.Fprintf(&log, "%v %+v %#v", r, r, r) }}))
		if err != nil {
			t.Fatal(err)
		}
		for id, fault := range map[string]sallatest.Fault{
			"well": {}, "refused": sallatest.InvalidGrant(401), "lost": sallatest.Disconnect(sallatest.CutMiddle), "half": {Truncate: true},
		} {
			store := m.AddStore(&sallatest.Config{Products: 1, Orders: -1, Customers: -1})
			tokens := m.connect(t, s, id, store, -time.Second)
			c.watch(id+"'s access token", tokens.AccessToken)
			c.watch(id+"'s refresh token", tokens.RefreshToken)
			m.Inject(fault.On("POST", "/oauth2/token"))
			engine, err := stores.Open(t.Context(), id)
			if err == nil {
				_, err = engine.Shop(t.Context())
			}
			if (err == nil) != (id == "well") {
				t.Errorf("%s: %v", id, err)
			}
			stored, loadErr := s.Credentials().Load(t.Context(), id)
			account, _ := s.Accounts().Get(t.Context(), id)
			fmt.Fprintf(&log, "%v %+v %#v %v %+v %+v", err, err, err, loadErr, stored, account)
			c.watch(id+"'s next access token", stored.Credential.AccessToken.Reveal())
			c.watch(id+"'s next refresh token", stored.Credential.RefreshToken.Reveal())
		}
		c.look(t, "the log", log.bytes())
		c.search(t, folder)
		if d.name == "sqlite" {
			c.search(t, filepath.Dir(d.dsn))
		} else {
			c.search(t, pgtest.Files())
		}
		if !bytes.Contains(log.bytes(), []byte("refresh token")) {
			t.Error("nothing was logged")
		}
	})
}

// safeBuffer is written to from many goroutines.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) bytes() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.b.Bytes())
}

func holdsBytes(folder string, needle []byte) (found bool) {
	_ = filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			data, _ := os.ReadFile(path)
			found = found || bytes.Contains(data, needle)
		}
		return nil
	})
	return found
}
