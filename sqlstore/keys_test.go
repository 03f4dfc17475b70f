package sqlstore_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/sqlstore"
)

func bearer(text string) catalog.Credential {
	return catalog.Credential{AccessToken: catalog.NewSecret(text), RefreshToken: catalog.NewSecret("refresh " + text)}
}

func store(t testing.TB, s *sqlstore.Store, account, text string) {
	t.Helper()
	if _, err := s.Credentials().CompareAndSwap(t.Context(), account, 0, bearer(text)); err != nil {
		t.Fatal(err)
	}
}

func holds(t testing.TB, s *sqlstore.Store, account, text string) {
	t.Helper()
	if got, err := s.Credentials().Load(t.Context(), account); err != nil || !got.Credential.Same(bearer(text)) {
		t.Errorf("%s: %v", account, err)
	}
}

// wantKeyError reports an error unless err is about the key and shows no secret.
func wantKeyError(t testing.TB, err error, id string) {
	t.Helper()
	wrong, ok := errors.AsType[*sqlstore.KeyError](err)
	if !ok || wrong.ID != id || !strings.Contains(err.Error(), id) {
		t.Errorf("got %v, want a KeyError of %s", err, id)
	}
}

func TestKeysAreChecked(t *testing.T) {
	t.Parallel()
	good := sqlstore.NewKey("good")
	for name, c := range map[string]struct {
		keys  sqlstore.Keys
		field string
	}{
		"none":       {sqlstore.Keys{}, "Keys.Current.ID"},
		"no id":      {sqlstore.Keys{Current: sqlstore.Key{Secret: good.Secret}}, "Keys.Current.ID"},
		"no secret":  {sqlstore.Keys{Current: sqlstore.Key{ID: "a"}}, "Keys.Current.Secret"},
		"too short":  {sqlstore.Keys{Current: sqlstore.Key{ID: "a", Secret: catalog.NewSecret("c2hvcnQ=")}}, "Keys.Current.Secret"},
		"no base64":  {sqlstore.Keys{Current: sqlstore.Key{ID: "a", Secret: catalog.NewSecret(strings.Repeat("!", 43))}}, "Keys.Current.Secret"},
		"a long id":  {sqlstore.Keys{Current: sqlstore.Key{ID: strings.Repeat("a", 65), Secret: good.Secret}}, "Keys.Current.ID"},
		"twice":      {sqlstore.Keys{Current: good, Old: []sqlstore.Key{good}}, "Keys.Old[0].ID"},
		"a bad old1": {sqlstore.Keys{Current: good, Old: []sqlstore.Key{sqlstore.NewKey("b"), {ID: "c"}}}, "Keys.Old[1].Secret"},
	} {
		_, err := sqlstore.OpenSQLite(t.Context(), t.TempDir()+"/x.db", c.keys)
		wrong, ok := errors.AsType[*catalog.ConfigError](err)
		if !ok || wrong.Field != c.field || strings.Contains(err.Error(), good.Secret.Reveal()) {
			t.Errorf("%s: %v, want field %s", name, err, c.field)
		}
	}
	if text := fmt.Sprintf("%v %+v %#v", good, good, sqlstore.Keys{Current: good}); strings.Contains(text, good.Secret.Reveal()) {
		t.Error("a key prints its secret")
	}
	unpadded := good
	unpadded.Secret = catalog.NewSecret(strings.NewReplacer("+", "-", "/", "_", "=", "").Replace(good.Secret.Reveal()))
	d := sqliteDatabase(t)
	s := d.with(t, sqlstore.Keys{Current: good})
	store(t, s, "t-1", "a")
	shut(t, s)
	holds(t, d.with(t, sqlstore.Keys{Current: unpadded}), "t-1", "a")
}

// dump is what the tables hold.
func (d *database) dump(t testing.TB) []string {
	t.Helper()
	db := d.raw(t)
	defer db.Close()
	var all []string
	for _, table := range []string{"souk_schema", "souk_accounts", "souk_credentials", "souk_states", "souk_keys"} {
		rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table+" ORDER BY 1")
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := rows.Columns()
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			line := table
			for _, v := range values {
				line += fmt.Sprintf("|%v", *v.(*any))
			}
			all = append(all, line)
		}
		_ = rows.Close()
	}
	return all
}

