package magentotest

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// ClientIDForm says how an I/O event spells the field of the recipient's id.
type ClientIDForm int

const (
	ClientIDBoth ClientIDForm = iota // recipientclientid and recipient_client_id
	ClientIDNew                      // recipientclientid
	ClientIDOld                      // recipient_client_id
)

// Event is one event of Adobe I/O. Change it before it goes into
// [Server.IODelivery].
type Event struct {
	ID       string // of the event; deliveries repeat it
	Code     string // "observer.catalog_product_save_commit_after"
	App      string // a segment of the type of shops with several apps; ""
	Time     time.Time
	Value    json.RawMessage // the subscribed fields
	ClientID string          // the recipient's
	Form     ClientIDForm
	// Envelope is the older shape without CloudEvents fields.
	Envelope bool
}

// Provider is the id of the shop's event provider.
const Provider = "fb58963f-0000-4ab4-83da-b6ff15b8ebc0"

// IOEvent makes an event of a record with a few of its fields, numbers as
// texts. isNew says whether the record was just created. The record is a
// Product, Order or Customer, a pointer to one, or json.RawMessage for the value
// as it is.
func (s *Server) IOEvent(code string, record any, isNew bool) (Event, error) {
	w := &writer{plain: true}
	switch r := record.(type) {
	case *Product:
		w.obj("")
		w.str("entity_id", itoa(r.ID))
		w.str("sku", r.SKU)
		w.str("name", r.Name)
		w.time("created_at", r.CreatedAt)
		w.time("updated_at", r.UpdatedAt)
		w.obj("stock_data")
		w.str("qty", "65")
		w.end()
		w.str("price", fixed(r.Price, 6))
	case Product:
		return s.IOEvent(code, &r, isNew)
	case *Order:
		w.obj("")
		w.str("entity_id", itoa(r.ID))
		w.str("increment_id", r.IncrementID)
		w.str("state", r.State)
		w.str("status", r.Status)
		w.str("store_id", itoa(r.StoreID))
		w.str("customer_email", r.CustomerEmail)
		w.str("grand_total", fixed(r.Totals.Grand, 4))
		w.time("created_at", r.CreatedAt)
		w.time("updated_at", r.UpdatedAt)
	case Order:
		return s.IOEvent(code, &r, isNew)
	case *Customer:
		w.obj("")
		w.str("entity_id", itoa(r.ID))
		w.str("email", r.Email)
		w.str("website_id", itoa(r.WebsiteID))
		w.time("created_at", r.CreatedAt)
		w.time("updated_at", r.UpdatedAt)
	case Customer:
		return s.IOEvent(code, &r, isNew)
	case json.RawMessage:
		return Event{ID: uuid(), Code: code, Time: s.now(), Value: r, ClientID: s.cfg.ClientID}, nil
	default:
		return Event{}, fmt.Errorf("magentotest: an event of %T", record)
	}
	w.flag("_isNew", isNew)
	w.end()
	return Event{ID: uuid(), Code: code, Time: s.now(), Value: w.b, ClientID: s.cfg.ClientID}, nil
}

// IODelivery signs one event, or a batch: an array. It panics without any.
func (s *Server) IODelivery(events ...Event) Delivery {
	if len(events) == 0 {
		panic("magentotest: a delivery of no events")
	}
	w := &writer{plain: true}
	if len(events) > 1 {
		w.arr("")
	}
	for i := range events {
		events[i].write(w, s)
	}
	if len(events) > 1 {
		w.endArr()
	}
	e := events[0]
	d := newDelivery(KindIO, e.Code, w.b)
	d.Header.Set("User-Agent", "Adobe/1.0")
	d.Header.Set(HeaderEventID, e.ID)
	d.Header.Set(HeaderEventCode, e.typ())
	d.Header.Set(HeaderProvider, Provider)
	return s.SignIO(d)
}

func (e *Event) typ() string {
	if e.App != "" {
		return "com.adobe.commerce." + e.App + "." + e.Code
	}
	return "com.adobe.commerce." + e.Code
}

func (e *Event) write(w *writer, s *Server) {
	w.obj("")
	client := func() {
		if e.Form != ClientIDNew {
			w.str("recipient_client_id", e.ClientID)
		}
		if e.Form != ClientIDOld {
			w.str("recipientclientid", e.ClientID)
		}
	}
	if e.Envelope {
		w.str("event_id", e.ID)
		w.obj("event")
		e.data(w, s)
		w.end()
		client()
		w.end()
		return
	}
	w.str("specversion", "1.0")
	w.str("id", uuid())
	w.str("source", "urn:uuid:"+Provider)
	w.str("type", e.typ())
	w.str("datacontenttype", "application/json")
	w.str("time", e.Time.UTC().Format("2006-01-02T15:04:05.000Z"))
	w.str("eventid", e.ID)
	w.str("event_id", e.ID)
	client()
	e.data(w, s)
	w.end()
}

func (e *Event) data(w *writer, s *Server) {
	w.obj("data")
	w.str("key", uuid())
	w.raw("value", string(e.Value))
	w.str("source", "acme.Stage")
	w.obj("_metadata")
	w.str("commerceEdition", "Adobe Commerce")
	w.str("commerceVersion", s.cfg.Version)
	w.str("eventsClientVersion", "1.12.1")
	w.str("storeId", "0")
	w.str("websiteId", "0")
	w.str("storeGroupId", "0")
	w.end()
	w.end()
}

func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
