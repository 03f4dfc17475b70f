package magento_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport/oauth1"
	"github.com/soukhq/souk/contract/internal/specs"
	"github.com/soukhq/souk/magento"
)

// vector is a request signed in one way, and which versions accept it.
type vector struct {
	Name, Method, URL, Nonce, Timestamp, Token, TokenSecret, Verifier, Profile, BaseString, Signature, Authorization string
	AcceptedBy247, AcceptedBy248                                                                                     bool
}

type vectorFile struct {
	Cases          []vector
	ConsumerKey    string `json:"consumer_key"`
	ConsumerSecret string `json:"consumer_secret"`
}

// sign signs a vector's request by a profile and returns the header.
func (f *vectorFile) sign(t testing.TB, v vector, p magento.Profile) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), v.Method, v.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	at, err := strconv.ParseInt(v.Timestamp, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	err = p.Sign(r, catalog.Credential{Key: catalog.NewSecret(f.ConsumerKey), Secret: catalog.NewSecret(f.ConsumerSecret),
		AccessToken: catalog.NewSecret(v.Token), TokenSecret: catalog.NewSecret(v.TokenSecret)}, v.Nonce, time.Unix(at, 0))
	if err != nil {
		t.Fatal(err)
	}
	return r.Header.Get("Authorization")
}

// TestSignatureVectors: what a version accepts is what its profile signs, and
// what none accepts no profile signs.
func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	var file vectorFile
	specs.Decode(t, &file, "magento", "oauth1-hmac-sha256-vectors.json")
	good, negative := 0, 0
	for _, v := range file.Cases {
		if v.Verifier != "" {
			good += handshake(t, &file, v)
			continue
		}
		signature := func(p magento.Profile) string {
			return parameter(t, file.sign(t, v, p), "oauth_signature")
		}
		rfc, legacy, latest := signature(magento.ProfileRFC), signature(magento.ProfileLegacy), signature(magento.Profile248)
		ok := true
		for p, got := range map[string]string{"rfc": rfc, "legacy": legacy, "248": latest} {
			accepted := v.AcceptedBy247 && p == "legacy" || v.AcceptedBy248 && p == "248" || p == v.Profile && (v.Profile == "rfc" || v.AcceptedBy247 || v.AcceptedBy248)
			if accepted != (got == v.Signature) && (accepted || !v.AcceptedBy247 && !v.AcceptedBy248) {
				ok = false
				t.Errorf("%s by %s, accepted by 2.4.7 %v and 2.4.8 %v: signed by %s as %s, the vector is %s", v.Name, v.Profile, v.AcceptedBy247, v.AcceptedBy248, p, got, v.Signature)
			}
		}
		if !v.AcceptedBy247 && !v.AcceptedBy248 && v.Profile != "rfc" {
			negative++
		} else if header := file.sign(t, v, magento.Profile(v.Profile)); !sameHeader(t, header, v.Authorization) {
			ok = false
			t.Errorf("%s: the header is\n%s\nwant\n%s", v.Name, header, v.Authorization)
		}
		if ok {
			good++
		}
	}
	if good == 0 || negative == 0 {
		t.Errorf("%d vectors fit, %d are negative", good, negative)
	}
	specs.Report(t, "magento signature vectors %d/%d, %d of them that no version accepts", good, len(file.Cases), negative)
}

// handshake signs the step of an install flow that brings a verifier, with the
// package the adapter signs with.
func handshake(t testing.TB, file *vectorFile, v vector) int {
	t.Helper()
	at, err := strconv.ParseInt(v.Timestamp, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	params := append(oauth1.Protocol(file.ConsumerKey, v.Token, oauth1.SHA256, v.Nonce, time.Unix(at, 0)),
		oauth1.Param{Name: "oauth_version", Value: "1.0"}, oauth1.Param{Name: "oauth_verifier", Value: v.Verifier})
	base := oauth1.Base(v.Method, v.URL, oauth1.Sorted(params, oauth1.ByEncoded))
	if base != v.BaseString || oauth1.Sign(oauth1.SHA256, base, catalog.NewSecret(file.ConsumerSecret), catalog.NewSecret(v.TokenSecret)) != v.Signature {
		t.Errorf("%s: the base string is %s", v.Name, base)
		return 0
	}
	return 1
}

func parameters(t testing.TB, header string) []string {
	t.Helper()
	rest, ok := strings.CutPrefix(header, "OAuth ")
	if !ok {
		t.Fatalf("the header is %q", header)
	}
	all := strings.Split(rest, ", ")
	slices.Sort(all)
	return all
}

func parameter(t testing.TB, header, name string) string {
	t.Helper()
	for _, one := range parameters(t, header) {
		if value, ok := strings.CutPrefix(one, name+`="`); ok {
			params, err := oauth1.Query("x=" + strings.TrimSuffix(value, `"`))
			if err != nil {
				t.Fatal(err)
			}
			return params[0].Value
		}
	}
	t.Fatalf("the header has no %s", name)
	return ""
}

func sameHeader(t testing.TB, a, b string) bool {
	t.Helper()
	return slices.Equal(parameters(t, a), parameters(t, b))
}
