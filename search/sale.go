package search

import (
	"slices"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// sale is what a house could sell for one stay, whatever the query's filters
// say of boards and cancellation.
type sale struct {
	house    *House
	ask      *Ask
	stay     stay.Stay
	today    stay.Date
	products [][]option // for each party
}

// option is a product that one party could have.
type option struct {
	product *pricing.Product
	room    int // of the house's room types that sell anything
	total   money.Amount
	free    int
}

// terms are the filters that choose among the products of a house.
type terms struct {
	boards     []string // any of them; none: all
	freeCancel bool
}

func (q *Query) terms() terms { return terms{q.Boards, q.FreeCancel} }

// deal is the cheapest way to put every party into a free room.
type deal struct {
	sale  *sale
	rooms []option
	total money.Amount
}

// sales is one for each stay of the query that is neither past nor beyond the
// horizon at the property.
func (h *House) sales(a *Ask, left Left) (all []*sale) {
	today := h.Today(a.Now)
	for _, nights := range a.Stays(a.Now) {
		if nights.Arrival >= today && nights.Departure <= today.Add(inventory.Horizon) {
			all = append(all, h.sale(a, nights, today, left))
		}
	}
	return all
}

func (h *House) sale(a *Ask, nights stay.Stay, today stay.Date, left Left) *sale {
	s := &sale{house: h, ask: a, stay: nights, today: today, products: make([][]option, len(a.Parties))}
	for i, party := range a.Parties {
		if i > 0 && party.Equal(a.Parties[i-1]) {
			s.products[i] = s.products[i-1]
			continue
		}
		s.products[i] = s.options(party, left)
	}
	return s
}

func (s *sale) request(party stay.Party) pricing.Request {
	return pricing.Request{Stay: s.stay, Party: party, BookedOn: s.today, PromoCode: s.ask.PromoCode}
}

// options is every product that the party could have. A plan that cannot be
// priced is none, as it is for booking.Offers, nor is one that is not in the
// property's currency, which alone is charged.
func (s *sale) options(party stay.Party, left Left) (options []option) {
	request, room := s.request(party), 0
	for i := range s.house.Products {
		product := &s.house.Products[i]
		if i > 0 && product.RoomType.ID != s.house.Products[i-1].RoomType.ID {
			room++
		}
		free := left(s.stay, product.RoomType.ID)
		if free == 0 || product.Plan.Currency != s.house.Property.Currency {
			continue
		}
		if total, refused, err := pricing.Total(product, &request); err == nil && refused == "" {
			options = append(options, option{product, room, total, free})
		}
	}
	return options
}

// deal is the cheapest assignment of the parties to products under the terms.
func (s *sale) deal(want terms) (deal, bool) {
	choices := make([][]Choice, len(s.products))
	for i, products := range s.products {
		for j, o := range products {
			if s.allows(o, want, s.ask.Parties[i]) {
				choices[i] = KeepCheapest(choices[i], Choice{Room: o.room, Total: o.total.Minor, Free: o.free, Which: j})
			}
		}
	}
	picked, sum, ok := Assign(choices)
	d := deal{sale: s, total: money.Of(sum, s.house.Property.Currency)}
	if !ok {
		return d, false
	}
	for i, c := range picked[:len(s.products)] {
		d.rooms = append(d.rooms, s.products[i][c.Which])
	}
	return d, true
}

func (s *sale) allows(o option, want terms, party stay.Party) bool {
	if len(want.boards) > 0 && !slices.Contains(want.boards, string(o.product.Plan.Board)) {
		return false
	}
	return !want.freeCancel || s.cancelsFree(o, party)
}

// cancelsFree tells whether cancelling now would cost nothing. No step of the
// terms is in force for most stays, and then the nights need not be known.
func (s *sale) cancelsFree(o option, party stay.Party) bool {
	leaving := rate.Cancelling{Arrival: s.stay.Arrival, Zone: s.house.Zone, Total: o.total}
	if _, bound := leaving.Step(o.product.Plan.Cancellation, s.ask.Now); !bound {
		return true
	}
	quote, refusals, err := pricing.Price(*o.product, s.request(party))
	if err != nil || len(refusals) > 0 {
		return false
	}
	for _, n := range quote.Nights {
		leaving.Nights = append(leaving.Nights, n.Amount)
	}
	fee, err := leaving.Fee(o.product.Plan.Cancellation, s.ask.Now)
	return err == nil && fee.Minor == 0
}

// cheapest is the deal of least total, of equal ones that of the first stay.
func cheapest(sales []*sale, want terms) (best deal, found bool) {
	for _, s := range sales {
		if d, ok := s.deal(want); ok && (!found || d.total.Minor < best.total.Minor) {
			best, found = d, true
		}
	}
	return best, found
}

// hit writes the deal down.
func (d deal) hit() (Hit, bool) {
	hit := d.sale.house.Listing()
	hit.Stay, hit.Total, hit.FreeCancel = d.sale.stay, d.total, true
	hit.DueAtProperty = money.Zero(d.total.Currency)
	for i, r := range d.rooms {
		party := d.sale.ask.Parties[i]
		quote, refusals, err := pricing.Price(*r.product, d.sale.request(party))
		if err != nil || len(refusals) > 0 {
			return Hit{}, false
		}
		hit.DueAtProperty.Minor += quote.DueAtProperty.Minor
		hit.FreeCancel = hit.FreeCancel && d.sale.cancelsFree(r, party)
		hit.Rooms = append(hit.Rooms, r.hit())
	}
	return hit, true
}

func (o option) hit() RoomHit {
	return RoomHit{
		RoomTypeID: o.product.RoomType.ID, RoomTypeName: o.product.RoomType.Name,
		PlanID: o.product.Plan.ID, PlanName: o.product.Plan.Name, Board: string(o.product.Plan.Board),
		Total: o.total, Free: min(o.free, MaxFree),
	}
}
