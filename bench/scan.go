package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/soukhq/souk/catalog"
)

const scanned = 10_000

// usage is what one client took for a whole scan.
type usage struct {
	Products, Variants int
	Requests, Received int64
	Allocated, Mallocs uint64
	PeakKiB            int
	CPU, Wall          time.Duration

	// Of the runs through all platforms: the least number of pages, their
	// size, and what one takes beyond the latency.
	Pages, PageSize int
	Transfer        time.Duration
}

// measureScan reads 10,000 products without a rate limit, each client in a
// process of its own.
func measureScan(ctx context.Context) ([]row, error) {
	s, err := serve(scanned, false, 0)
	if err != nil {
		return nil, err
	}
	defer s.close()
	var ours, peer usage
	for name, into := range map[string]*usage{"scan-souk": &ours, "scan-peer": &peer} {
		if *into, err = inChild(ctx, name, s.target()); err != nil {
			return nil, err
		}
		if into.Products != scanned {
			return nil, fmt.Errorf("%s read %d products, want %d", name, into.Products, scanned)
		}
	}
	beside := func(what, unit string, of func(usage) float64) row {
		return row{What: what, Unit: unit, Ours: of(ours), Peer: of(peer), Ratio: of(ours) / of(peer), PeerName: peerName}
	}
	rows := []row{
		beside("10,000 products: bytes received", "MB", func(u usage) float64 { return float64(u.Received) / 1e6 }),
		beside("allocated per byte received", "B/B", func(u usage) float64 { return float64(u.Allocated) / float64(u.Received) }),
		beside("allocated", "MB", func(u usage) float64 { return float64(u.Allocated) / 1e6 }),
		beside("allocations", "1000", func(u usage) float64 { return float64(u.Mallocs) / 1000 }),
		beside("peak RSS", "MB", func(u usage) float64 { return float64(u.PeakKiB) / 1024 }),
		beside("CPU", "s", func(u usage) float64 { return u.CPU.Seconds() }),
		beside("CPU per byte received", "ns/B", func(u usage) float64 { return float64(u.CPU.Nanoseconds()) / float64(u.Received) }),
		beside("wall", "s", func(u usage) float64 { return u.Wall.Seconds() }),
	}
	rows[0].Note = "GraphQL for us, REST for the peer; ours streamed with Raw kept, the peer's all in memory without it"
	rows[1].Note = "target 0.5"
	return rows, nil
}

// inChild runs a client in a process of its own.
func inChild(ctx context.Context, name, target string) (usage, error) {
	self, err := os.Executable()
	if err != nil {
		return usage{}, err
	}
	child := exec.CommandContext(ctx, self, "-child", name, "-target", target)
	child.Stderr = os.Stderr
	out, err := child.Output()
	if err != nil {
		return usage{}, fmt.Errorf("%s: %w", name, err)
	}
	var u usage
	return u, json.Unmarshal(out, &u)
}

// runChild is the process that is measured.
func runChild(ctx context.Context, name, where string, stdout io.Writer) error {
	var t target
	if err := json.Unmarshal([]byte(where), &t); err != nil {
		return err
	}
	w := newWire(t.Address)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	var u usage
	var err error
	switch name {
	case "scan-souk":
		var engine catalog.Engine
		if engine, err = openSouk(w, t); err == nil {
			u.Products, u.Variants, err = scanSouk(ctx, engine)
		}
	case "scan-peer":
		client, failed := openPeer(w, t, 0)
		if err = failed; err == nil {
			u.Products, u.Variants, err = scanPeer(ctx, client)
		}
	case "platform":
		err = readPlatform(ctx, w, t, &u)
	case "woocommerce-peer":
		err = readWooCommercePeer(ctx, t, &u)
	default:
		err = fmt.Errorf("unknown client %q", name)
	}
	if err != nil {
		return err
	}
	if u.Wall == 0 {
		u.Wall = time.Since(start)
	}
	runtime.ReadMemStats(&after)
	u.Allocated, u.Mallocs = after.TotalAlloc-before.TotalAlloc, after.Mallocs-before.Mallocs
	u.Requests, u.Received = w.requests.Load(), w.received.Load()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return err
	}
	u.CPU = time.Duration(r.Utime.Nano() + r.Stime.Nano())
	u.PeakKiB = peakRSS()
	return json.NewEncoder(stdout).Encode(u)
}

// peakRSS is the highest resident memory of this process, 0 where the system
// does not tell.
func peakRSS() int {
	file, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			peak, _ := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(value, "kB"))) // 0 if it is no number
			return peak
		}
	}
	return 0
}

// filled proves that a product is whole: a reader that skips work would be
// fast for nothing.
func filled(p catalog.Product) error {
	for name, empty := range map[string]bool{
		"ID": p.ID == "", "Title": p.Title == "", "Handle": p.Handle == "", "Status": p.Status == "", "Vendor": p.Vendor == "",
		"Options": len(p.Options) == 0, "Variants": len(p.Variants) == 0, "Raw": len(p.Raw) == 0, "Cursor": p.Cursor == "",
		"CreatedAt": p.CreatedAt.IsZero(), "UpdatedAt": p.UpdatedAt.IsZero(), "Platform": p.Platform == "",
	} {
		if empty {
			return fmt.Errorf("product %s came without %s", p.ID, name)
		}
	}
	for _, v := range p.Variants {
		if v.ID == "" || v.InventoryItemID == "" || v.Price.IsZero() || v.Price.Currency() == "" || len(v.Options) == 0 || v.UpdatedAt.IsZero() {
			return fmt.Errorf("variant %s of product %s is not filled", v.ID, p.ID)
		}
	}
	return nil
}
