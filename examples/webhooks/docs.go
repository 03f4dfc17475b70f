package main

import (
	"encoding/json"
	"net/http"
	"strings"
)

// description serves the OpenAPI description.
func description(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	http.ServeFileFS(w, r, files, "openapi.json")
}

// docs serves the viewer of the description. Its page is ours, since the
// module's own starts it by a script in the page, which the policy forbids.
func docs(w http.ResponseWriter, _ *http.Request) { render(w, http.StatusOK, "docs.html", nil) }

func wantsHTML(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "text/html") }

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // nobody is left to be told
}
