package catalogtest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/soukhq/souk/catalog"
)

var webhookRules = []rule{
	{name: "a signed delivery is accepted and understood", check: deliveryAccepted},
	{name: "without a secret there is no verifier", check: noSecretNoVerifier},
	{name: "an altered body, a wrong secret or a missing proof is refused", check: forgeries},
	{name: "several secrets are tried and the one that fits is named", check: rotation},
	{name: "a delivery outside its time window is refused", check: timeWindow},
	{name: "a redelivery has the same key and another event another", check: eventKeys},
	{name: "a topic without a kind passes as other", check: otherTopics},
	{name: "an authentic body that cannot be read is a bad answer", check: unreadableBody},
	{name: "verifying changes nothing and keeps to its context", check: verifyPure},
}

// verifying opens a store with a verifier, or skips where the platform signs
// nothing.
func (s *suite) verifying(t testing.TB) (*session, *Webhooks, catalog.WebhookVerifier) {
	t.Helper()
	x := s.open(t)
	hooks := x.Webhooks
	if hooks == nil {
		if x.engine.Features().Webhooks.Signed {
			t.Fatal("Features says that webhooks are signed, but the harness delivers none")
		}
		t.Skip("Features says that webhooks are not signed")
	}
	x.watch.secrets = append(x.watch.secrets, hooks.Secret.Reveal())
	return x, hooks, x.verifier(hooks.Secret)
}

func (x *session) verifier(secrets ...catalog.Secret) catalog.WebhookVerifier {
	x.t.Helper()
	v, err := x.NewAdapter().Verifier(catalog.VerifierConfig{Account: x.Webhooks.Account, Secrets: secrets})
	if err != nil {
		x.t.Fatalf("Verifier: %v", err)
	}
	return v
}

func deliveryAccepted(t testing.TB, s *suite) {
	x, hooks, v := s.verifying(t)
	for _, sent := range hooks.Events {
		d := hooks.Deliver(hooks.Secret, sent)
		verdict, err := v.Verify(t.Context(), d)
		if err != nil || len(verdict.Events) != 1 {
			t.Errorf("%s: %d events, %v; want one", sent.Topic, len(verdict.Events), err)
			continue
		}
		e := verdict.Events[0]
		if e.Platform != s.Platform || e.Store != x.Account.Store || e.Topic != sent.Topic || e.Kind != sent.Kind ||
			e.Resource != sent.Resource || e.ResourceID != sent.ResourceID {
			t.Errorf("%s: the event says platform %q, store %q, topic %q, kind %q, resource %q %q; want store %q and %+v",
				sent.Topic, e.Platform, e.Store, e.Topic, e.Kind, e.Resource, e.ResourceID, x.Account.Store,
				[]any{sent.Topic, sent.Kind, sent.Resource, sent.ResourceID})
		}
		if e.Key == "" || e.PayloadKind == "" || !e.ReceivedAt.Equal(d.ReceivedAt) || e.Account != "" {
			t.Errorf("%s: key %q, payload kind %q, received %v, account %q", sent.Topic, e.Key, e.PayloadKind, e.ReceivedAt, e.Account)
		}
		if verdict.SecretIndex != 0 {
			t.Errorf("%s: secret %d fits, want 0", sent.Topic, verdict.SecretIndex)
		}
	}
}

func noSecretNoVerifier(t testing.TB, s *suite) {
	x, hooks, _ := s.verifying(t)
	for name, secrets := range map[string][]catalog.Secret{
		"no secret": {}, "an empty secret": {{}}, "an empty one among others": {hooks.Secret, {}},
	} {
		v, err := x.NewAdapter().Verifier(catalog.VerifierConfig{Account: hooks.Account, Secrets: secrets})
		if err == nil || v != nil {
			t.Errorf("a verifier is made with %s", name)
		} else if !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("a verifier with %s: %v is not catalog.ErrInvalid", name, err)
		}
	}
}

// refuses holds that a delivery is refused, with words for the operator.
func (x *session) refuses(v catalog.WebhookVerifier, d catalog.Delivery, what string) {
	x.t.Helper()
	verdict, err := v.Verify(x.t.Context(), d)
	x.fails(err, what, catalog.ErrUnauthorized)
	if len(verdict.Events)+len(verdict.Grants) > 0 {
		x.t.Errorf("%s: events or grants come beside the refusal", what)
	}
	if e, ok := errors.AsType[*catalog.Error](err); ok && (e.Code == "" || e.Message == "") {
		x.t.Errorf("%s: the refusal does not tell the operator why: %v", what, err)
	}
}

