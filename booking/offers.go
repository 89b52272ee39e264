package booking

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// Errors of asking for offers.
var (
	ErrPast          = errors.New("booking: the arrival date has passed at the property")
	ErrBeyondHorizon = errors.New("booking: the stay ends after the last night on sale")
)

// Query asks what a property offers: one offer list for each party (room).
type Query struct {
	PropertyID string
	Stay       stay.Stay
	Parties    []stay.Party
	PromoCode  string
	Extras     []string
	Caller     string // who the offers are for; they are worthless to anybody else
}

// Check reports what no property could offer.
func (q Query) Check() error {
	if err := q.Stay.Check(); err != nil {
		return err
	}
	if len(q.Parties) == 0 || len(q.Parties) > MaxRooms {
		return fmt.Errorf("%w: 1 to %d", ErrTooMany, MaxRooms)
	}
	for _, p := range q.Parties {
		if err := p.Check(); err != nil {
			return err
		}
	}
	return nil
}

func (q Query) request(party stay.Party, today stay.Date) pricing.Request {
	return pricing.Request{Stay: q.Stay, Party: party, BookedOn: today, PromoCode: q.PromoCode, Extras: q.Extras}
}

// Shop is what a property offers at one moment.
type Shop struct {
	Property  property.Property
	RoomTypes []property.RoomType
	Now       time.Time
	Rooms     []RoomOffers // one for each party of the query
}

// RoomOffers is what one party can have, cheapest first.
type RoomOffers struct {
	Party  stay.Party
	Offers []Offer
}

// Offers prices every product for every party and signs what can be booked.
func (s *Service) Offers(ctx context.Context, q Query) (Shop, error) {
	sellable, err := s.sellable(ctx, q)
	if err != nil {
		return Shop{}, err
	}
	return s.shop(sellable, sellable.products(), q)
}

// Display is Offers and Explain from one reading: what can be had, and why the
// rest cannot. What can be had is not explained.
func (s *Service) Display(ctx context.Context, q Query) (Shop, Reasons, error) {
	sellable, err := s.sellable(ctx, q)
	if err != nil {
		return Shop{}, Reasons{}, err
	}
	products := sellable.products()
	shop, err := s.shop(sellable, products, q)
	if err != nil {
		return Shop{}, Reasons{}, err
	}
	reasons, err := sellable.reasons(products, q, func(room int, p pricing.Product) bool { return shop.Rooms[room].has(p) })
	return shop, reasons, err
}

func (s Sellable) products() []pricing.Product {
	return pricing.Products(s.RoomTypes, s.Plans, s.Calendars, s.Property.Taxes)
}

func (s *Service) shop(sellable Sellable, products []pricing.Product, q Query) (Shop, error) {
	shop := Shop{Property: sellable.Property, RoomTypes: sellable.RoomTypes, Now: sellable.Now}
	for _, party := range q.Parties {
		room := RoomOffers{Party: party}
		for _, p := range products {
			offer, ok, err := s.offer(sellable, p, q, party)
			if err != nil {
				return Shop{}, err
			}
			if ok {
				room.Offers = append(room.Offers, offer)
			}
		}
		slices.SortStableFunc(room.Offers, func(a, b Offer) int { return cmp.Compare(a.Total, b.Total) })
		shop.Rooms = append(shop.Rooms, room)
	}
	return shop, nil
}

func (r RoomOffers) has(p pricing.Product) bool {
	return slices.ContainsFunc(r.Offers, func(o Offer) bool { return o.RoomTypeID == p.RoomType.ID && o.PlanID == p.Plan.ID })
}

// sellable reads what the query needs and checks the dates against the property's today.
func (s *Service) sellable(ctx context.Context, q Query) (Sellable, error) {
	if err := q.Check(); err != nil {
		return Sellable{}, err
	}
	sellable, err := s.store.Sellable(ctx, q.PropertyID, q.Stay)
	if err != nil {
		return Sellable{}, err
	}
	if sellable.Property.Closed {
		return Sellable{}, property.ErrNotFound
	}
	today, err := sellable.today()
	switch {
	case err != nil:
		return Sellable{}, err
	case q.Stay.Arrival < today:
		return Sellable{}, ErrPast
	case q.Stay.Departure > today.Add(inventory.Horizon):
		return Sellable{}, fmt.Errorf("%w: %s", ErrBeyondHorizon, today.Add(inventory.Horizon-1))
	}
	return sellable, nil
}

func (s Sellable) today() (stay.Date, error) {
	zone, err := stay.Zone(s.Property.Zone)
	if err != nil {
		return 0, err
	}
	return stay.On(s.Now, zone), nil
}

// free is how many rooms of the type are left on every night of the stay.
func (s Sellable) free(roomTypeID string, nights stay.Stay) int {
	left, rows := inventory.MaxStock, 0
	for _, n := range s.Nights {
		if n.RoomTypeID == roomTypeID && nights.Has(n.Night) {
			left = min(left, n.Free())
			rows++
		}
	}
	if rows < nights.Nights() {
		return 0
	}
	return left
}

func (s *Service) offer(sellable Sellable, p pricing.Product, q Query, party stay.Party) (Offer, bool, error) {
	free := sellable.free(p.RoomType.ID, q.Stay)
	if free == 0 || p.Plan.Currency != sellable.Property.Currency {
		return Offer{}, false, nil
	}
	today, err := sellable.today()
	if err != nil {
		return Offer{}, false, err
	}
	quote, refusals, err := pricing.Price(p, q.request(party, today))
	if err != nil || len(refusals) > 0 {
		return Offer{}, false, nil // a rate that cannot be priced takes itself off sale, not the house; Explain says why
	}
	offer := Offer{
		Terms: terms(p, q, party, quote), Caller: q.Caller, Free: free,
		ExpiresAt: sellable.Now.Add(OfferLife).Truncate(time.Second),
	}
	offer.Token, err = s.sign(offer)
	return offer, true, err
}

func terms(p pricing.Product, q Query, party stay.Party, quote pricing.Quote) Terms {
	t := Terms{
		PropertyID: q.PropertyID, RoomTypeID: p.RoomType.ID, RoomTypeName: p.RoomType.Name,
		PlanID: p.Plan.ID, PlanName: p.Plan.Name, Board: p.Plan.Board,
		Stay: q.Stay, Party: party, Currency: quote.Currency, Lines: quote.Lines,
		Total: quote.Total.Minor, DueNow: quote.DueNow.Minor, DueAtProperty: quote.DueAtProperty.Minor,
		Cancellation: p.Plan.Cancellation, Payment: p.Plan.Payment, PromoCode: q.PromoCode, Extras: q.Extras,
	}
	for _, n := range quote.Nights {
		t.Nights = append(t.Nights, n.Amount.Minor)
	}
	for _, l := range quote.Lines {
		if l.Kind == pricing.LineTax {
			t.Tax += l.Amount.Minor
		}
	}
	return t
}

// Cancelling is the stay as its cancellation terms see it, in the property's zone.
func (t Terms) Cancelling(zone *time.Location) rate.Cancelling {
	c := rate.Cancelling{Arrival: t.Stay.Arrival, Zone: zone, Total: t.Price()}
	for _, minor := range t.Nights {
		c.Nights = append(c.Nights, money.Of(minor, t.Currency))
	}
	return c
}

// Price is the total of the terms.
func (t Terms) Price() money.Amount { return money.Of(t.Total, t.Currency) }
