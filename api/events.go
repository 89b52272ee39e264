package api

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/outbox"
)

// maxScan bounds how much of the log one request reads past events of others.
const maxScan = 2000

// Events is one page of the feed.
type Events struct {
	Events []Event `json:"events" nullable:"false"`
	Next   string  `json:"next" doc:"after of the next request, whether there were events or not"`
	More   bool    `json:"more" doc:"Ask again at once; else in a while"`
}

// Event is a fact, in the one order in which all readers see them.
type Event struct {
	Cursor     string         `json:"cursor"`
	At         string         `json:"at"`
	PropertyID string         `json:"property_id"`
	Type       string         `json:"type" example:"booking.confirmed"`
	Version    int            `json:"version" doc:"Of the form of data"`
	Data       jsontext.Value `json:"data"`
}

type eventsInput struct {
	After string `query:"after" maxLength:"100" doc:"next of the page before; absent: from the beginning"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

func (d *door) eventRoutes() {
	read(d, route{
		id: "list-events", method: http.MethodGet, path: "/v1/events", tag: "Events", rule: tenant(account.ReadEvents),
		summary: "What happened at your properties, in order, none left out",
		doc:     "Keep next and ask again. Personal data is never in an event: read the booking for it.",
	}, d.listEvents)
}

func (d *door) listEvents(ctx context.Context, c *call, in *eventsInput) (Events, error) {
	after, err := parseCursor(in.After)
	if err != nil {
		return Events{}, err
	}
	owned := make(map[string]bool) // of the properties on this page
	out := Events{Events: []Event{}}
	for scanned := 0; scanned < maxScan && len(out.Events) < in.Limit; {
		batch, err := d.Log.Events(ctx, after, in.Limit)
		if err != nil {
			return Events{}, err
		}
		for _, e := range batch {
			if len(out.Events) == in.Limit {
				break
			}
			mine, err := d.reaches(ctx, c, e.PropertyID, owned)
			if err != nil {
				return Events{}, err
			}
			if mine {
				out.Events = append(out.Events, eventOf(e))
			}
			after = e.Position
		}
		scanned += len(batch)
		out.More = len(batch) == in.Limit
		if !out.More {
			break
		}
	}
	out.Next = cursorOf(after)
	return out, nil
}

// reaches tells whether the property is the caller's, asking once for each.
func (d *door) reaches(ctx context.Context, c *call, propertyID string, known map[string]bool) (bool, error) {
	if mine, ok := known[propertyID]; ok {
		return mine, nil
	}
	p, err := d.Properties.Property(ctx, propertyID)
	if err != nil && problemOf(err).Status != http.StatusNotFound {
		return false, err
	}
	known[propertyID] = err == nil && c.Reaches(p.TenantID, p.ID)
	return known[propertyID], nil
}

func eventOf(e outbox.Stored) Event {
	return Event{
		Cursor: cursorOf(e.Position), At: stamp(e.At), PropertyID: e.PropertyID, Type: e.Type,
		Version: e.Version, Data: jsontext.Value(e.Data),
	}
}

// cursorOf writes a position so that nobody computes with it.
func cursorOf(p outbox.Position) string {
	raw := binary.AppendUvarint(binary.AppendUvarint(nil, p.Major), p.Minor)
	return base64.RawURLEncoding.EncodeToString(raw)
}

func parseCursor(text string) (outbox.Position, error) {
	if text == "" {
		return outbox.Position{}, nil
	}
	wrong := fault("query.after", "must be a cursor that this feed gave")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return outbox.Position{}, wrong
	}
	major, n := binary.Uvarint(raw)
	if n <= 0 {
		return outbox.Position{}, wrong
	}
	minor, m := binary.Uvarint(raw[n:])
	if m <= 0 || n+m != len(raw) || major > 1<<62 || minor > 1<<62 {
		return outbox.Position{}, wrong
	}
	return outbox.Position{Major: major, Minor: minor}, nil
}
