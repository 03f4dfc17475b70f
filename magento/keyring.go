package magento

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// keyHost has the public keys of Adobe I/O Events; keyPath is where.
// https://developer.adobe.com/events/docs/guides
const keyHost = "static.adobeioevents.com"

var keyPath = regexp.MustCompile(`^/prod/keys/[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// keysLast is how long a key is taken for current.
const keysLast = 24 * time.Hour

// keyring fetches public keys, and remembers them for a day. Which key is
// meant comes from headers that nobody has verified yet: the host is fixed, and
// fetches are few.
type keyring struct {
	http    *transport.Client
	keys    remembered[string, *rsa.PublicKey]
	fetches *rate.Limiter
}

func newKeyring(client *transport.Client) *keyring {
	k := &keyring{http: client, fetches: rate.NewLimiter(rate.Every(time.Second), 10)}
	k.keys.last = keysLast
	return k
}

// key returns the key at a path. That there is none is ErrUnauthorized, that
// it cannot be fetched now ErrUnavailable.
func (k *keyring) key(ctx context.Context, path string) (*rsa.PublicKey, error) {
	if !keyPath.MatchString(path) || strings.Contains(path, "..") {
		return nil, refuse("wrong_key", "the key's path is none of Adobe's", "")
	}
	return k.keys.get(ctx, path, k.fetch)
}

func (k *keyring) fetch(ctx context.Context, path string) (*rsa.PublicKey, error) {
	const op = "fetch webhook key"
	later := func(err error) error {
		return &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrUnavailable, Message: "Adobe's public key cannot be fetched now", Err: err}
	}
	if !k.fetches.Allow() {
		return nil, later(errors.New("too many unknown keys were asked for"))
	}
	resp, err := k.http.Do(ctx, &transport.Request{Op: op, URL: &url.URL{Scheme: "https", Host: keyHost, Path: path}})
	switch {
	case catalog.KindOf(err) == catalog.ErrNotFound:
		return nil, refuse("wrong_key", "Adobe has no key at the path", "")
	case err != nil:
		return nil, later(err)
	}
	key, err := publicKey(resp.Body)
	if err != nil {
		return nil, later(err)
	}
	return key, nil
}

// publicKey reads a PEM public key of RSA.
func publicKey(text []byte) (*rsa.PublicKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("it is no PEM block")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok || key.N.BitLen() < 2048 {
		return nil, errors.New("it is no RSA key of 2048 bits or more")
	}
	return key, nil
}