func TestWrongKeyChangesNothing(t *testing.T) {
	t.Parallel()
	first := sqlstore.NewKey("first")
	impostor := sqlstore.NewKey("first")
	onEach(t, func(t *testing.T, d *database) {
		s := d.with(t, sqlstore.Keys{Current: first})
		store(t, s, "t-1", "a")
		if err := s.States().Put(t.Context(), "k", catalog.NewSecret("v"), time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		shut(t, s)
		before := d.dump(t)
		for name, keys := range map[string]sqlstore.Keys{
			"another secret":        {Current: impostor},
			"another secret, old":   {Current: sqlstore.NewKey("second"), Old: []sqlstore.Key{impostor}},
			"the old one forgotten": {Current: sqlstore.NewKey("second")},
		} {
			_, err := d.open(keys)
			if wantKeyError(t, err, "first"); err != nil && strings.Contains(err.Error(), impostor.Secret.Reveal()) {
				t.Errorf("%s: the error shows the key", name)
			}
			if diff := cmp.Diff(before, d.dump(t)); diff != "" {
				t.Errorf("%s changed (-want +got)\n%s", name, diff)
			}
		}
		holds(t, d.with(t, sqlstore.Keys{Current: first}), "t-1", "a")
	})
}

func TestKeyRotation(t *testing.T) {
	t.Parallel()
	first, second := sqlstore.NewKey("first"), sqlstore.NewKey("second")
	onEach(t, func(t *testing.T, d *database) {
		s := d.with(t, sqlstore.Keys{Current: first})
		for i := range 150 { // more than are taken at once
			store(t, s, fmt.Sprint("t-", i), "a")
		}
		if err := s.States().Put(t.Context(), "k", catalog.NewSecret("v"), time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if n, err := s.Reseal(t.Context()); n != 0 || err != nil {
			t.Errorf("with nothing to do: %d, %v", n, err)
		}
		if d.name == "sqlite" {
			shut(t, s)
		} else { // processes still on the first key know the second
			s = d.with(t, sqlstore.Keys{Current: first, Old: []sqlstore.Key{second}})
		}
		next := d.with(t, sqlstore.Keys{Current: second, Old: []sqlstore.Key{first}})
		holds(t, next, "t-7", "a")
		var writers sync.WaitGroup
		writers.Go(func() { // the store is in use meanwhile
			for i := range 150 {
				id := fmt.Sprint("t-", i)
				stored, err := next.Credentials().Load(t.Context(), id)
				if err == nil {
					_, err = next.Credentials().CompareAndSwap(t.Context(), id, stored.Version, bearer("b"))
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
		if _, err := next.Reseal(t.Context()); err != nil {
			t.Fatal(err)
		}
		writers.Wait()
		if n, err := next.Reseal(t.Context()); n != 0 || err != nil {
			t.Errorf("again: %d, %v", n, err)
		}
		if d.many {
			holds(t, s, "t-7", "b")
		}
		shut(t, next)
		last := d.with(t, sqlstore.Keys{Current: second})
		for i := range 150 {
			holds(t, last, fmt.Sprint("t-", i), "b")
		}
		if v, err := last.States().Take(t.Context(), "k"); err != nil || v.Reveal() != "v" {
			t.Errorf("the state: %v", err)
		}
	})
}

// A sealed value opens only where it was put.
func TestMovedValuesDoNotOpen(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d *database) {
		s := d.handle(t)
		store(t, s, "mine", "a")
		store(t, s, "hers", "b")
		shut(t, s)
		db := d.raw(t)
		run(t, db, "UPDATE souk_credentials SET sealed = (SELECT sealed FROM souk_credentials WHERE account = 'hers') WHERE account = 'mine'")
		_ = db.Close()
		s = d.handle(t)
		_, err := s.Credentials().Load(t.Context(), "mine")
		wantKeyError(t, err, "test")
		if catalog.KindOf(err) != catalog.ErrUnavailable {
			t.Errorf("its kind is %q", catalog.KindOf(err))
		}
		holds(t, s, "hers", "b")
	})
}