func forgeries(t testing.TB, s *suite) {
	x, hooks, v := s.verifying(t)
	other := catalog.NewSecret("another-secret-0123456789abcdef")
	for _, sent := range hooks.Events {
		good := hooks.Deliver(hooks.Secret, sent)
		for what, d := range alterations(good, hooks.Proofs) {
			x.refuses(v, d, sent.Topic+" with "+what+" altered")
		}
		longer := good
		longer.Body = append(bytes.Clone(good.Body), ' ')
		x.refuses(v, longer, sent.Topic+" with a byte more")
		none := good
		none.Body = nil
		x.refuses(v, none, sent.Topic+" without a body")
		x.refuses(v, hooks.Deliver(other, sent), sent.Topic+" signed by somebody else")
		x.refuses(v, hooks.Deliver(catalog.Secret{}, sent), sent.Topic+" signed with nothing")
		for _, name := range hooks.Proofs {
			for how, value := range map[string]string{"without": "", "with an empty": " ", "with nonsense in": "nonsense"} {
				d := good
				d.Header = good.Header.Clone()
				if d.Header.Del(name); value != "" {
					d.Header.Set(name, value)
				}
				x.refuses(v, d, sent.Topic+" "+how+" "+name)
			}
		}
	}
	if len(hooks.Proofs) == 0 {
		t.Error("the harness names no header that proves the origin")
	}
}

func rotation(t testing.TB, s *suite) {
	x, hooks, _ := s.verifying(t)
	newest := catalog.NewSecret("newest-secret-0123456789abcdef")
	oldest := catalog.NewSecret("oldest-secret-0123456789abcdef")
	v := x.verifier(newest, hooks.Secret, oldest)
	for i, secret := range []catalog.Secret{newest, hooks.Secret, oldest} {
		verdict, err := v.Verify(t.Context(), hooks.Deliver(secret, hooks.Events[0]))
		if err != nil || verdict.SecretIndex != i {
			t.Errorf("signed with secret %d: index %d, %v", i, verdict.SecretIndex, err)
		}
	}
	x.refuses(v, hooks.Deliver(catalog.NewSecret("retired-secret-0123456789abcdef"), hooks.Events[0]), "signed with a retired secret")
}

// timeWindow receives deliveries an hour from when they were signed.
func timeWindow(t testing.TB, s *suite) {
	x, hooks, v := s.verifying(t)
	if !x.engine.Features().Webhooks.TimeSigned {
		t.Skip("Features says that the time is not signed")
	}
	for what, apart := range map[string]time.Duration{"an hour late": time.Hour, "an hour early": -time.Hour} {
		d := hooks.Deliver(hooks.Secret, hooks.Events[0])
		d.ReceivedAt = d.ReceivedAt.Add(apart)
		x.refuses(v, d, "a delivery "+what)
	}
}

func eventKeys(t testing.TB, s *suite) {
	_, hooks, v := s.verifying(t)
	key := func(d catalog.Delivery) string {
		verdict, err := v.Verify(t.Context(), d)
		if err != nil || len(verdict.Events) != 1 {
			t.Fatalf("%d events, %v", len(verdict.Events), err)
		}
		return verdict.Events[0].Key
	}
	seen := map[string]string{}
	for _, sent := range hooks.Events {
		d := hooks.Deliver(hooks.Secret, sent)
		first := key(d)
		again := d
		again.ReceivedAt = d.ReceivedAt.Add(4 * time.Second)
		if second := key(again); second != first {
			t.Errorf("%s: the redelivery's key is %s, the first was %s", sent.Topic, second, first)
		}
		if other, taken := seen[first]; taken {
			t.Errorf("%s has the key of another event, %s: %s", sent.Topic, other, first)
		}
		seen[first] = sent.Topic
	}
	topics := map[string]int{}
	for _, sent := range hooks.Events {
		topics[sent.Topic]++
	}
	if len(topics) == len(hooks.Events) {
		t.Error("the harness has no two events of one topic, whose keys could be told apart")
	}
}

func otherTopics(t testing.TB, s *suite) {
	_, hooks, v := s.verifying(t)
	i := slices.IndexFunc(hooks.Events, func(e Sent) bool { return e.Kind == catalog.EventOther })
	if i < 0 {
		t.Fatal("the harness has no event of a topic souk has no kind for")
	}
	verdict, err := v.Verify(t.Context(), hooks.Deliver(hooks.Secret, hooks.Events[i]))
	if err != nil || len(verdict.Events) != 1 || verdict.Events[0].Kind != catalog.EventOther || verdict.Events[0].Topic != hooks.Events[i].Topic {
		t.Errorf("an unknown topic: %+v, %v; want one event of kind other", verdict.Events, err)
	}
}

func unreadableBody(t testing.TB, s *suite) {
	x, hooks, v := s.verifying(t)
	sent := hooks.Events[0]
	sent.Body = []byte(`{"id":`)
	verdict, err := v.Verify(t.Context(), hooks.Deliver(hooks.Secret, sent))
	x.fails(err, "an authentic body that is cut", catalog.ErrBadAnswer)
	if errors.Is(err, catalog.ErrUnauthorized) || len(verdict.Events) > 0 {
		t.Errorf("an authentic body that is cut: %d events, %v", len(verdict.Events), err)
	}
}

func verifyPure(t testing.TB, s *suite) {
	_, hooks, v := s.verifying(t)
	d := hooks.Deliver(hooks.Secret, hooks.Events[0])
	body, header := bytes.Clone(d.Body), d.Header.Clone()
	if _, err := v.Verify(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(body, d.Body) || len(header) != len(d.Header) {
		t.Error("verifying changed the delivery")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := v.Verify(ctx, d); !errors.Is(err, context.Canceled) {
		t.Errorf("verifying with a dead context: %v", err)
	}
}
