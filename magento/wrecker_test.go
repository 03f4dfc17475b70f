package magento_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// wrecker spoils the rows of some customers: they lose their id.
type wrecker struct {
	base    http.RoundTripper
	wrecked map[string]bool // by e-mail
}

func (w wrecker) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := w.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	var page struct {
		Items []map[string]any `json:"items"`
		Total int              `json:"total_count"`
	}
	if json.Unmarshal(body, &page) == nil {
		for _, item := range page.Items {
			if email, _ := item["email"].(string); w.wrecked[email] {
				delete(item, "id")
			}
		}
		if body, err = json.Marshal(page); err != nil {
			return nil, err
		}
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp.Header.Del("Content-Length")
	return resp, nil
}
