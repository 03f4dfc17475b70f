package shopify

import (
	"strings"

	"github.com/soukhq/souk/catalog"
)

const gidPrefix = "gid://shopify/"

// gid makes the global id of a kind from a numeric id, or checks one that is
// global already.
func gid(op, kind, id string) (string, error) {
	if rest, ok := strings.CutPrefix(id, gidPrefix+kind+"/"); ok && digits(numberPart(rest)) {
		return id, nil
	}
	if digits(id) {
		return gidPrefix + kind + "/" + id, nil
	}
	return "", &catalog.Error{Platform: Platform, Op: op, Kind: catalog.ErrInvalid,
		Message: "the id is not the number or the GID of a " + kind, Hint: "use ids as this package returns them"}
}

// numericID gives the last part of a global id without its query:
// gid://shopify/MailingAddress/1?model_name=CustomerAddress is 1.
func numericID(global string) string {
	if !strings.HasPrefix(global, gidPrefix) {
		return global
	}
	path := numberPart(global)
	return path[strings.LastIndexByte(path, '/')+1:]
}

func numberPart(s string) string {
	number, _, _ := strings.Cut(s, "?")
	return number
}

func digits(s string) bool {
	if s == "" || len(s) > 20 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func numericOf(n *nodeID) string {
	if n == nil {
		return ""
	}
	return numericID(n.ID)
}
