package sallatest

import (
	"net/http"
	"testing"
	"time"
)

func TestOwnAddress(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t})
	r, err := http.NewRequestWithContext(t.Context(), "GET", s.URL()+"/admin/v2/orders", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.Token())
	r.Header.Set("Accept", "application/json")
	if res, err := roundTrip(s.Client(), r); err != nil || res.status != 200 {
		t.Errorf("%d %v", res.status, err)
	}
}

func TestStoresAreApart(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{TB: t, Products: 5})
	other := s.AddStore(&Config{Products: 7, Plan: PlanPro, Token: "theirs"})
	if other.MerchantID() == s.MerchantID() || other.Token() != "theirs" {
		t.Fatalf("merchants %d and %d", s.MerchantID(), other.MerchantID())
	}
	for tok, want := range map[string]int{s.Token(): 5, "theirs": 7} {
		r := do(t, s, tok, "GET", "/products", "")
		if l := decode[listing](t, r); l.Pagination.Total != want {
			t.Errorf("%d products, want %d", l.Pagination.Total, want)
		}
	}
	info := decode[struct {
		Data struct {
			ID   int64
			Plan string
		}
	}](t, do(t, s, "theirs", "GET", "/store/info", ""))
	if info.Data.ID != other.MerchantID() || info.Data.Plan != PlanPro {
		t.Errorf("store %+v", info.Data)
	}
	if s.Ledger().Requests != 1 || other.Ledger().Requests != 2 {
		t.Errorf("ledgers %+v %+v", s.Ledger(), other.Ledger())
	}
	s.Inject(Fault{Status: 500, Merchant: other.MerchantID()})
	if r := get(t, s, "/products"); r.status != 200 {
		t.Errorf("the other store's fault hit this one: %d", r.status)
	}
}

func TestLatencyEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	s := start(t, &Config{Latency: time.Hour})
	r := newRequest(t, s, "/orders")
	client := s.Client()
	client.Timeout = 20 * time.Millisecond
	if res, err := client.Do(r); err == nil {
		res.Body.Close()
		t.Error("an answer came before its latency")
	}
}

func TestCloseTwice(t *testing.T) {
	t.Parallel()
	s := NewServer(nil)
	s.Close()
	s.Close()
	r := newRequest(t, s, "/orders")
	if res, err := s.Client().Do(r); err == nil {
		res.Body.Close()
		t.Error("a closed server answers")
	}
}
