package woocommercetest

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

type hookList struct {
	mu    sync.Mutex
	last  int64
	list  []*Subscription
	queue []event
	run   sync.Mutex // one delivery run at a time, as in the store
}

// event is one delivery waiting: its body is made when it is sent.
type event struct {
	hook int64
	arg  int64
}

var hookStatuses = []string{"active", "paused", "disabled"}

func (s *Server) webhookRoutes() []*route {
	list := append(listFields("date", "id", "title"), typed("date", "after", "before")...)
	list = append(list, oneOf("status", append([]string{"all"}, hookStatuses...)...))
	body := func(creating bool) []field {
		return append(typed("string", "name", "secret"), oneOf("status", hookStatuses...),
			field{name: "topic", kind: "string", required: creating}, field{name: "delivery_url", kind: "string", required: creating})
	}
	return []*route{
		{methods: "GET", path: "webhooks", act: actList, fields: list, serve: (*call).listWebhooks},
		{methods: "POST", path: "webhooks", act: actCreate, fields: body(true), serve: (*call).createWebhook},
		{methods: editing, path: "webhooks/batch", act: actBatch, serve: func(c *call) *apiError {
			return c.batch(batcher{body(true), c.insertWebhook, c.changeWebhook, c.dropWebhook})
		}},
		{methods: "GET", path: "webhooks/#", act: actView, fields: []field{oneOf("context", "view", "edit")}, serve: (*call).getWebhook},
		{methods: editing, path: "webhooks/#", act: actEdit, fields: body(false), serve: (*call).putWebhook},
		{methods: "DELETE", path: "webhooks/#", act: actDelete, fields: typed("boolean", "force"), serve: (*call).deleteWebhook},
	}
}

var topics = regexp.MustCompile(`^((coupon|customer|order|product)\.(created|updated|deleted|restored)|action\.(woocommerce|wc)_\w+)$`)

// knownTopic says whether webhooks may have a topic. Since 10.9 there is no
// customer.restored, and product.published is new.
func (s *Server) knownTopic(topic string) bool {
	topic = strings.ToLower(topic)
	if s.cfg.atLeast(10, 9) {
		switch topic {
		case "customer.restored":
			return false
		case "product.published":
			return true
		}
	}
	return topics.MatchString(topic)
}

// Subscriptions returns the webhooks of the store, oldest first, with their
// secrets and failure counts.
func (s *Server) Subscriptions() []Subscription {
	s.hooks.mu.Lock()
	defer s.hooks.mu.Unlock()
	out := make([]Subscription, len(s.hooks.list))
	for i, h := range s.hooks.list {
		out[i] = *h
	}
	return out
}

// AddSubscription stores a webhook as it is, without a ping, and returns it with
// a new id. Empty fields become: Status active, UserID of the first key.
func (s *Server) AddSubscription(h Subscription) Subscription {
	s.hooks.mu.Lock()
	defer s.hooks.mu.Unlock()
	s.hooks.last++
	h.ID, h.Status, h.UserID = s.hooks.last, cmp.Or(h.Status, "active"), cmp.Or(h.UserID, adminID)
	orText(&h.Name, "Webhook created on "+s.now().In(s.cfg.Location).Format("Jan 2, 2006 @ 03:04 PM"))
	if h.CreatedAt.IsZero() {
		h.CreatedAt = s.stamp()
	}
	if h.ModifiedAt.IsZero() {
		h.ModifiedAt = h.CreatedAt
	}
	s.hooks.list = append(s.hooks.list, &h)
	return h
}

func (s *Server) subscription(id int64) *Subscription {
	s.hooks.mu.Lock()
	defer s.hooks.mu.Unlock()
	for _, h := range s.hooks.list {
		if h.ID == id {
			c := *h
			return &c
		}
	}
	return nil
}

// changeSubscription edits a webhook in place; false when there is none.
func (s *Server) changeSubscription(id int64, change func(*Subscription)) bool {
	s.hooks.mu.Lock()
	defer s.hooks.mu.Unlock()
	for _, h := range s.hooks.list {
		if h.ID == id {
			change(h)
			return true
		}
	}
	return false
}

// webhook writes a subscription; its secret and failures are never told.
func (w *writer) webhook(s *Server, h *Subscription) {
	resource, event, _ := strings.Cut(h.Topic, ".")
	w.obj("")
	w.num("id", h.ID)
	w.str("name", h.Name)
	w.str("status", h.Status)
	w.str("topic", h.Topic)
	w.str("resource", resource)
	w.str("event", event)
	hooks := []string{"woocommerce_new_" + resource}
	switch {
	case resource == "action":
		hooks = []string{event}
	case event == "updated":
		hooks = []string{"woocommerce_update_" + resource}
	case event == "deleted":
		hooks = []string{"wp_trash_post"}
	case event == "restored":
		hooks = []string{"untrashed_post"}
	}
	w.texts("hooks", hooks)
	w.str("delivery_url", h.DeliveryURL)
	w.dates("date_created", h.CreatedAt, s.cfg.Location)
	w.dates("date_modified", h.ModifiedAt, s.cfg.Location)
	w.selfLinks(s, "/webhooks", h.ID, allowAll)
	w.end()
	w.end()
}

