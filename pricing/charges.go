package pricing

import (
	"slices"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// charge is one line before it is rounded.
type charge struct {
	kind       LineKind
	exact      money.Rat
	offer      *rate.Offer
	supplement *rate.Supplement
	kept       bool // of nights that were booked already
}

func (n roomNight) grossIf(counts bool) money.Rat {
	if counts {
		return n.gross
	}
	return money.Rat{}
}

// charges emits the lines before tax in order and leaves on each night its
// share of them. check must have priced the nights.
func (c *calculation) charges(emit func(charge)) {
	if c.kept.Nights() > 0 {
		emit(charge{kind: LineRoom, kept: true, exact: c.sum(func(n roomNight) money.Rat { return n.grossIf(n.kept) })})
	}
	if c.freshNights() > 0 {
		emit(charge{kind: LineRoom, exact: c.sum(func(n roomNight) money.Rat { return n.grossIf(!n.kept) })})
	}
	if offer := c.freeNights(); offer != nil {
		emit(charge{kind: LineOffer, offer: offer, exact: c.sum(func(n roomNight) money.Rat { return n.off }).Neg()})
	}
	if offer, saved := c.bestPercent(); offer != nil {
		c.takeOff(offer)
		emit(charge{kind: LineOffer, offer: offer, exact: saved.Neg()})
	}
	for _, kind := range [2]LineKind{LineSupplement, LineExtra} {
		for i := range c.product.Plan.Supplements {
			s := &c.product.Plan.Supplements[i]
			if c.lineKind(s) != kind {
				continue
			}
			if total, any := c.supplement(s, kind); any {
				emit(charge{kind: kind, supplement: s, exact: total})
			}
		}
	}
}

func (c *calculation) sum(part func(roomNight) money.Rat) money.Rat {
	var sum money.Rat
	for _, n := range c.rooms() {
		sum = sum.Add(part(n))
	}
	return sum
}

// freeNights marks the nights that the first offer which applies gives away. A
// plan whose amounts are for several nights has none.
func (c *calculation) freeNights() *rate.Offer {
	if c.source.Plan.UnitNights > 1 {
		return nil
	}
	for i := range c.product.Plan.Offers {
		o := &c.product.Plan.Offers[i]
		if o.Kind != rate.FreeNights || o.NightsRequired < 1 || c.nights < o.NightsRequired {
			continue
		}
		for j := range c.rooms() {
			n := &c.rooms()[j]
			n.free = isFree(o, j, c.nights)
			if n.free {
				n.off = n.gross
				c.step(Step{Kind: StepFreeNight, Date: c.request.Stay.Arrival.Add(j), Code: offerCode(o), Amount: n.gross.Neg()}, func() string { return offerName(o) })
			}
		}
		return o
	}
	return nil
}

// isFree tells whether night i, counted from 0 at arrival, is given away: in a
// repeating offer at the end of every block and as far as an incomplete last
// block goes, else at the end of the stay.
func isFree(o *rate.Offer, i, nights int) bool {
	if o.Repeating {
		return i%o.NightsRequired >= o.NightsRequired-o.NightsFree
	}
	return i >= nights-o.NightsFree
}

// bestPercent is the percent offer that saves most, the first of equal ones.
func (c *calculation) bestPercent() (*rate.Offer, money.Rat) {
	var best *rate.Offer
	var most money.Rat
	for i := range c.product.Plan.Offers {
		o := &c.product.Plan.Offers[i]
		if o.Kind != rate.Percent || !c.qualifies(o) {
			continue
		}
		var saved money.Rat
		for j := range c.rooms() {
			saved = saved.Add(c.saving(o, j))
		}
		if saved.Cmp(most) > 0 {
			best, most = o, saved
		}
	}
	return best, most
}

func (c *calculation) qualifies(o *rate.Offer) bool {
	return inside(o.MinStay, o.MaxStay, c.nights) && inside(o.MinAdvance, o.MaxAdvance, c.advance()) &&
		(o.PromoCode == "" || c.hasPromo(o.PromoCode))
}

func inside(low, high *int, n int) bool {
	return (low == nil || n >= *low) && (high == nil || n <= *high)
}

// saving is what a percent offer takes off night i; free nights cost nothing already.
func (c *calculation) saving(o *rate.Offer, i int) money.Rat {
	n, night := &c.rooms()[i], c.request.Stay.Arrival.Add(i)
	if n.free || n.kept || !during(o.From, o.Through, night) {
		return money.Rat{}
	}
	off := n.gross.Mul(o.OffPercent).DivInt(100)
	if c.product.Plan.RoundNights {
		if whole, err := off.Round(c.currency()); err == nil {
			return whole.Rat()
		}
	}
	return off
}

func during(from, through *stay.Date, night stay.Date) bool {
	return (from == nil || night >= *from) && (through == nil || night <= *through)
}

func (c *calculation) takeOff(o *rate.Offer) {
	for i := range c.rooms() {
		off := c.saving(o, i)
		if off.Sign() == 0 {
			continue
		}
		c.rooms()[i].off = c.rooms()[i].off.Add(off)
		c.step(Step{Kind: StepOffer, Date: c.request.Stay.Arrival.Add(i), Code: offerCode(o), Amount: off.Neg()}, func() string { return sayPercent(o) })
	}
}

// lineKind is the kind of line that a supplement makes, "" for none.
func (c *calculation) lineKind(s *rate.Supplement) LineKind {
	switch {
	case s.Mandatory:
		return LineSupplement
	case slices.Contains(c.request.Extras, s.Code):
		return LineExtra
	}
	return ""
}

// supplement charges each night its share; false when no night has an amount.
func (c *calculation) supplement(s *rate.Supplement, kind LineKind) (total money.Rat, any bool) {
	for i := range c.rooms() {
		night := c.request.Stay.Arrival.Add(i)
		amount, ok := c.supplementOn(s, night)
		if !ok || c.rooms()[i].kept {
			continue
		}
		any = true
		share := c.share(s.Rhythm, amount, c.rooms()[i].free)
		if share.Sign() != 0 {
			c.rooms()[i].beside = c.rooms()[i].beside.Add(share)
			total = total.Add(share)
			c.step(Step{Kind: StepKind(kind), Date: night, Code: s.Code, Amount: share}, func() string { return supplementName(s) })
		}
		if s.Rhythm == rate.Once {
			break
		}
	}
	return total, any
}

// supplementOn is the sum of the amounts that cover the night; false when none does.
func (c *calculation) supplementOn(s *rate.Supplement, night stay.Date) (sum money.Rat, any bool) {
	if !s.Days.Has(night.Weekday()) {
		return sum, false
	}
	for i := range s.Amounts {
		a := &s.Amounts[i]
		if a.From <= night && night <= a.Through && (a.RoomTypeID == "" || a.RoomTypeID == c.product.RoomType.ID) {
			sum, any = sum.Add(a.Amount), true
		}
	}
	return sum, any
}

// charged tells whether the supplement has an amount on any night of the stay.
func (c *calculation) charged(s *rate.Supplement) bool {
	for i := range c.nights {
		if _, ok := c.supplementOn(s, c.request.Stay.Arrival.Add(i)); ok {
			return true
		}
	}
	return false
}

// share is what one night pays. Charges by the night are waived on a free
// night; charges for the stay are not, and are spread over all of its nights
// even when only some of them are charged.
func (c *calculation) share(rhythm rate.Rhythm, amount money.Rat, free bool) money.Rat {
	switch {
	case rhythm == rate.Once:
		return amount
	case rhythm == rate.EachStay:
		return amount.DivInt(c.nights)
	case rhythm == rate.EachPerson:
		return amount.MulInt(c.persons()).DivInt(c.nights)
	case free:
		return money.Rat{}
	case rhythm == rate.EachPersonNight:
		return amount.MulInt(c.persons())
	}
	return amount
}

// roundNights gives each night its whole minor units: the exact running sum is
// rounded after every night, so that the nights sum to the exact price rounded
// once and none is off by more than one unit.
func (c *calculation) roundNights() (total int64, err error) {
	var running money.Rat
	for i := range c.rooms() {
		n := &c.rooms()[i]
		running = running.Add(n.gross).Sub(n.off).Add(n.beside)
		sum, err := running.Round(c.currency())
		if err != nil {
			return 0, err
		}
		n.minor, total = sum.Minor-total, sum.Minor
	}
	return total, nil
}
