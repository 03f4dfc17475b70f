package authtest

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Visit opens a page of a platform's server, or posts a form to it, and reads
// what comes. A nil form is a GET.
func Visit(t *testing.T, client *http.Client, address string, form url.Values) (page string, res *http.Response) {
	t.Helper()
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if res, err = client.Do(r); err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), res
}
