package woocommercetest

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

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

func badTopic(message string) *apiError {
	return fail(http.StatusBadRequest, "woocommerce_rest_shop_webhook_invalid_topic", message)
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
// whatever comes back, the webhook is made. It is active whatever was asked for.
func (c *call) insertWebhook(in input) (made, *apiError) {
	if err := exists(in, "shop_webhook", "shop_webhook"); err != nil {
		return made{}, err
	}
	s := c.server
	h := Subscription{Pending: true, UserID: c.key.UserID}
	for name, into := range map[string]*string{"name": &h.Name, "topic": &h.Topic, "delivery_url": &h.DeliveryURL, "secret": &h.Secret} {
		in.text(name, into)
	}
	switch {
	case !s.knownTopic(h.Topic):
		return made{}, badTopic("Webhook topic is required and must be valid.")
	case !validURL(h.DeliveryURL):
		return made{}, badDeliveryURL()
	}
	if status := textOf(in["status"]); status != "" && status != "active" {
		s.book.Violationf("%s %s: status %q is ignored; a new webhook is active", c.method, c.at, status)
	}
	if h.Secret == "" {
		s.book.Violationf("%s %s: a webhook without a secret gets one nobody can read", c.method, c.at)
		h.Secret = randomHex(serverkit.NewRand(s.cfg.Seed, kindKey, int(s.now().UnixNano())), 50)
	}
	c.checkSecret(h.Secret)
	h = s.AddSubscription(h)
	c.effect("webhook.create", h.ID)
	s.ping(c.r.Context(), h.ID)
	if now := s.subscription(h.ID); now != nil { // it may be gone by now
		h = *now
	}
	return c.showWebhook(&h), nil
}

func (c *call) checkSecret(secret string) {
	if strings.ContainsAny(secret, `&<>"'\`) {
		c.server.book.Violationf("%s %s: a secret with HTML characters is decoded before the store signs with it", c.method, c.at)
	}
}

func (c *call) putWebhook() *apiError {
	m, err := c.changeWebhook(c.args[0], c.input)
	return c.reply(m, err, "")
}

// changeWebhook edits a webhook; what is empty stays as it is. Activating it
// again does not reset its count of failures.
func (c *call) changeWebhook(id int64, in input) (made, *apiError) {
	s := c.server
	name, topic, url := textOf(in["name"]), textOf(in["topic"]), textOf(in["delivery_url"])
	secret, status := textOf(in["secret"]), textOf(in["status"])
	switch {
	case s.subscription(id) == nil:
		return made{}, invalidID("webhook", http.StatusBadRequest)
	case topic != "" && !s.knownTopic(topic):
		return made{}, badTopic("Webhook topic must be valid.")
	case url != "" && !validURL(url):
		return made{}, badDeliveryURL()
	case status != "" && !slices.Contains(hookStatuses, status):
		return made{}, fail(http.StatusBadRequest, "woocommerce_rest_shop_webhook_invalid_status", "Webhook status must be valid.")
	}
	c.checkSecret(secret)
	var was, is Subscription
	if !s.changeSubscription(id, func(h *Subscription) {
		was = *h
		h.Name, h.Topic, h.Status = cmp.Or(name, h.Name), cmp.Or(topic, h.Topic), cmp.Or(status, h.Status)
		h.Secret, h.DeliveryURL = cmp.Or(secret, h.Secret), cmp.Or(url, h.DeliveryURL)
		h.Pending = h.Pending || h.DeliveryURL != was.DeliveryURL
		h.ModifiedAt = s.stamp()
		is = *h
	}) {
		return made{}, invalidID("webhook", http.StatusBadRequest)
	}
	if !same(&was, &is) {
		c.effect("webhook.update", id)
	}
	if is.DeliveryURL != was.DeliveryURL {
		s.ping(c.r.Context(), id)
	}
	return c.showWebhook(&is), nil
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
	if h == nil || !c.server.DropSubscription(id) {
		return made{}, fail(http.StatusNotFound, "woocommerce_rest_shop_webhook_invalid_id", "Invalid ID.")
	}
	c.effect("webhook.delete", id)
	return c.showWebhook(h), nil
}
