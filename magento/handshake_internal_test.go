package magento

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

type echo string

// RoundTrip refuses with a text that repeats what should stay secret.
func (e echo) RoundTrip(r *http.Request) (*http.Response, error) {
	body := "oauth_problem=" + url.QueryEscape("the verifier "+string(e)+" is not known")
	return &http.Response{StatusCode: http.StatusUnauthorized, Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r}, nil
}

func TestAVerifierThatIsRepeatedReachesNoError(t *testing.T) {
	t.Parallel()
	const verifier = "canarycanarycanarycanarycanary12"
	adapter, err := New(Config{Transport: echo(verifier)})
	if err != nil {
		t.Fatal(err)
	}
	at, err := parseAddress("test", "https://shop.example/")
	if err != nil {
		t.Fatal(err)
	}
	keys := catalog.Credential{Key: catalog.NewSecret("key"), Secret: catalog.NewSecret("secret")}
	_, err = adapter.exchange(t.Context(), at, "access", keys, oauth1.Param{Name: "oauth_verifier", Value: verifier})
	failure, ok := errors.AsType[*catalog.Error](err)
	if !ok || strings.Contains(err.Error()+failure.Message, verifier) || !strings.Contains(failure.Message, "is not known") {
		t.Errorf("%v", err)
	}
}
