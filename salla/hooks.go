package salla

import (
	"cmp"
	"encoding/json"
	"maps"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// webhookNode is a subscription as Salla tells it.
type webhookNode struct {
	ID      int64           `json:"id"`
	Name    string          `json:"name"`
	Event   string          `json:"event"`
	Version number          `json:"version"`
	Rule    string          `json:"rule"`
	URL     string          `json:"url"`
	Headers json.RawMessage `json:"headers"` // by name; [] when there are none
}

// markHeader tells the app's own webhooks from others: Salla lists all that a
// store has and says nothing of whose they are. It is sent along with each
// delivery, and is no secret: the app's id and, once a secret is written, the
// secret's fingerprint, since Salla does not tell secrets.
const markHeader = "X-Souk-App"

func (a *Adapter) mark(secret catalog.Secret) string {
	mark := cmp.Or(a.config.ClientID, "souk")
	if !secret.IsZero() {
		mark += ":" + catalog.Fingerprint(secret)
	}
	return mark
}

// owns says that the app made a webhook with this mark.
func (a *Adapter) owns(mark string) bool {
	app := a.mark(catalog.Secret{})
	return mark == app || strings.HasPrefix(mark, app+":")
}

// hook is a webhook of the store.
type hook struct {
	catalog.Subscription
	mark string
}

func (n webhookNode) hook() (s hook) {
	s.Subscription = catalog.Subscription{ID: idText(n.ID), Topic: n.Event, URL: n.URL, Name: n.Name, Rule: n.Rule, Active: true,
		Version: cmp.Or(string(n.Version), "1")} // which is not told
	var headers map[string]string
	_ = json.Unmarshal(n.Headers, &headers) // a list has none
	for name, value := range headers {
		if strings.EqualFold(name, markHeader) {
			s.mark = value
			continue
		}
		if s.Headers == nil {
			s.Headers = map[string]catalog.Secret{}
		}
		s.Headers[name] = catalog.NewSecret(value)
	}
	return s
}

// pair finds, for each wanted subscription, the one to keep or to change: the
// same, else one of the same event, at best with its address. An update cannot
// change the event. What is left over is surplus.
func pair(wanted []catalog.Subscription, present []hook) (pairs map[int]*hook, surplus []hook) {
	return transport.Pair(wanted, present, alike,
		func(a hook, b catalog.Subscription) bool { return a.Topic == b.Topic && a.URL == b.URL },
		func(a hook, b catalog.Subscription) bool { return a.Topic == b.Topic && a.Name == b.Name },
		func(a hook, b catalog.Subscription) bool { return a.Topic == b.Topic })
}

// same says that what is there needs no change.
func (e *Engine) same(there hook, w catalog.Subscription) bool {
	return there.mark == e.adapter.mark(w.Secret) && alike(there, w)
}

func alike(there hook, w catalog.Subscription) bool {
	return there.Topic == w.Topic && there.URL == w.URL && there.Rule == w.Rule && there.Version == w.Version && (w.Name == "" || there.Name == w.Name) &&
		maps.EqualFunc(there.Headers, w.Headers, catalog.Secret.Equal)
}
