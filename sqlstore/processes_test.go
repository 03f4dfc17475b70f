package sqlstore_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog/auth"
)

func init() {
	// call waits for a line, then makes a hundred calls at once.
	roles["call"] = func() error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		s, adapter, err := fromEnv(ctx)
		if err != nil {
			return err
		}
		stores, err := hosts(s, adapter, auth.NewProvider(auth.ProviderConfig{Store: s.Credentials()}))
		if err != nil {
			return err
		}
		fmt.Println("ready")
		if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
			return err
		}
		if err := hundred(ctx, stores, "tenant"); err != nil {
			return err
		}
		return s.Close()
	}
}

// expired is a market whose one account has an access token that just died,
// for a store that says so by a 401 alone if told is false.
func expired(t *testing.T, d *database, told bool) (*market, string) {
	t.Helper()
	m := newMarket(t)
	s := d.handle(t)
	lasts := 10 * 24 * time.Hour
	if told {
		lasts = -time.Second
	}
	tokens := m.connect(t, s, "tenant", m.Store, lasts)
	m.ExpireTokens()
	shut(t, s)
	return m, tokens.RefreshToken
}

// once reports an error unless the market saw one refresh.
func (m *market) once(t *testing.T, refresh string) {
	t.Helper()
	if this, all := m.tokens(refresh); this != 1 || all != 1 || m.RefreshReuses() != 0 {
		t.Errorf("the token was sent %d times, %d refreshes in all, %d reuses", this, all, m.RefreshReuses())
	}
}

func TestFourProcessesRefreshOnce(t *testing.T) {
	t.Parallel()
	for name, told := range map[string]bool{"expiry known": true, "found out by 401": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := postgresDatabase(t)
			m, refresh := expired(t, d, told)
			var starts, ends []func()
			for range 4 {
				cmd := process(t, "call", m.env(d)...)
				out, err := cmd.StdoutPipe()
				if err != nil {
					t.Fatal(err)
				}
				in, err := cmd.StdinPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
					t.Fatalf("%q, %v", line, err)
				}
				starts = append(starts, func() { _, _ = in.Write([]byte("go\n")) })
				ends = append(ends, func() {
					if err := cmd.Wait(); err != nil {
						t.Errorf("a process failed: %v", err)
					}
				})
			}
			for _, start := range starts {
				start()
			}
			for _, end := range ends {
				end()
			}
			m.once(t, refresh)
			shops := 0
			for _, call := range m.Calls() {
				if call.Path == "/admin/v2/store/info" && call.Status == http.StatusOK {
					shops++
				}
			}
			if shops != 400 {
				t.Errorf("%d calls succeeded, want 400", shops)
			}
		})
	}
}

func TestOneProcessOnSQLiteRefreshesOnce(t *testing.T) {
	t.Parallel()
	for name, told := range map[string]bool{"expiry known": true, "found out by 401": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := sqliteDatabase(t)
			m, refresh := expired(t, d, told)
			s := d.handle(t)
			adapter, err := sallaAdapter(m.address(), m.ClientID(), m.ClientSecret())
			if err != nil {
				t.Fatal(err)
			}
			stores, err := hosts(s, adapter, auth.NewProvider(auth.ProviderConfig{Store: s.Credentials()}))
			if err != nil {
				t.Fatal(err)
			}
			if err := hundred(t.Context(), stores, "tenant"); err != nil {
				t.Error(err)
			}
			m.once(t, refresh)
		})
	}
}
