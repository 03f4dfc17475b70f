// Quickstart reads a merchant's store through the one interface all platforms
// share and prints what it holds.
//
//	go run ./examples/quickstart                      # every platform, on servers inside the program
//	go run ./examples/quickstart -platform shopify -since 48h -limit 20
//	go run ./examples/quickstart -json | jq .title    # one JSON object per line
//
// Without credentials it talks to a server inside the program that behaves
// like the platform. With them in the environment the same code talks to the
// real store; see the README for their names.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/soukhq/souk/catalog"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "quickstart: interrupted")
		os.Exit(130)
	default:
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// options are what the command line says.
type options struct {
	platforms []string
	since     time.Time
	limit     int
	json      bool
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(stderr)
	platform := flags.String("platform", "", "read only this platform: "+strings.Join(platformNames(), ", "))
	since := flags.String("since", "", "only what changed since a time (2026-01-31 or 2026-01-31T08:00:00Z) or for so long (48h)")
	flags.IntVar(&o.limit, "limit", 0, "read at most so many records of each kind; 0 = all")
	flags.BoolVar(&o.json, "json", false, "print one JSON object per line instead of tables")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q; see -help", flags.Arg(0))
	}
	if o.limit < 0 {
		return o, fmt.Errorf("-limit must not be negative")
	}
	o.platforms = platformNames()
	if *platform != "" {
		o.platforms = []string{*platform}
	}
	var err error
	o.since, err = parseSince(*since, time.Now())
	return o, err
}

func parseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return now.Add(-d), nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("-since %q is neither a time such as 2026-01-31 nor a duration such as 48h", text)
}

// run is the whole program, with its surroundings passed in.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	for i, platform := range o.platforms {
		if i > 0 && !o.json {
			fmt.Fprintln(stdout)
		}
		if err := read(ctx, platform, o, getenv, stdout, stderr); err != nil {
			return err
		}
	}
	return nil
}

// read opens one store and reads it. Everything in here is the same for all
// platforms.
func read(ctx context.Context, platform string, o options, getenv func(string) string, stdout, stderr io.Writer) error {
	registry := &catalog.Registry{}
	account, credentials, done, err := connect(registry, platform, getenv)
	if err != nil {
		return err
	}
	defer done()
	adapter, err := registry.Get(platform)
	if err != nil {
		return err
	}
	engine, err := adapter.Open(account, credentials)
	if err != nil {
		return err
	}
	progress := newProgress(stderr)
	defer progress.clear()
	var out output = newTables(stdout)
	if o.json {
		out = newLines(stdout)
	}
	return readStore(ctx, engine, o, out, progress)
}

// readStore reads all a store holds and hands it to the output.
func readStore(ctx context.Context, engine catalog.Engine, o options, out output, progress *progress) error {
	shop, err := engine.Shop(ctx)
	if err != nil {
		return err
	}
	if err := out.shop(shop); err != nil {
		return err
	}
	list := catalog.ListOptions{Limit: o.limit, OmitRaw: !out.wantsRaw()}
	if err := each(engine.Products(ctx, catalog.ProductQuery{ListOptions: list, UpdatedSince: o.since}), progress.of("products"), out.product); err != nil {
		return err
	}
	if locations, ok := catalog.As[catalog.LocationReader](engine); ok {
		if err := each(locations.Locations(ctx, catalog.ListOptions{OmitRaw: !out.wantsRaw()}), progress.of("locations"), out.location); err != nil {
			return err
		}
	}
	if inventory, ok := catalog.As[catalog.InventoryReader](engine); ok {
		if err := each(inventory.InventoryLevels(ctx, catalog.InventoryQuery{ListOptions: list}), progress.of("stock levels"), out.level); err != nil {
			return err
		}
	}
	if err := each(engine.Orders(ctx, catalog.OrderQuery{ListOptions: list, UpdatedSince: o.since}), progress.of("orders"), out.order); err != nil {
		return err
	}
	if err := each(engine.Customers(ctx, catalog.CustomerQuery{ListOptions: list, UpdatedSince: o.since}), progress.of("customers"), out.customer); err != nil {
		return err
	}
	progress.clear()
	return out.close()
}
