package pricing

import (
	"fmt"
	"slices"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
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
	rooms    []roomNight
	unpriced int     // nights without a price
	steps    *[]Step // what Explain writes down; nil otherwise

	// The usual stay and party fit in here, so that a calculation takes no memory of its own.
	roomSpace [14]roomNight
	ageSpace  [8]int
}

// roomNight is one night in exact minor units.
type roomNight struct {
	gross  money.Rat // what the room costs, before offers
	off    money.Rat // taken off by an offer; all of gross on a free night
	beside money.Rat // supplements and extras
	minor  int64     // the night's share of the rounded price before tax
	free   bool
}

func (c *calculation) begin(p *Product, r *Request) error {
	c.product, c.request, c.nights = p, r, r.Stay.Nights()
	if err := c.checkInput(); err != nil {
		return err
	}
	if err := c.findSource(); err != nil {
		return err
	}
	c.rooms = c.roomSpace[:0]
	if c.nights > len(c.roomSpace) {
		c.rooms = make([]roomNight, 0, c.nights)
	}
	c.rooms = c.rooms[:c.nights]
	c.party = c.split()
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
	adults int   // full payers, converted children included
	ages   []int // of paying children, youngest first
	free   int   // children under a family offer
}

// persons are those who pay for themselves.
func (g guests) persons() int { return g.adults + len(g.ages) }

// split makes full payers of the oldest children where the plan asks for it,
// then lets the youngest stay free under the first family offer that applies.
func (c *calculation) split() guests {
	ages := append(c.ageSpace[:0], c.request.Party.ChildAges...)
	slices.Sort(ages)
	g := guests{adults: c.request.Party.Adults, ages: ages}
	for g.adults < c.payersNeeded() && len(g.ages) > 0 {
		g.adults++
		g.ages = g.ages[:len(g.ages)-1]
	}
	for i := range c.product.Plan.Offers {
		if free := freeChildren(&c.product.Plan.Offers[i], g.ages); free > 0 {
			g.free, g.ages = free, g.ages[free:]
			break
		}
	}
	return g
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
