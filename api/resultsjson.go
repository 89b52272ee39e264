package api

import (
	"errors"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A page of hits is the answer that is asked for most, and the codec's looking
// into types takes twice as long as all else of it. So it is written down here,
// to the same bytes; TestResultsAreTheCodecsBytes holds the two together.

var errNoText = errors.New("api: an answer holds text that is no UTF-8")

func (r *Results) appendJSON(to []byte) ([]byte, error) {
	start := len(to)
	w := list(jsonText(to).begin(), "hits", r.Hits, (*Hit).write).number("total", r.Total)
	if r.Facets != nil {
		w = r.Facets.write(w.name("facets"))
	}
	w = w.some("next", r.Next).text("as_of", r.AsOf).end()
	if !utf8.Valid(w[start:]) {
		return to, errNoText
	}
	return w, nil
}

func (h *Hit) write(w jsonText) jsonText {
	w = w.begin().text("property_id", h.PropertyID).text("name", h.Name).text("kind", h.Kind).number("stars", h.Stars)
	if h.Rating != nil {
		w = w.name("rating").begin().float("score", h.Rating.Score).number("reviews", h.Rating.Reviews).end()
	}
	w = w.text("city", h.City).text("country", h.Country).float("lat", h.Lat).float("lon", h.Lon)
	if h.DistanceKM != 0 {
		w = w.float("distance_km", h.DistanceKM)
	}
	w = w.some("arrival", h.Arrival).some("departure", h.Departure)
	if h.Total != nil {
		w = w.money("total", h.Total)
	}
	if h.AtProperty != nil {
		w = w.money("due_at_property", h.AtProperty)
	}
	w = w.flag("free_cancellation", h.FreeCancel)
	if len(h.Rooms) > 0 {
		w = list(w, "rooms", h.Rooms, (*RoomHit).write)
	}
	return w.end()
}

func (r *RoomHit) write(w jsonText) jsonText {
	w = w.begin().text("room_type_id", r.RoomTypeID).text("room_type", r.RoomType).text("rate_plan_id", r.PlanID).text("rate_plan", r.Plan)
	return w.text("board", r.Board).money("total", &r.Total).number("free", r.Free).end()
}

func (f *Facets) write(w jsonText) jsonText {
	w = list(w.begin(), "stars", f.Stars, (*Count).write)
	w = list(w, "kinds", f.Kinds, (*Count).write)
	w = list(w, "boards", f.Boards, (*Count).write)
	w = list(w, "amenities", f.Amenities, (*Count).write)
	w = list(w, "ratings", f.Ratings, (*Count).write)
	return list(w.number("free_cancellation", f.FreeCancel), "totals", f.Totals, (*Bin).write).end()
}

func (c *Count) write(w jsonText) jsonText {
	return w.begin().text("value", c.Value).number("properties", c.Properties).end()
}

func (b *Bin) write(w jsonText) jsonText {
	return w.begin().money("from", &b.From).money("to", &b.To).number("properties", b.Properties).end()
}

// jsonText is JSON that is being written: members come one after the other, with
// commas where they belong. It is passed on by value, so that it stays in
// registers.
type jsonText []byte

func (w jsonText) begin() jsonText { return append(w, '{') }
func (w jsonText) end() jsonText   { return append(w, '}') }

// comma comes before all but the first of an object or a list.
func (w jsonText) comma() jsonText {
	if last := w[len(w)-1]; last != '{' && last != '[' {
		return append(w, ',')
	}
	return w
}

// name begins a member; names need no escapes.
func (w jsonText) name(name string) jsonText {
	return append(append(append(w.comma(), '"'), name...), '"', ':')
}

func (w jsonText) text(name, value string) jsonText {
	w = w.name(name)
	if plainASCII(value) {
		return append(append(append(w, '"'), value...), '"')
	}
	quoted, err := jsontext.AppendQuote(w, value)
	if err != nil {
		return append(w, value...) // as it is, for appendJSON to find
	}
	return quoted
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
func (w jsonText) some(name, value string) jsonText {
	if value == "" {
		return w
	}
	return w.text(name, value)
}

func (w jsonText) number(name string, n int) jsonText {
	return strconv.AppendInt(w.name(name), int64(n), 10)
}

func (w jsonText) flag(name string, b bool) jsonText { return strconv.AppendBool(w.name(name), b) }

// float writes a number as ECMAScript does: exponents only for what is very
// small or very large, and without a zero in front.
func (w jsonText) float(name string, f float64) jsonText {
	w = w.name(name)
	if size := math.Abs(f); size == 0 || size >= 1e-6 && size < 1e21 {
		return strconv.AppendFloat(w, f, 'f', -1, 64)
	}
	w = strconv.AppendFloat(w, f, 'e', -1, 64)
	if n := len(w); w[n-4] == 'e' && w[n-2] == '0' { // e-09
		w = append(w[:n-2], w[n-1])
	}
	return w
}

func (w jsonText) money(name string, m *Money) jsonText {
	w = w.name(name).begin().text("amount", m.Amount).text("currency", m.Currency).name("minor")
	return jsonText(strconv.AppendInt(w, m.Minor, 10)).end()
}

// list writes every item; none is an empty list.
func list[T any](w jsonText, name string, items []T, write func(*T, jsonText) jsonText) jsonText {
	w = append(w.name(name), '[')
	for i := range items {
		w = write(&items[i], w.comma())
	}
	return append(w, ']')
}
