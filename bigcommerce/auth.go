package bigcommerce

import (
	"errors"
	"net/http"

	"github.com/soukhq/souk/catalog"
)

// authorize puts the access token on one attempt. The client id is not sent:
// the token stands for it.
// https://developer.bigcommerce.com/docs/start/authentication
func authorize(r *http.Request, c catalog.Credential) error {
	if c.AccessToken.IsZero() {
		return errors.New("the credential holds no access token")
	}
	r.Header.Set("X-Auth-Token", c.AccessToken.Reveal())
	return nil
}
