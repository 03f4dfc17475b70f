// Bench measures souk beside the libraries a Go team would otherwise pick, on
// the same servers in the same run, and prints one table.
//
//	go run ./bench             # everything; about ten minutes, most of it waiting for real rate limits
//	go run ./bench -only scan  # one measurement: budget, scan, decode, ahead, platforms, woocommerce, inbox
//	go run ./bench -only platforms -platform magento
//	go run ./bench -json       # one JSON object per row
//
//	go run ./bench -only inbox -fsyncdelay fsyncdelay.c -events 1000000
//
// The inbox is measured on SQLite and, where it is installed, on a Postgres of
// the bench's own; -fsyncdelay adds the rows with a slow disk, by a program
// that delays every fsync of another and is run as root.
//
// Only ratios of one run mean something: absolute numbers move with the
// machine and its load. The servers run inside the program, the clients that
// are measured for memory and CPU in processes of their own.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"text/tabwriter"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Stdout); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// measurements in the order they are run and printed.
var measurements = []struct {
	name string
	run  func(context.Context) ([]row, error)
}{
	{"budget", measureBudget},
	{"scan", measureScan},
	{"decode", measureDecode},
	{"ahead", measureAhead},
	{"platforms", measurePlatforms},
	{"woocommerce", measureWooCommerce},
	{"inbox", measureInbox},
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	var names []string
	for _, m := range measurements {
		names = append(names, m.name)
	}
	only := flags.String("only", "", "run only this measurement: "+strings.Join(names, ", "))
	one := flags.String("platform", "", "with -only platforms: measure only this one, such as magento")
	asJSON := flags.Bool("json", false, "print one JSON object per row")
	child := flags.String("child", "", "for the program's own use: run one client and report")
	target := flags.String("target", "", "for the program's own use: where the server listens")
	flags.IntVar(&inboxOptions.seconds, "seconds", 4, "inbox: the length of each round of load")
	flags.IntVar(&inboxOptions.events, "events", 200_000, "inbox: how many events the memory is watched over")
	flags.StringVar(&inboxOptions.fsyncDelay, "fsyncdelay", "", "inbox: the C source of a program that delays every fsync of another, for the rows with a slow disk")
	flags.StringVar(&inboxOptions.kinds, "kinds", "", "inbox: only these receivers, such as bare,sqlite, and no memory")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *child == "receive" {
		return runReceiver(ctx, *target, stdout)
	}
	if *child != "" {
		return runChild(ctx, *child, *target, stdout)
	}
	ctx = context.WithValue(ctx, onePlatform{}, *one)
	var rows []row
	for _, m := range measurements {
		if *only != "" && *only != m.name {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s...\n", m.name)
		got, err := m.run(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		for i := range got {
			got[i].Measurement = m.name
		}
		rows = append(rows, got...)
	}
	if len(rows) == 0 {
		return fmt.Errorf("there is no measurement %q", *only)
	}
	if *asJSON {
		encoder := json.NewEncoder(stdout)
		for _, r := range rows {
			if err := encoder.Encode(r); err != nil {
				return err
			}
		}
		return nil
	}
	return table(stdout, rows)
}

// row is one line of the table: a quantity of ours, of the peer's, and what
// they are held against.
type row struct {
	Measurement string  `json:"measurement"`
	What        string  `json:"what"`
	Unit        string  `json:"unit"`
	Ours        float64 `json:"ours"`
	Peer        float64 `json:"peer,omitempty"`
	Ratio       float64 `json:"ratio,omitempty"`   // ours / peer
	Minimum     float64 `json:"minimum,omitempty"` // the least possible for ours
	OverMinimum float64 `json:"over_minimum,omitempty"`
	PeerMinimum float64 `json:"peer_minimum,omitempty"`
	PeerName    string  `json:"peer_name,omitempty"`
	Note        string  `json:"note,omitempty"`
}

func table(w io.Writer, rows []row) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "MEASUREMENT\tWHAT\tUNIT\tSOUK\tPEER\tSOUK/PEER\tMINIMUM\tSOUK/MIN\tPEER MIN\tPEER AND NOTE")
	for _, r := range rows {
		fmt.Fprintln(t, strings.Join([]string{r.Measurement, r.What, r.Unit, number(r.Ours, true), number(r.Peer, r.PeerName != ""), number(r.Ratio, r.Ratio != 0),
			number(r.Minimum, r.Minimum != 0), number(r.OverMinimum, r.OverMinimum != 0), number(r.PeerMinimum, r.PeerMinimum != 0),
			strings.TrimPrefix(strings.TrimSuffix(r.PeerName+"; "+r.Note, "; "), "; ")}, "\t"))
	}
	return t.Flush()
}

func number(v float64, show bool) string {
	switch {
	case !show:
		return ""
	case v == float64(int64(v)):
		return fmt.Sprintf("%d", int64(v))
	case v < 10:
		return fmt.Sprintf("%.3f", v)
	}
	return fmt.Sprintf("%.1f", v)
}

const peerName = "bold-commerce/go-shopify v4.7.0"
