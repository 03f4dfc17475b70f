package standardwebhooks_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport/standardwebhooks"
)

const secret = "a secret of plain text, not base64"

var sentAt = time.Unix(1_790_000_000, 0)

func signed(body string) standardwebhooks.Message {
	return standardwebhooks.Message{ID: "msg_1", Timestamp: strconv.FormatInt(sentAt.Unix(), 10),
		Signature: standardwebhooks.Sign(catalog.NewSecret(secret), "msg_1", sentAt, []byte(body)), Body: []byte(body)}
}

func secrets(values ...string) []catalog.Secret {
	var all []catalog.Secret
	for _, v := range values {
		all = append(all, catalog.NewSecret(v))
	}
	return all
}

// The vector is the one the scheme publishes with its own libraries.
func TestPublishedVector(t *testing.T) {
	t.Parallel()
	key, err := standardwebhooks.Key(catalog.NewSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
	if err != nil {
		t.Fatal(err)
	}
	h := http.Header{}
	h.Set("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
	h.Set("webhook-timestamp", "1614265330")
	h.Set("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
	m := standardwebhooks.Received(h, []byte(`{"test": 2432232314}`))
	if _, err := standardwebhooks.Verify([]catalog.Secret{key}, m, time.Unix(1614265330, 0), 0); err != nil {
		t.Error(err)
	}
	if _, err := standardwebhooks.Verify(secrets("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), m, time.Unix(1614265330, 0), 0); !errors.Is(err, catalog.ErrUnauthorized) {
		t.Errorf("the base64 text as key: %v", err)
	}
}

func TestWhichSecretSigned(t *testing.T) {
	t.Parallel()
	for i, all := range [][]catalog.Secret{secrets(secret), secrets("newer", secret, "older"), secrets("one", "two", secret)} {
		want := []int{0, 1, 2}[i]
		if got, err := standardwebhooks.Verify(all, signed(`{}`), sentAt, 0); err != nil || got != want {
			t.Errorf("secret %d, %v; want %d", got, err, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	good := signed(`{"id":1}`)
	plain := strings.TrimPrefix(good.Signature, "v1,")
	raw, err := base64.StdEncoding.DecodeString(plain)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*standardwebhooks.Message)
		code   string
	}{
		"no id":                 {func(m *standardwebhooks.Message) { m.ID = "" }, standardwebhooks.CodeMissing},
		"no time":               {func(m *standardwebhooks.Message) { m.Timestamp = " " }, standardwebhooks.CodeMissing},
		"no signature":          {func(m *standardwebhooks.Message) { m.Signature = "" }, standardwebhooks.CodeMissing},
		"a time with a sign":    {func(m *standardwebhooks.Message) { m.Timestamp = "+" + m.Timestamp }, standardwebhooks.CodeTimestamp},
		"a time in words":       {func(m *standardwebhooks.Message) { m.Timestamp = "now" }, standardwebhooks.CodeTimestamp},
		"a time beyond time":    {func(m *standardwebhooks.Message) { m.Timestamp = strings.Repeat("9", 30) }, standardwebhooks.CodeTimestamp},
		"another version":       {func(m *standardwebhooks.Message) { m.Signature = "v2," + plain }, standardwebhooks.CodeSignature},
		"no version":            {func(m *standardwebhooks.Message) { m.Signature = plain }, standardwebhooks.CodeSignature},
		"nothing behind it":     {func(m *standardwebhooks.Message) { m.Signature = "v1," }, standardwebhooks.CodeSignature},
		"a signature cut short": {func(m *standardwebhooks.Message) { m.Signature = "v1," + base64.StdEncoding.EncodeToString(raw[:16]) }, standardwebhooks.CodeSignature},
		"a byte of the body":    {func(m *standardwebhooks.Message) { m.Body = []byte(`{"id":2}`) }, standardwebhooks.CodeMismatch},
		"another id":            {func(m *standardwebhooks.Message) { m.ID = "msg_2" }, standardwebhooks.CodeMismatch},
		"another time":          {func(m *standardwebhooks.Message) { m.Timestamp = "1790000001" }, standardwebhooks.CodeMismatch},
		"no body":               {func(m *standardwebhooks.Message) { m.Body = nil }, standardwebhooks.CodeMismatch},
	} {
		m := good
		c.change(&m)
		_, err := standardwebhooks.Verify(secrets(secret), m, sentAt, 0)
		if e, ok := errors.AsType[*catalog.Error](err); !ok || e.Kind != catalog.ErrUnauthorized || e.Code != c.code || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v, want the code %s", name, err, c.code)
		}
	}
}

func TestTimeWindow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		apart, tolerance time.Duration
		code             string
	}{
		"at once":                    {0, 0, ""},
		"five minutes late":          {5 * time.Minute, 0, ""},
		"a second more":              {5*time.Minute + time.Second, 0, standardwebhooks.CodeStale},
		"five minutes early":         {-5 * time.Minute, 0, ""},
		"a second earlier":           {-5*time.Minute - time.Second, 0, standardwebhooks.CodeFuture},
		"a day, where that is borne": {24 * time.Hour, 49 * time.Hour, ""},
		"a minute too late":          {time.Minute, 30 * time.Second, standardwebhooks.CodeStale},
		"a negative tolerance":       {time.Minute, -time.Hour, ""},
	} {
		_, err := standardwebhooks.Verify(secrets(secret), signed(`{}`), sentAt.Add(c.apart), c.tolerance)
		code := ""
		if e, ok := errors.AsType[*catalog.Error](err); ok {
			code = e.Code
		}
		if (err == nil) != (c.code == "") || code != c.code {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
}

func TestSeveralSignatures(t *testing.T) {
	t.Parallel()
	m := signed(`{}`)
	other := standardwebhooks.Sign(catalog.NewSecret("other"), m.ID, sentAt, m.Body)
	for name, header := range map[string][]string{
		"in one header":  {other + " v1a,AAAA " + m.Signature},
		"in two headers": {other, m.Signature},
	} {
		h := http.Header{"Webhook-Id": {m.ID}, "Webhook-Timestamp": {m.Timestamp}, "Webhook-Signature": header}
		if _, err := standardwebhooks.Verify(secrets(secret), standardwebhooks.Received(h, m.Body), sentAt, 0); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoSecret(t *testing.T) {
	t.Parallel()
	m := signed(`{}`)
	m.Signature = standardwebhooks.Sign(catalog.Secret{}, m.ID, sentAt, m.Body)
	for name, all := range map[string][]catalog.Secret{"none": nil, "an empty one": {{}}, "an empty one among others": {catalog.NewSecret(secret), {}}} {
		if _, err := standardwebhooks.Verify(all, m, sentAt, 0); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, text := range []string{"", "whsec_", "whsec_?", "not base64!"} {
		if _, err := standardwebhooks.Key(catalog.NewSecret(text)); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("Key(%q): %v", text, err)
		}
	}
}

// FuzzVerify: whatever the headers hold, nothing passes but what the secret
// signed within the window.
func FuzzVerify(f *testing.F) {
	f.Add("msg_1", "1790000000", "v1,AAAA", []byte(`{}`))
	f.Add("", "-1", "v1, v1,= \x00", []byte(nil))
	f.Fuzz(func(t *testing.T, id, timestamp, signature string, body []byte) {
		m := standardwebhooks.Message{ID: id, Timestamp: timestamp, Signature: signature, Body: body}
		if _, err := standardwebhooks.Verify(secrets(secret), m, sentAt, 0); err == nil {
			t.Errorf("accepted %q %q %q", id, timestamp, signature)
		}
	})
}
