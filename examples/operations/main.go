// Operations changes five stores through the one interface all platforms
// share: it subscribes to webhooks, creates, edits and deletes a product, sets
// its stock, and takes an order through a note, a shipment with tracking, a
// refund and a cancellation. It prints what each platform did, and what it
// cannot do and why.
//
//	go run ./examples/operations
//	go run ./examples/operations -platform magento
//
// It writes, so it talks to nothing but servers inside the program, which
// behave as the platforms do. What a service needs is in story.go.
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

	"github.com/soukhq/souk/catalog"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "operations: interrupted")
		os.Exit(130)
	default:
		fmt.Fprintln(os.Stderr, "operations:", err)
		os.Exit(1)
	}
}

// run is the whole program, with its surroundings passed in.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var names []string
	for _, p := range platforms {
		names = append(names, p.name)
	}
	flags := flag.NewFlagSet("operations", flag.ContinueOnError)
	flags.SetOutput(stderr)
	only := flags.String("platform", "", "change only the store of this platform: "+strings.Join(names, ", "))
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; see -help", flags.Arg(0))
	}
	told := 0
	for _, p := range platforms {
		if *only != "" && *only != p.name {
			continue
		}
		if told++; told > 1 {
			fmt.Fprintln(stdout)
		}
		if err := change(ctx, p.open, stdout); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	if told == 0 {
		return fmt.Errorf("unknown platform %q; there are: %s", *only, strings.Join(names, ", "))
	}
	return nil
}

// change opens one store and tells the story in it.
func change(ctx context.Context, open func() (store, error), stdout io.Writer) error {
	s, err := open()
	if err != nil {
		return err
	}
	defer s.close()
	engine, err := s.adapter.Open(s.account, catalog.StaticCredential(s.credential))
	if err != nil {
		return err
	}
	shop, err := engine.Shop(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s, %s\n", engine.Platform(), shop.Name)
	return story{engine: engine, currency: shop.Currency, store: s, out: stdout}.tell(ctx)
}
