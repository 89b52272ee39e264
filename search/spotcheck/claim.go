package spotcheck

import (
	"log/slog"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// claim is a hit as it was shown: this house, for these parties, at this total.
type claim struct {
	by       *watched
	property string
	rooms    []search.RoomHit
	stay     stay.Stay
	query    search.Query // parties, promo code, and the filters that choose among products
	shown    price
	asOf     time.Time
}

// price is a total, or that there is none.
type price struct {
	total money.Amount
	ok    bool
}

func claimOf(w *watched, q *search.Query, hit *search.Hit, asOf time.Time) claim {
	c := claim{by: w, property: hit.PropertyID, rooms: hit.Rooms, stay: hit.Stay, shown: price{hit.Total, true}, asOf: asOf}
	c.query = search.Query{
		PlaceID: hit.PropertyID, Stay: &c.stay, Parties: q.Parties, PromoCode: q.PromoCode,
		Boards: q.Boards, FreeCancel: q.FreeCancel, Limit: 1,
	}
	return c
}

// asker is whom the offers are made for; nobody brings them back.
const asker = "spotcheck"

func (c *claim) question() booking.Query {
	return booking.Query{
		PropertyID: c.property, Stay: c.stay, Parties: c.query.Parties, PromoCode: c.query.PromoCode, Caller: asker,
	}
}

// cheapest is the least total at which the parties get rooms of what is offered.
func (c *claim) cheapest(shop booking.Shop) (price, error) {
	zone, err := stay.Zone(shop.Property.Zone)
	if err != nil {
		return price{}, err
	}
	numbers := make(map[string]int) // of the room types
	choices := make([][]search.Choice, len(shop.Rooms))
	for party, room := range shop.Rooms {
		for i := range room.Offers {
			o := &room.Offers[i]
			wanted, err := c.wants(o, zone, shop.Now)
			if err != nil {
				return price{}, err
			}
			if !wanted {
				continue
			}
			if _, known := numbers[o.RoomTypeID]; !known {
				numbers[o.RoomTypeID] = len(numbers)
			}
			choices[party] = search.KeepCheapest(choices[party], search.Choice{Room: numbers[o.RoomTypeID], Total: o.Total, Free: o.Free})
		}
	}
	_, sum, ok := search.Assign(choices)
	if !ok {
		return price{}, nil
	}
	return price{money.Of(sum, shop.Property.Currency), true}, nil
}

// wants tells whether the query's filters let an offer through.
func (c *claim) wants(o *booking.Offer, zone *time.Location, now time.Time) (bool, error) {
	if len(c.query.Boards) > 0 && !slices.Contains(c.query.Boards, string(o.Board)) {
		return false, nil
	}
	if !c.query.FreeCancel {
		return true, nil
	}
	fee, err := o.Cancelling(zone).Fee(o.Cancellation, now)
	return fee.Minor == 0, err
}

// attributes are what a person needs to look: ids, dates and amounts. Who asked,
// with which children and which code, is nobody's business.
func (c *claim) attributes(v verdict) []slog.Attr {
	types, plans := make([]string, len(c.rooms)), make([]string, len(c.rooms))
	for i, r := range c.rooms {
		types[i], plans[i] = r.RoomTypeID, r.PlanID
	}
	return []slog.Attr{
		slog.String("outcome", string(v.outcome)), slog.String("channel", c.by.channel),
		slog.String("property", c.property), slog.Any("room_types", types), slog.Any("plans", plans),
		slog.String("arrival", c.stay.Arrival.String()), slog.String("departure", c.stay.Departure.String()),
		slog.String("shown", c.shown.String()), slog.String("asked", v.asked.String()), slog.Time("as_of", c.asOf),
	}
}

// String is the amount with its currency.
func (p price) String() string {
	if !p.ok {
		return "none"
	}
	return p.total.String()
}
