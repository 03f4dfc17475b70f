package oauth1_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport/oauth1"
)

// The request of RFC 5849 section 1.2, whose signature the RFC states.
func TestSignsTheRequestOfTheRFC(t *testing.T) {
	t.Parallel()
	params := append([]oauth1.Param{{Name: "file", Value: "vacation.jpg"}, {Name: "size", Value: "original"}},
		oauth1.Protocol("dpf43f3p2l4k3l03", "nnch734d00sl2jdk", oauth1.SHA1, "chapoH", time.Unix(137131202, 0))...)
	base := oauth1.Base("get", "http://photos.example.net/photos", oauth1.Sorted(params, oauth1.ByEncoded))
	signature := oauth1.Sign(oauth1.SHA1, base, catalog.NewSecret("kd94hf93k423kf44"), catalog.NewSecret("pfkkdhi9sl3r4s00"))
	if want := "MdpQcU8iPSUjWoN/UDMsK2sui9I="; signature != want {
		t.Errorf("signature %s, want %s; base %s", signature, want, base)
	}
}

// The base string of RFC 5849 section 3.4.1.1: doubled and empty names, and
// values that need encoding.
func TestBaseOfTheRFC(t *testing.T) {
	t.Parallel()
	params, err := oauth1.Query("b5=%3D%253D&a3=a&c%40=&a2=r%20b&c2&a3=2+q")
	if err != nil {
		t.Fatal(err)
	}
	params = append(params, oauth1.Protocol("9djdj82h48djs9d2", "kkk9d7dh3k39sjv7", oauth1.SHA1, "7d8f3e4a", time.Unix(137131201, 0))...)
	got := oauth1.Base("POST", "http://example.com/request", oauth1.Sorted(params, oauth1.ByEncoded))
	want := "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D" +
		"%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a" +
		"%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSHA256DiffersAndIsTheDefault(t *testing.T) {
	t.Parallel()
	consumer, token := catalog.NewSecret("c"), catalog.NewSecret("t")
	sha256 := oauth1.Sign(oauth1.SHA256, "base", consumer, token)
	if got := oauth1.Sign("", "base", consumer, token); got != sha256 {
		t.Errorf("no method gives %s, want SHA256's %s", got, sha256)
	}
	if oauth1.Sign(oauth1.SHA1, "base", consumer, token) == sha256 {
		t.Error("SHA1 and SHA256 agree")
	}
}

func TestEncode(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":        "",
		"aZ0-._~": "aZ0-._~",
		"a b+c":   "a%20b%2Bc",
		"a/b:c":   "a%2Fb%3Ac",
		"50%":     "50%25",
		"متجر":    "%D9%85%D8%AA%D8%AC%D8%B1",
		"\x00'()": "%00%27%28%29",
	} {
		if got := oauth1.Encode(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

// Index 10 sorts before 1 by name, since "0" comes before "]", and behind it
// when encoded, since "%5D" comes before "0".
func TestOrdersDifferOnIndexes(t *testing.T) {
	t.Parallel()
	params := []oauth1.Param{{Name: "f[1]"}, {Name: "f[10]"}}
	if got := oauth1.Sorted(params, oauth1.ByName)[0].Name; got != "f[10]" {
		t.Errorf("by name %s is first", got)
	}
	if got := oauth1.Sorted(params, oauth1.ByEncoded)[0].Name; got != "f[1]" {
		t.Errorf("encoded, %s is first", got)
	}
	if params[0].Name != "f[1]" {
		t.Error("the argument was changed")
	}
}

func TestHeaderEncodesValues(t *testing.T) {
	t.Parallel()
	got := oauth1.Header([]oauth1.Param{{Name: "oauth_nonce", Value: "n"}, {Name: "oauth_signature", Value: `a+/="`}})
	if want := `OAuth oauth_nonce="n", oauth_signature="a%2B%2F%3D%22"`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestQueryRefusesBadEncoding(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"a=%zz", "%=1", "a=%"} {
		if _, err := oauth1.Query(raw); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

func TestNonces(t *testing.T) {
	t.Parallel()
	a, b := oauth1.Nonce(), oauth1.Nonce()
	if a == b || len(a) != 32 {
		t.Errorf("nonces %s and %s", a, b)
	}
}
