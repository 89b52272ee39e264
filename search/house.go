package search

import (
	"slices"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// House is a property as a search sees it: what it sells, but not how many
// rooms are left. It judges a query as booking's offers do: the same products,
// the same today, the same prices.
type House struct {
	Property property.Property
	Zone     *time.Location
	Products []pricing.Product
}

// Ask is a query at a moment. Free is how many rooms of a type are left on
// every night of the stay.
type Ask struct {
	Query
	Now   time.Time
	Rates Rates
	Free  func(roomTypeID string) int
}

// Today is the date at the property.
func (h *House) Today(now time.Time) stay.Date { return stay.On(now, h.Zone) }

// Shows tells whether the property passes the filters that need no price.
func (h *House) Shows(q Query) bool {
	p := &h.Property
	return !p.Closed &&
		(q.TenantID == "" || q.TenantID == p.TenantID) &&
		p.Stars >= q.MinStars &&
		(len(q.Kinds) == 0 || slices.Contains(q.Kinds, p.Kind)) &&
		!slices.ContainsFunc(q.Amenities, func(wanted string) bool { return !h.has(wanted) })
}

func (h *House) has(amenity string) bool {
	return slices.ContainsFunc(h.Property.Amenities, func(a string) bool { return strings.EqualFold(a, amenity) })
}

// Listing is the hit of a query without dates.
func (h *House) Listing() Hit {
	p := &h.Property
	return Hit{
		PropertyID: p.ID, Name: p.Name, Kind: p.Kind, Stars: p.Stars,
		City: p.City, Country: p.Country, Lat: p.Lat, Lon: p.Lon,
	}
}

// Hit is the cheapest way to put every party into a free room for the whole
// stay; false when there is none that the query allows.
func (h *House) Hit(a Ask) (Hit, bool) {
	today := h.Today(a.Now)
	if a.Stay.Arrival < today || a.Stay.Departure > today.Add(inventory.Horizon) {
		return Hit{}, false
	}
	rooms, ok := h.rooms(a, today)
	if !ok {
		return Hit{}, false
	}
	hit := h.Listing()
	hit.Total, hit.DueAtProperty, hit.FreeCancel = money.Zero(h.Property.Currency), money.Zero(h.Property.Currency), true
	for i, r := range rooms {
		quote, refusals, err := pricing.Price(*r.product, a.request(today, a.Parties[i]))
		if err != nil || len(refusals) > 0 {
			return Hit{}, false
		}
		var err1, err2 error
		hit.Total, err1 = hit.Total.Add(quote.Total)
		hit.DueAtProperty, err2 = hit.DueAtProperty.Add(money.Of(quote.DueAtProperty.Minor, quote.Currency))
		if err1 != nil || err2 != nil {
			return Hit{}, false // more than any hotel costs
		}
		hit.FreeCancel = hit.FreeCancel && h.freeCancel(r.product.Plan, quote, a)
		hit.Rooms = append(hit.Rooms, r.hit())
	}
	return hit, a.affords(hit.Total)
}

func (a Ask) request(today stay.Date, party stay.Party) pricing.Request {
	return pricing.Request{Stay: *a.Stay, Party: party, BookedOn: today, PromoCode: a.PromoCode}
}

func (a Ask) affords(total money.Amount) bool {
	return (a.MinTotal == nil || a.Rates.Compare(total, *a.MinTotal) >= 0) &&
		(a.MaxTotal == nil || a.Rates.Compare(total, *a.MaxTotal) <= 0)
}

// option is a product that one party could have.
type option struct {
	product *pricing.Product
	total   money.Amount
	free    int
}

func (o option) hit() RoomHit {
	return RoomHit{
		RoomTypeID: o.product.RoomType.ID, RoomTypeName: o.product.RoomType.Name,
		PlanID: o.product.Plan.ID, PlanName: o.product.Plan.Name, Board: string(o.product.Plan.Board),
		Total: o.total, Free: o.free,
	}
}

// rooms is the cheapest assignment of the parties to options.
func (h *House) rooms(a Ask, today stay.Date) ([]option, bool) {
	choices := make([][]option, len(a.Parties))
	for i, party := range a.Parties {
		if i > 0 && party.Equal(a.Parties[i-1]) {
			choices[i] = choices[i-1]
			continue
		}
		options := h.options(a, today, party)
		if len(options) == 0 {
			return nil, false
		}
		// A room type is lost to a party only by the other parties taking the
		// last rooms of it, so that more types than parties are never needed.
		choices[i] = options[:min(len(options), len(a.Parties))]
	}
	return assign(choices)
}

// options is the cheapest product of each room type for the party, cheapest
// first. A plan that cannot be priced is none, as it is for booking.Offers.
func (h *House) options(a Ask, today stay.Date, party stay.Party) []option {
	request := a.request(today, party)
	var options []option
	for i := range h.Products {
		product := &h.Products[i]
		free := a.Free(product.RoomType.ID)
		if free == 0 {
			continue
		}
		total, refused, err := pricing.Total(product, &request)
		if err == nil && refused == "" && h.allows(product, total, a, &request) {
			options = keepCheapest(options, option{product, total, free})
		}
	}
	slices.SortStableFunc(options, func(a, b option) int { return a.compare(b) })
	return options
}

// allows tells whether the query's filters on terms let the product through.
// A plan that is not in the property's currency is never charged (DESIGN 6).
func (h *House) allows(p *pricing.Product, total money.Amount, a Ask, request *pricing.Request) bool {
	if total.Currency != h.Property.Currency || len(a.Boards) > 0 && !slices.Contains(a.Boards, string(p.Plan.Board)) {
		return false
	}
	if !a.FreeCancel || !h.cancelling(a, total).binds(p.Plan, a) {
		return true
	}
	quote, refusals, err := pricing.Price(*p, *request)
	return err == nil && len(refusals) == 0 && h.freeCancel(p.Plan, quote, a)
}

// freeCancel tells whether cancelling now would cost nothing.
func (h *House) freeCancel(p rate.Plan, quote pricing.Quote, a Ask) bool {
	terms := h.cancelling(a, quote.Total)
	if !terms.binds(p, a) {
		return true
	}
	for _, n := range quote.Nights {
		terms.Nights = append(terms.Nights, n.Amount)
	}
	fee, err := terms.Fee(p.Cancellation, a.Now)
	return err == nil && fee.Minor == 0
}

type cancelling struct{ rate.Cancelling }

func (h *House) cancelling(a Ask, total money.Amount) cancelling {
	return cancelling{rate.Cancelling{Arrival: a.Stay.Arrival, Zone: h.Zone, Total: total}}
}

// binds tells whether a step of the plan's terms is in force now; none is for
// most stays, and then the nights need not be known.
func (c cancelling) binds(p rate.Plan, a Ask) bool {
	_, bound := c.Step(p.Cancellation, a.Now)
	return bound
}
