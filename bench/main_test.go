package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/soukhq/souk/catalog"
)

// Both clients must read the whole of the same store before their times mean
// anything.
func TestBothClientsReadTheWholeStore(t *testing.T) {
	t.Parallel()
	s, err := serve(600, false, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	for _, name := range []string{"scan-souk", "scan-peer"} {
		var out bytes.Buffer
		if err := runChild(t.Context(), name, s.target(), &out); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var u usage
		if err := json.Unmarshal(out.Bytes(), &u); err != nil {
			t.Fatal(err)
		}
		if u.Products != 600 || u.Variants < 600 || u.Received == 0 || u.Allocated == 0 {
			t.Errorf("%s: %+v", name, u)
		}
	}
}

func TestUnfilledProductIsRefused(t *testing.T) {
	t.Parallel()
	if err := filled(catalog.Product{ID: "1", Title: "x"}); err == nil {
		t.Error("a product without variants, raw and times passed for a filled one")
	}
}

func TestLimitOfTheRESTServer(t *testing.T) {
	t.Parallel()
	s, err := serve(50, true, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	client, err := openPeer(newWire(s.address), target{Address: s.address, Shop: s.Shop(), Token: s.Token()}, 0)
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, p := range s.Products() {
		if _, err := client.Product.Get(context.Background(), uint64(p.ID), nil); err != nil {
			refused++
		}
	}
	if answered, throttled := s.rest.counts(); answered < 40 || throttled != refused || throttled == 0 {
		t.Errorf("%d answered, %d throttled, %d refused", answered, throttled, refused)
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := table(&out, []row{{Measurement: "scan", What: "CPU", Unit: "s", Ours: 0.5, Peer: 1, Ratio: 0.5, PeerName: peerName, Note: "a note"}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"scan", "CPU", "0.500", peerName + "; a note"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, &out)
		}
	}
	if err := run(t.Context(), []string{"-only", "nothing"}, &out); err == nil {
		t.Error("an unknown measurement was not refused")
	}
}

func TestEveryPlatformIsReadWhole(t *testing.T) {
	t.Parallel()
	for _, p := range platforms {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			s, err := p.start(300, 0, true)
			if err != nil {
				t.Fatal(err)
			}
			defer s.stop()
			var out bytes.Buffer
			if err := runChild(t.Context(), "platform", s.text(), &out); err != nil {
				t.Fatal(err)
			}
			var u usage
			if err := json.Unmarshal(out.Bytes(), &u); err != nil {
				t.Fatal(err)
			}
			if s.target.rows(u.Products) != 300 || u.Requests < int64(u.Pages) || u.Pages == 0 || s.throttled() != 0 {
				t.Errorf("%+v, throttled %d", u, s.throttled())
			}
		})
	}
}
