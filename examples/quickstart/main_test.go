package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

func noEnv(string) string { return "" }

func TestTables(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	if err := run(t.Context(), nil, noEnv, &out, &errs); err != nil {
		t.Fatal(err)
	}
	for _, platform := range platformNames() {
		if !strings.Contains(out.String(), " on "+platform+" (") {
			t.Errorf("no store of %s in the output", platform)
		}
	}
	for _, want := range []string{"500 products, ", " stock levels in ", "200 orders, ", "100 customers", "... and 495 more"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, &out)
		}
	}
	if errs.Len() != 0 {
		t.Errorf("progress was shown although stderr is no terminal: %q", &errs)
	}
}

func TestJSONLines(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-json", "-limit", "3"}, noEnv, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for lines := bufio.NewScanner(&out); lines.Scan(); {
		var record struct{ Kind, Platform string }
		if err := json.Unmarshal(lines.Bytes(), &record); err != nil || record.Platform == "" || strings.Contains(lines.Text(), `"raw"`) {
			t.Fatalf("line %s: %v", lines.Text(), err)
		}
		kinds[record.Platform+" "+record.Kind]++
	}
	for _, platform := range platformNames() {
		for kind, want := range map[string]int{"shop": 1, "product": 3, "order": 3, "customer": 3} {
			if got := kinds[platform+" "+kind]; got != want {
				t.Errorf("%d lines of %s %s, want %d", got, platform, kind, want)
			}
		}
	}
}

func TestSinceTheFuture(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-platform", "shopify", "-since", "2999-01-01"}, noEnv, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "\n0 products") || !strings.Contains(out.String(), "\n0 orders") {
		t.Errorf("something changed in the future:\n%s", &out)
	}
}

func TestWrongUse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		env  map[string]string
		want string
	}{
		"an unknown platform":         {[]string{"-platform", "magneto"}, nil, `unknown platform "magneto"; there are: shopify, salla, bigcommerce`},
		"a strange time":              {[]string{"-since", "yesterday"}, nil, `-since "yesterday" is neither a time`},
		"a negative limit":            {[]string{"-limit", "-1"}, nil, "-limit must not be negative"},
		"an argument":                 {[]string{"shopify"}, nil, `unexpected argument "shopify"`},
		"a token without a store":     {nil, map[string]string{"SHOPIFY_ACCESS_TOKEN": "canary"}, "SHOPIFY_STORE_URL is empty although credentials are set"},
		"a store without credentials": {[]string{"-platform", "shopify"}, map[string]string{"SHOPIFY_STORE_URL": "acme.myshopify.com"}, "ClientID is empty"},
		"a store that is none":        {[]string{"-platform", "shopify"}, map[string]string{"SHOPIFY_STORE_URL": "https://evil.example/", "SHOPIFY_ACCESS_TOKEN": "canary"}, "not of the form name.myshopify.com"},
		"half of a store":             {[]string{"-platform", "bigcommerce"}, map[string]string{"BIGCOMMERCE_ACCESS_TOKEN": "canary"}, "BIGCOMMERCE_STORE_HASH and BIGCOMMERCE_ACCESS_TOKEN are needed together"},
		"a channel by its name":       {[]string{"-platform", "bigcommerce"}, map[string]string{"BIGCOMMERCE_CHANNEL_ID": "web"}, "channel_id is not a channel's number"},
		"a dead version":              {[]string{"-platform", "shopify"}, map[string]string{"SHOPIFY_API_VERSION": "latest"}, "APIVersion must be a quarterly version"},
	} {
		err := run(t.Context(), c.args, func(key string) string { return c.env[key] }, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
}

func TestInterrupt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if err := run(ctx, nil, noEnv, io.Discard, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestOutputThatFails(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"-json"}} {
		if err := run(t.Context(), args, noEnv, fullDisk{}, io.Discard); err == nil || !strings.Contains(err.Error(), "no space left") {
			t.Errorf("%v: %v", args, err)
		}
	}
}
