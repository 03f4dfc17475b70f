package woocommerce_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/woocommerce"
)

func TestMain(m *testing.M) { specs.Main(m) }

// store is the address of the store that was recorded.
const store = "https://127.0.0.1:8443"

// script answers requests below wc/v3 by their path, and the site's index.
type script map[string]json.RawMessage

func (s script) RoundTrip(r *http.Request) (*http.Response, error) {
	_, path, _ := strings.Cut(r.URL.Path, "/wc/v3")
	body, ok := s[path]
	if !ok {
		return reply(r, 404, []byte(`{"code":"rest_no_route","message":"","data":{"status":404}}`)), nil
	}
	return reply(r, 200, body), nil
}

func reply(r *http.Request, status int, body []byte) *http.Response {
	return &http.Response{StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json; charset=UTF-8"}},
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: r}
}

// open opens the store through a transport. One attempt a call: what a sample
// refuses is refused.
func open(t testing.TB, through http.RoundTripper, address string, credential catalog.Credential) *woocommerce.Engine {
	t.Helper()
	app, err := woocommerce.New(woocommerce.Config{Transport: through, Attempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := app.Open(catalog.Account{Store: address}, catalog.StaticCredential(credential))
	if err != nil {
		t.Fatal(err)
	}
	e, ok := catalog.As[*woocommerce.Engine](opened)
	if !ok {
		t.Fatalf("%T", opened)
	}
	return e
}

var anyKey = catalog.Credential{Key: catalog.NewSecret("ck_any"), Secret: catalog.NewSecret("cs_any")}

// recorded is one file of the samples: a request and what came of it.
type recorded struct {
	Request struct{ Method, Path string }
	Status  int
	Body    json.RawMessage
}

func sample(t testing.TB, name string) recorded {
	t.Helper()
	var r recorded
	specs.Decode(t, &r, "woocommerce", "samples", name+".json")
	return r
}

// files lists a folder of the recordings, without endings.
func files(t testing.TB, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(specs.Path(t, "woocommerce", folder))
	if err != nil || len(entries) == 0 {
		t.Fatalf("no %s: %v", folder, err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), filepath.Ext(e.Name())))
	}
	return names
}
