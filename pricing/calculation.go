package pricing

import (
	"fmt"
	"slices"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// calculation prices one product for one request. Price, Total and Explain run
// the same three stages: check yields the rules that say no and leaves what
// each night costs, charge adds offers and supplements, tax adds taxes.
type calculation struct {
	product  *Product
	source   *Product // at the root of the derivations: its calendar holds the prices
	request  *Request
	nights   int
	party    guests
	unpriced int       // nights without a price
	booked   *Kept     // the stay that is changed; nil: a new one
	kept     stay.Stay // its nights that keep their price
	steps    *[]Step   // what Explain writes down; nil otherwise

	// Nights and ages lie in here as long as they are few, so that a calculation
	// takes no memory of its own; see rooms and ages. A slice of an array beside
	// it would send the whole to the heap.
	fewNights  [14]roomNight
	manyNights []roomNight
	fewAges    [8]int
	manyAges   []int
}

// rooms are the nights of the stay.
func (c *calculation) rooms() []roomNight {
	if c.manyNights != nil {
		return c.manyNights
	}
	return c.fewNights[:c.nights]
}

// ages are those of the party's children, youngest first.
func (c *calculation) ages() []int {
	if c.manyAges != nil {
		return c.manyAges
	}
	return c.fewAges[:len(c.request.Party.ChildAges)]
}

// roomNight is one night in exact minor units.
type roomNight struct {
	gross  money.Rat // what the room costs, before offers
	off    money.Rat // taken off by an offer; all of gross on a free night
	beside money.Rat // supplements and extras
	minor  int64     // the night's share of the rounded price before tax
	free   bool
	kept   bool // at the price it was booked at, all within gross
}

func (c *calculation) begin(p *Product, r *Request) error {
	c.product, c.request, c.nights = p, r, r.Stay.Nights()
	if err := c.checkInput(); err != nil {
		return err
	}
	if err := c.findSource(); err != nil {
		return err
	}
	if c.nights > len(c.fewNights) {
		c.manyNights = make([]roomNight, c.nights)
	}
	if len(r.Party.ChildAges) > len(c.fewAges) {
		c.manyAges = make([]int, len(r.Party.ChildAges))
	}
	copy(c.ages(), r.Party.ChildAges)
	slices.Sort(c.ages())
	c.split()
	return nil
}

func (c *calculation) checkInput() error {
	t, party := &c.product.RoomType, c.request.Party
	switch {
	case c.nights < 1 || c.nights > MaxNights:
		return fmt.Errorf("%w: a stay has 1 to %d nights", ErrInput, MaxNights)
	case party.Adults < 0 || party.Size() < 1 || party.Size() > MaxGuests:
		return fmt.Errorf("%w: a party has 1 to %d guests", ErrInput, MaxGuests)
	case slices.ContainsFunc(party.ChildAges, func(age int) bool { return age < 0 }):
		return fmt.Errorf("%w: a child's age is 0 or more", ErrInput)
	case t.Standard < 1 || t.MaxGuests < 1:
		return fmt.Errorf("%w: room type %s needs a standard and a maximum occupancy", ErrInput, t.ID)
	case !c.product.Plan.Currency.Valid():
		return fmt.Errorf("%w: plan %s has no known currency", ErrInput, c.product.Plan.ID)
	}
	return nil
}

// findSource follows the derivations to the plan that has prices of its own.
func (c *calculation) findSource() error {
	c.source = c.product
	for depth := 0; c.source.Plan.Derivation != nil; depth++ {
		parent := c.source.Parent
		switch {
		case parent == nil || parent.Plan.ID != c.source.Plan.Derivation.ParentID:
			return fmt.Errorf("%w: plan %s comes without its parent", ErrInput, c.source.Plan.ID)
		case parent.Plan.Currency != c.source.Plan.Currency:
			return fmt.Errorf("%w: plan %s has another currency than its parent", ErrInput, c.source.Plan.ID)
		case depth == rate.MaxDerivations:
			return fmt.Errorf("%w: plan %s is derived more than %d times", ErrInput, c.product.Plan.ID, rate.MaxDerivations)
		}
		c.source = parent
	}
	return nil
}

// guests is the party as it is charged.
type guests struct {
	adults    int // full payers, converted children included
	converted int // the oldest children
	free      int // the youngest ones, under a family offer
}

// paying are the ages of the children who pay as children.
func (c *calculation) paying() []int {
	ages := c.ages()
	return ages[c.party.free : len(ages)-c.party.converted]
}

// persons counts those who pay for themselves.
func (c *calculation) persons() int { return c.party.adults + len(c.paying()) }

// split makes full payers of the oldest children where the plan asks for it,
// then lets the youngest stay free under the first family offer that applies.
func (c *calculation) split() {
	given := c.request.Party
	c.party = guests{adults: given.Adults}
	for c.party.adults < c.payersNeeded() && c.party.converted < len(given.ChildAges) {
		c.party.adults++
		c.party.converted++
	}
	for i := range c.product.Plan.Offers {
		if free := freeChildren(&c.product.Plan.Offers[i], c.paying()); free > 0 {
			c.party.free = free
			return
		}
	}
}

// payersNeeded is how many full payers a plan that fills with children wants:
// the standard occupancy, or fewer where the room takes more children than that leaves.
func (c *calculation) payersNeeded() int {
	t := &c.product.RoomType
	switch {
	case !c.product.Plan.FillWithKid:
		return 0
	case t.MaxChildren != nil:
		return min(t.MaxGuests-*t.MaxChildren, t.Standard)
	}
	return t.Standard
}

// freeChildren counts those who stay free; ages are the youngest first.
func freeChildren(o *rate.Offer, ages []int) int {
	if o.Kind != rate.Family {
		return 0
	}
	young := 0
	for young < len(ages) && ages[young] < o.ChildBelow {
		young++
	}
	if young < o.MinChildren {
		return 0
	}
	return min(young, o.MaxFree)
}

// advance is the number of days from booking to arrival.
func (c *calculation) advance() int { return int(c.request.Stay.Arrival - c.request.BookedOn) }

func (c *calculation) currency() money.Currency { return c.product.Plan.Currency }