func (c *call) listWebhooks() *apiError {
	b := c.bounds()
	status, words := cmp.Or(c.params["status"], "all"), c.params["search"]
	include, exclude := c.ids("include"), c.ids("exclude")
	list := slices.DeleteFunc(c.server.Subscriptions(), func(h Subscription) bool {
		at := key{h.ID, h.CreatedAt.Unix(), h.ModifiedAt.Unix()}
		return status != "all" && h.Status != status || !holds(h.Name, words) || !b.keep(at) ||
			include != nil && !slices.Contains(include, h.ID) || slices.Contains(exclude, h.ID)
	})
	of := func(h Subscription) key { return key{h.ID, h.CreatedAt.Unix(), h.ModifiedAt.Unix()} }
	if !order(c, list, cmp.Or(c.params["orderby"], "date"), of) {
		slices.SortFunc(list, func(a, b Subscription) int { return cmp.Compare(a.Name, b.Name) })
	}
	if c.descending("desc") {
		slices.Reverse(list)
	}
	from, to := c.cut(len(list))
	rowsOf(c, list[from:to], func(w *writer, h Subscription) { w.webhook(c.server, &h) })
	return nil
}

func (c *call) showWebhook(h *Subscription) made {
	return made{h.ID, func(w *writer) { w.webhook(c.server, h) }}
}

func (c *call) getWebhook() *apiError {
	h := c.server.subscription(c.args[0])
	if h == nil {
		return invalidID("webhook", http.StatusNotFound)
	}
	return c.reply(c.showWebhook(h), nil, "")
}

func badTopic() *apiError {
	return fail(http.StatusBadRequest, "woocommerce_rest_shop_webhook_invalid_topic", "Webhook topic is required and must be valid.")
}

func badDeliveryURL() *apiError {
	return fail(http.StatusBadRequest, "woocommerce_rest_shop_webhook_invalid_delivery_url",
		"Webhook delivery URL must be a valid URL starting with http:// or https://.")
}

func validURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func (c *call) createWebhook() *apiError {
	m, err := c.insertWebhook(c.input)
	return c.reply(m, err, "/webhooks")
}

// insertWebhook stores a webhook and pings its address before it answers;
// whatever comes back, the webhook is made.
func (c *call) insertWebhook(in input) (made, *apiError) {
	s := c.server
	h := Subscription{Pending: true, UserID: c.key.UserID}
	for name, into := range map[string]*string{"name": &h.Name, "status": &h.Status, "topic": &h.Topic, "delivery_url": &h.DeliveryURL, "secret": &h.Secret} {
		in.text(name, into)
	}
	switch {
	case !s.knownTopic(h.Topic):
		return made{}, badTopic()
	case !validURL(h.DeliveryURL):
		return made{}, badDeliveryURL()
	}
	if h.Secret == "" {
		s.book.violation("%s %s: a webhook without a secret gets one nobody can read", c.method, c.at)
		h.Secret = newRand(s.cfg.Seed, kindKey, int(s.now().UnixNano())).hex(50)
	}
	if strings.ContainsAny(h.Secret, `&<>"'\`) {
		s.book.violation("%s %s: a secret with HTML characters is decoded before the store signs with it", c.method, c.at)
	}
	h = s.AddSubscription(h)
	s.ping(c.r.Context(), h.ID)
	return c.showWebhook(s.subscription(h.ID)), nil
}

func (c *call) putWebhook() *apiError {
	m, err := c.changeWebhook(c.args[0], c.input)
	return c.reply(m, err, "")
}

// changeWebhook edits a webhook. Activating it again does not reset its count
// of failures.
func (c *call) changeWebhook(id int64, in input) (made, *apiError) {
	s := c.server
	if in.has("topic") && !s.knownTopic(textOf(in["topic"])) {
		return made{}, badTopic()
	}
	if in.has("delivery_url") && !validURL(textOf(in["delivery_url"])) {
		return made{}, badDeliveryURL()
	}
	moved := false
	if !s.changeSubscription(id, func(h *Subscription) {
		in.text("name", &h.Name)
		in.text("topic", &h.Topic)
		if text := textOf(in["status"]); text != "" {
			h.Status = text
			if !slices.Contains(hookStatuses, text) {
				h.Status = "disabled"
			}
		}
		if text := textOf(in["secret"]); text != "" {
			h.Secret = text
		}
		if text := textOf(in["delivery_url"]); text != "" && text != h.DeliveryURL {
			h.DeliveryURL, h.Pending, moved = text, true, true
		}
		h.ModifiedAt = s.stamp()
	}) {
		return made{}, invalidID("webhook", http.StatusBadRequest)
	}
	if moved {
		s.ping(c.r.Context(), id)
	}
	return c.showWebhook(s.subscription(id)), nil
}

func (c *call) deleteWebhook() *apiError {
	if force, _ := c.flag("force"); !force {
		return noTrash("Webhooks")
	}
	m, err := c.dropWebhook(c.args[0], true)
	return c.reply(m, err, "")
}

func (c *call) dropWebhook(id int64, _ bool) (made, *apiError) {
	h := c.server.subscription(id)
	if h == nil {
		return made{}, fail(http.StatusNotFound, "woocommerce_rest_shop_webhook_invalid_id", "Invalid ID.")
	}
	c.server.hooks.mu.Lock()
	defer c.server.hooks.mu.Unlock()
	c.server.hooks.list = slices.DeleteFunc(c.server.hooks.list, func(x *Subscription) bool { return x.ID == id })
	return c.showWebhook(h), nil
}

// event queues a topic for every active webhook of it, once while it waits.
func (s *Server) event(topic string, id int64) {
	s.hooks.mu.Lock()
	defer s.hooks.mu.Unlock()
	for _, h := range s.hooks.list {
		if h.Status != "active" || !strings.EqualFold(h.Topic, topic) {
			continue
		}
		if e := (event{h.ID, id}); !slices.Contains(s.hooks.queue, e) {
			s.hooks.queue = append(s.hooks.queue, e)
		}
	}
}

// unixText is a moment as the store puts it into a delivery's id.
func unixText(id int64, t time.Time) string {
	return strconv.FormatInt(id, 10) + strconv.FormatInt(t.Unix(), 10)
}
