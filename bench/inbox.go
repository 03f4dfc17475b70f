package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// inboxOptions are the flags of the measurement "inbox".
var inboxOptions struct {
	seconds    int    // of each round
	events     int    // of the memory run
	kinds      string // of receivers, with commas; "" = all, and the memory
	fsyncDelay string // the source of a program that delays every fsync of another; "" = no such rows
}

const (
	inboxRounds      = 3
	inboxConnections = 64
)

// inboxKind is a way to receive webhooks.
type inboxKind struct {
	name     string
	postgres bool
}

var (
	bare            = inboxKind{name: "bare"}
	sqliteGrouped   = inboxKind{name: "sqlite"}
	sqliteSingle    = inboxKind{name: "sqlite-single"}
	postgresGrouped = inboxKind{name: "postgres", postgres: true}
	postgresSingle  = inboxKind{name: "postgres-single", postgres: true}
	reference       = inboxKind{name: "reference", postgres: true}
	inboxKinds      = []inboxKind{bare, sqliteGrouped, sqliteSingle, postgresGrouped, postgresSingle, reference}
)

// measureInbox posts signed deliveries over 64 connections to receivers that
// differ in what is behind them. They take turns, so that a busy machine is as
// busy for each.
func measureInbox(ctx context.Context) ([]row, error) {
	folder, err := os.MkdirTemp("", "inbox")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	rows, err := inboxRates(ctx, filepath.Join(folder, "plain"), nil)
	if err != nil {
		return nil, err
	}
	delayed, err := delayCommand(ctx, folder, 2*time.Millisecond)
	if err != nil {
		return nil, err
	}
	if delayed == nil {
		fmt.Fprintln(os.Stderr, "inbox: the rows with 2 ms added to every fsync are left out; -fsyncdelay names the program's source, which needs gcc and root")
	} else {
		slow, err := inboxRates(ctx, filepath.Join(folder, "slow"), delayed)
		if err != nil {
			return nil, err
		}
		rows = append(rows, slow...)
	}
	if inboxOptions.kinds != "" {
		return rows, nil
	}
	memory, err := inboxMemory(ctx, filepath.Join(folder, "memory"))
	return append(rows, memory...), err
}

// inboxRates measures every kind on a disk as it is, or as a command makes it.
func inboxRates(ctx context.Context, folder string, disk []string) ([]row, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	postgres, err := startPostgres(ctx, disk)
	if err != nil {
		return nil, err
	}
	if postgres == nil {
		fmt.Fprintln(os.Stderr, "inbox: no Postgres is installed; its rows are left out")
	} else {
		defer postgres.stop()
	}
	receivers := make(map[inboxKind]*receiver)
	rates := make(map[inboxKind][]rate)
	for _, kind := range inboxKinds {
		if inboxOptions.kinds != "" && !slices.Contains(strings.Split(inboxOptions.kinds, ","), kind.name) {
			continue
		}
		where := filepath.Join(folder, kind.name+".db")
		if kind.postgres {
			if postgres == nil {
				continue
			}
			if where, err = postgres.schema(ctx, kind.name); err != nil {
				return nil, err
			}
		}
		r, err := startReceiver(ctx, disk, receiverTarget{Kind: kind.name, Where: where})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", kind.name, err)
		}
		defer r.stop()
		receivers[kind] = r
	}
	for round := range inboxRounds + 1 {
		for _, kind := range inboxKinds {
			if receivers[kind] == nil {
				continue
			}
			length := time.Duration(inboxOptions.seconds) * time.Second
			if round == 0 { // to warm up
				length /= 2
			}
			server := 0
			if kind.postgres {
				server = postgres.pid()
			}
			before := cpuOf(receivers[kind].pid, server)
			got, err := load(ctx, receivers[kind], inboxConnections, length)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", kind.name, err)
			}
			got.cpu = (cpuOf(receivers[kind].pid, server) - before) / time.Duration(max(got.answers, 1))
			if round > 0 {
				rates[kind] = append(rates[kind], got)
			}
		}
	}
	return rateRows(rates, disk != nil), nil
}

// middle is the rate of the round in the middle.
func middle(rounds []rate) rate {
	slices.SortFunc(rounds, func(a, b rate) int { return int(a.perSecond) - int(b.perSecond) })
	return rounds[len(rounds)/2]
}

func rateRows(rates map[inboxKind][]rate, slow bool) []row {
	at := make(map[inboxKind]rate)
	for kind, rounds := range rates {
		at[kind] = middle(rounds)
	}
	suffix := ""
	if slow {
		suffix = ", 2 ms added to every fsync"
	}
	var rows []row
	add := func(what string, kind, peer inboxKind, peerName, target string) {
		ours, ok := at[kind]
		if !ok {
			return
		}
		r := row{What: what + suffix, Unit: "events/s", Ours: ours.perSecond, Note: fmt.Sprintf("p50 %.1f ms, p99 %.1f ms, %d µs of processor each", ms(ours.p50), ms(ours.p99), ours.cpu.Microseconds())}
		if p, ok := at[peer]; ok && peerName != "" {
			r.Peer, r.Ratio, r.PeerName = p.perSecond, ours.perSecond/p.perSecond, peerName
			r.Note += fmt.Sprintf(", the peer %d", p.cpu.Microseconds())
		}
		if target != "" {
			r.Note = target + "; " + r.Note
		}
		rows = append(rows, r)
	}
	const none, each = "the same receiver without a store", "one transaction for each request"
	add("bare receiver", bare, bare, "", "")
	onBare, onEach, onReference := "target 0.55", "", "target 0.8"
	if slow {
		onBare, onEach = "", "target 10"
	}
	add("SQLite", sqliteGrouped, bare, none, onBare)
	add("SQLite", sqliteGrouped, sqliteSingle, each, onEach)
	add("Postgres with River", postgresGrouped, reference, "a reference with the same two inserts", onReference)
	add("Postgres with River", postgresGrouped, bare, none, "")
	add("Postgres with River", postgresGrouped, postgresSingle, each, "")
	for _, kind := range []inboxKind{sqliteGrouped, postgresGrouped} {
		if ours, ok := at[kind]; ok {
			rows = append(rows, row{What: kind.name + ", slowest of 100 answers" + suffix, Unit: "ms", Ours: ms(ours.p99), Note: "p99; target 20"})
		}
	}
	return rows
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
