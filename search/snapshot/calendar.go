package snapshot

import (
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// prices are the prices of a property without their nights, each kept once:
// most spans of a calendar cost what another span costs. What is read shares
// their lists.
type prices struct {
	known map[string]uint64 // when writing: by their bytes
	all   []rate.Price      // when reading
}

func (c *codec) calendar(k *rate.Calendar) {
	text(c, &k.PropertyID)
	text(c, &k.PlanID)
	text(c, &k.RoomTypeID)
	whole(c, &k.Version)
	before := stay.Date(0)
	list(c, &k.Prices, func(c *codec, p *rate.Price) {
		var span rate.Span
		if !c.reading {
			span = p.Span
		}
		c.span(&span, &before)
		if c.reading {
			c.readPrice(p)
			p.Span = span
		} else {
			c.writePrice(p)
		}
	})
	list(c, &k.Rules, func(c *codec, r *rate.Rule) {
		c.span(&r.Span, &before)
		c.rule(r)
	})
}

// span is told from where the one before it began.
func (c *codec) span(s *rate.Span, before *stay.Date) {
	from, nights := s.From-*before, s.Through-s.From
	whole(c, &from)
	whole(c, &nights)
	if c.reading {
		s.From, s.Through = *before+from, *before+from+nights
	}
	whole(c, &s.Days)
	*before = s.From
}

// writePrice writes the price first and looks then: it has no texts, so that the
// same price is the same bytes anywhere.
func (c *codec) writePrice(p *rate.Price) {
	before := len(c.data)
	c.price(p)
	price := c.data[before:]
	at, known := c.pool.known[string(price)]
	c.data = c.data[:before]
	if known {
		c.uint(&at)
		return
	}
	at = uint64(len(c.pool.known))
	bytes := string(price)
	c.pool.known[bytes] = at
	c.uint(&at)
	c.data = append(c.data, bytes...)
}

func (c *codec) readPrice(p *rate.Price) {
	var at uint64
	c.uint(&at)
	if at > uint64(len(c.pool.all)) {
		c.spoil()
		return
	}
	if at == uint64(len(c.pool.all)) {
		c.price(p)
		c.pool.all = append(c.pool.all, *p)
		return
	}
	*p = c.pool.all[at]
}

// price is everything but the span.
func (c *codec) price(p *rate.Price) {
	whole(c, &p.MinNights)
	whole(c, &p.MaxNights)
	list(c, &p.Base, func(c *codec, b *rate.Base) {
		whole(c, &b.Guests)
		number(c, &b.Amount)
	})
	maybe(c, &p.ExtraAdult, number)
	list(c, &p.Children, func(c *codec, p *rate.ChildPrice) {
		whole(c, &p.From)
		whole(c, &p.Below)
		number(c, &p.Amount)
	})
}

// rule is everything but the span.
func (c *codec) rule(r *rate.Rule) {
	flag(c, &r.Closed)
	flag(c, &r.ClosedToArrival)
	flag(c, &r.ClosedToDeparture)
	c.bounds(&r.MinStayArrival, &r.MaxStayArrival, &r.MinStayThrough, &r.MaxStayThrough, &r.MinAdvance, &r.MaxAdvance)
	c.days(&r.ArrivalDays, &r.DepartureDays)
}
