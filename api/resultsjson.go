package api

import (
	"math"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// A page of hits is the answer that is asked for most, and the codec's looking
// into types takes twice as long as all else of it. So it is written down here,
// to the same bytes; TestResultsAreTheCodecsBytes holds the two together.

func (r *Results) appendJSON(to []byte) ([]byte, error) {
	w := &jsonWriter{to: to}
	w.begin()
	list(w, "hits", r.Hits, (*Hit).write)
	w.number("total", int64(r.Total))
	if r.Facets != nil {
		w.name("facets")
		r.Facets.write(w)
	}
	w.some("next", r.Next)
	w.text("as_of", r.AsOf)
	w.end()
	return w.to, w.err
}

func (h *Hit) write(w *jsonWriter) {
	w.begin()
	w.text("property_id", h.PropertyID)
	w.text("name", h.Name)
	w.text("kind", h.Kind)
	w.number("stars", int64(h.Stars))
	if h.Rating != nil {
		w.name("rating")
		h.Rating.write(w)
	}
	w.text("city", h.City)
	w.text("country", h.Country)
	w.float("lat", h.Lat)
	w.float("lon", h.Lon)
	if h.DistanceKM != 0 {
		w.float("distance_km", h.DistanceKM)
	}
	w.some("arrival", h.Arrival)
	w.some("departure", h.Departure)
	if h.Total != nil {
		w.money("total", h.Total)
	}
	if h.AtProperty != nil {
		w.money("due_at_property", h.AtProperty)
	}
	w.flag("free_cancellation", h.FreeCancel)
	if len(h.Rooms) > 0 {
		list(w, "rooms", h.Rooms, (*RoomHit).write)
	}
	w.end()
}

func (r *Rating) write(w *jsonWriter) {
	w.begin()
	w.float("score", r.Score)
	w.number("reviews", int64(r.Reviews))
	w.end()
}

func (r *RoomHit) write(w *jsonWriter) {
	w.begin()
	w.text("room_type_id", r.RoomTypeID)
	w.text("room_type", r.RoomType)
	w.text("rate_plan_id", r.PlanID)
	w.text("rate_plan", r.Plan)
	w.text("board", r.Board)
	w.money("total", &r.Total)
	w.number("free", int64(r.Free))
	w.end()
}

func (f *Facets) write(w *jsonWriter) {
	w.begin()
	list(w, "stars", f.Stars, (*Count).write)
	list(w, "kinds", f.Kinds, (*Count).write)
	list(w, "boards", f.Boards, (*Count).write)
	list(w, "amenities", f.Amenities, (*Count).write)
	list(w, "ratings", f.Ratings, (*Count).write)
	w.number("free_cancellation", int64(f.FreeCancel))
	list(w, "totals", f.Totals, (*Bin).write)
	w.end()
}

func (c *Count) write(w *jsonWriter) {
	w.begin()
	w.text("value", c.Value)
	w.number("properties", int64(c.Properties))
	w.end()
}

func (b *Bin) write(w *jsonWriter) {
	w.begin()
	w.money("from", &b.From)
	w.money("to", &b.To)
	w.number("properties", int64(b.Properties))
	w.end()
}

// jsonWriter writes members one after the other, with commas where they belong.
type jsonWriter struct {
	to  []byte
	err error // of the first text that is no UTF-8
}

func (w *jsonWriter) begin() { w.to = append(w.to, '{') }
func (w *jsonWriter) end()   { w.to = append(w.to, '}') }

// comma comes before all but the first of an object or a list.
func (w *jsonWriter) comma() {
	if last := w.to[len(w.to)-1]; last != '{' && last != '[' {
		w.to = append(w.to, ',')
	}
}

// name begins a member; names need no escapes.
func (w *jsonWriter) name(name string) {
	w.comma()
	w.to = append(append(append(w.to, '"'), name...), '"', ':')
}

func (w *jsonWriter) text(name, value string) {
	w.name(name)
	if plainASCII(value) {
		w.to = append(append(append(w.to, '"'), value...), '"')
		return
	}
	var err error
	if w.to, err = jsontext.AppendQuote(w.to, value); err != nil && w.err == nil {
		w.err = err
	}
}

// plainASCII tells whether a text is written as it is.
func plainASCII(text string) bool {
	for i := range len(text) {
		if special[text[i]] {
			return false
		}
	}
	return true
}

// special are the bytes that a JSON text does not have as they are, or that
// belong to more than one byte.
var special = func() (all [256]bool) {
	for c := range all {
		all[c] = c < ' ' || c > '~' || c == '"' || c == '\\'
	}
	return all
}()

// some is a text that is left out when it is empty.
func (w *jsonWriter) some(name, value string) {
	if value != "" {
		w.text(name, value)
	}
}

func (w *jsonWriter) number(name string, n int64) {
	w.name(name)
	w.to = strconv.AppendInt(w.to, n, 10)
}

func (w *jsonWriter) flag(name string, b bool) {
	w.name(name)
	w.to = strconv.AppendBool(w.to, b)
}

// float writes a number as ECMAScript does: exponents only for what is very
// small or very large, and without a zero in front.
func (w *jsonWriter) float(name string, f float64) {
	w.name(name)
	if size := math.Abs(f); size == 0 || size >= 1e-6 && size < 1e21 {
		w.to = strconv.AppendFloat(w.to, f, 'f', -1, 64)
		return
	}
	w.to = strconv.AppendFloat(w.to, f, 'e', -1, 64)
	if n := len(w.to); w.to[n-4] == 'e' && w.to[n-2] == '0' { // e-09
		w.to = append(w.to[:n-2], w.to[n-1])
	}
}

func (w *jsonWriter) money(name string, m *Money) {
	w.name(name)
	w.begin()
	w.text("amount", m.Amount)
	w.text("currency", m.Currency)
	w.number("minor", m.Minor)
	w.end()
}

// list writes every item; none is an empty list.
func list[T any](w *jsonWriter, name string, items []T, write func(*T, *jsonWriter)) {
	w.name(name)
	w.to = append(w.to, '[')
	for i := range items {
		w.comma()
		write(&items[i], w)
	}
	w.to = append(w.to, ']')
}
