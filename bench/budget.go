package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

const budgetCalls = 200

// measureBudget makes 200 calls for single products against the real-time rate
// limits of the standard plan, from one goroutine and from 32. Each client is
// held against the least time its own protocol allows. All runs go on at once,
// each with a server of its own, since they mostly wait.
func measureBudget(ctx context.Context) ([]row, error) {
	var wait sync.WaitGroup
	results := make([][]row, 2)
	failures := make([]error, 2)
	for i, goroutines := range []int{1, 32} {
		wait.Go(func() { results[i], failures[i] = budget(ctx, goroutines) })
	}
	wait.Wait()
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	return append(results[0], results[1]...), nil
}

// spent is what one client made of the calls.
type spent struct {
	wall      time.Duration
	least     float64 // seconds
	failed    int64
	throttled int
}

func budget(ctx context.Context, goroutines int) ([]row, error) {
	var ours, peer spent
	var oursErr, peerErr error
	var wait sync.WaitGroup
	wait.Go(func() { ours, oursErr = spendSouk(ctx, goroutines) })
	wait.Go(func() { peer, peerErr = spendPeer(ctx, goroutines) })
	wait.Wait()
	if oursErr != nil {
		return nil, oursErr
	}
	if peerErr != nil {
		return nil, peerErr
	}
	name := fmt.Sprintf("%d calls, %d goroutines: ", budgetCalls, goroutines)
	return []row{
		{What: name + "wall", Unit: "s", Ours: ours.wall.Seconds(), Minimum: ours.least, OverMinimum: ours.wall.Seconds() / ours.least,
			Peer: peer.wall.Seconds(), PeerMinimum: peer.least, PeerName: peerName, Note: "WithRetry(10); target SOUK/MIN 1.02"},
		{What: name + "throttled", Unit: "answers", Ours: float64(ours.throttled), Peer: float64(peer.throttled), PeerName: peerName},
		{What: name + "lost", Unit: "calls", Ours: float64(ours.failed), Peer: float64(peer.failed), PeerName: peerName},
	}, nil
}

func spendSouk(ctx context.Context, goroutines int) (spent, error) {
	s, err := serve(budgetCalls, true, 0)
	if err != nil {
		return spent{}, err
	}
	defer s.close()
	engine, err := openSouk(newWire(s.address), target{Address: s.address, Shop: s.Shop(), Token: s.Token()})
	if err != nil {
		return spent{}, err
	}
	ids := s.Products()
	wall, failed := spread(goroutines, func(i int) error {
		_, err := engine.Product(ctx, fmt.Sprint(ids[i].ID))
		return err
	})
	l := s.Ledger()
	return spent{wall, (l.PointsCharged - l.Capacity) / l.Restore, failed, l.Throttled}, ctx.Err()
}

func spendPeer(ctx context.Context, goroutines int) (spent, error) {
	s, err := serve(budgetCalls, true, 0)
	if err != nil {
		return spent{}, err
	}
	defer s.close()
	client, err := openPeer(newWire(s.address), target{Address: s.address, Shop: s.Shop(), Token: s.Token()}, 10)
	if err != nil {
		return spent{}, err
	}
	ids := s.Products()
	wall, failed := spread(goroutines, func(i int) error {
		_, err := client.Product.Get(ctx, uint64(ids[i].ID), nil)
		return err
	})
	_, throttled := s.rest.counts()
	return spent{wall, (budgetCalls - s.rest.size) / s.rest.leak, failed, throttled}, ctx.Err()
}

// spread makes the calls from so many goroutines.
func spread(goroutines int, call func(i int) error) (time.Duration, int64) {
	var next, failed atomic.Int64
	var wait sync.WaitGroup
	start := time.Now()
	for range goroutines {
		wait.Go(func() {
			for i := next.Add(1) - 1; i < budgetCalls; i = next.Add(1) - 1 {
				if call(int(i)) != nil {
					failed.Add(1)
				}
			}
		})
	}
	wait.Wait()
	return time.Since(start), failed.Load()
}
