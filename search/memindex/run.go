package memindex

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// run is one query on its way over the blocks. It keeps its memory for the next.
type run struct {
	ask    search.Ask
	shared *ledger
	stays  []stay.Stay
	facets bool
	couple bool     // the one party is two adults: the almanac has their prices
	wishes []uint32 // amenities asked for; noWish: one that no property has
	boards uint8    // asked for, as a set of indexes in search.Boards; 0: all

	visits    []visit // of the parties, for the stay and the today at hand
	visited   stay.Stay
	today     stay.Date
	zone      *time.Location // of the house begun last, and the last departure there
	last      stay.Date
	todays    []zoneToday
	exchanges []search.Exchange
	currency  money.Currency
	exchange  int
	leaving   [][]departure // by stay and terms

	kernel  kernel
	offers  [search.MaxRooms][]offer
	choices [][]search.Choice
	lanes   [lanesPerBlock]outcome

	tally  search.Tally
	wish   []int // how many hits have an amenity
	hits   []hit
	blocks []seen // that hits are of
}

type zoneToday struct {
	zone  *time.Location
	today stay.Date
}

const noWish = math.MaxUint32

// hit is a property that fits, not yet written down. It holds no pointers: a
// query has many.
type hit struct {
	total  int64
	worth  int64
	metres int32 // from where distances are measured
	block  int32 // of the run's
	stay   int16
	lane   int8
	free   bool // to cancel
}

// seen is a block as the query saw it.
type seen struct {
	*facts
	block *block
}

var runs = sync.Pool{New: func() any { return new(run) }}

// newRun prepares a query that was checked.
func (x *Index) newRun(q search.Query, now time.Time) *run {
	r := runs.Get().(*run)
	r.ask = search.Ask{Query: q, Now: now, Rates: x.options.Rates, Weights: x.options.Weights}
	r.shared, r.stays, r.facets = &x.ledger, q.Stays(now), q.Facets
	r.visits = slices.Grow(r.visits[:0], len(q.Parties))[:len(q.Parties)]
	r.visited, r.zone, r.todays, r.exchanges, r.currency = stay.Stay{}, nil, r.todays[:0], r.exchanges[:0], ""
	r.hits, r.tally = r.hits[:0], search.Tally{}
	r.wish = append(r.wish[:0], make([]int, len(r.shared.amenities.all()))...)
	r.wishes, r.boards = r.wishes[:0], 0
	r.couple = len(q.Parties) == 1 && q.Parties[0].Adults == 2 && len(q.Parties[0].ChildAges) == 0
	for _, name := range q.Amenities {
		id, ok := r.shared.amenities.find(search.AmenityKey(name))
		if !ok {
			id = noWish
		}
		r.wishes = append(r.wishes, id)
	}
	for _, name := range q.Boards {
		r.boards |= 1 << slices.Index(search.Boards[:], name)
	}
	r.clearLeaving()
	return r
}

func (r *run) clearLeaving() {
	for len(r.leaving) < len(r.stays) {
		r.leaving = append(r.leaving, nil)
	}
	known := len(r.shared.terms.all())
	for i := range r.stays {
		r.leaving[i] = append(r.leaving[i][:0], make([]departure, known)...)
	}
}

// done gives the memory back.
func (r *run) done() {
	clear(r.blocks) // keeps none alive
	r.blocks = r.blocks[:0]
	r.ask = search.Ask{}
	for i := range r.visits {
		r.visits[i].house, r.visits[i].tariff, r.visits[i].rules = nil, nil, nil
	}
	runs.Put(r)
}

// over looks at every span of the scope. A large one is divided among the
// processors, because one city may take longer than a guest wants to wait.
func (r *run) over(ctx context.Context, x *Index, s *scope) error {
	if len(s.spans) <= x.alone {
		return r.along(ctx, s.spans)
	}
	share := (len(s.spans) + x.options.Workers - 1) / x.options.Workers
	var helpers []*run
	var working sync.WaitGroup
	for part := range slices.Chunk(s.spans[share:], share) {
		h := x.newRun(r.ask.Query, r.ask.Now)
		helpers = append(helpers, h)
		working.Go(func() { _ = h.along(ctx, part) }) // its error is the context's
	}
	err := r.along(ctx, s.spans[:share])
	working.Wait()
	for _, h := range helpers {
		r.merge(h)
		h.done()
	}
	return err
}

func (r *run) along(ctx context.Context, spans []span) error {
	for i := range spans {
		if i%16 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		r.block(&spans[i])
	}
	return ctx.Err()
}

// merge adds what another found.
func (r *run) merge(h *run) {
	for _, found := range h.hits {
		found.block += int32(len(r.blocks))
		r.hits = append(r.hits, found)
	}
	r.blocks = append(r.blocks, h.blocks...)
	r.tally.Add(&h.tally)
	for i := range min(len(r.wish), len(h.wish)) {
		r.wish[i] += h.wish[i]
	}
}

// block adds what fits in one block to the hits and to the facets.
func (r *run) block(s *span) {
	f := s.block.facts.Load()
	p := r.passes(f, s.mask&f.shown)
	if p.any == 0 {
		return
	}
	bookable := p.any
	if len(r.stays) > 0 {
		var same bool
		if bookable, same = r.price(s.block, f, p); !same {
			r.block(s)
			return
		}
	}
	if r.facets {
		r.count(f, p, bookable)
	}
	if bookable &= p.all; bookable != 0 {
		r.blocks = append(r.blocks, seen{f, s.block})
		each(bookable, func(lane int) { r.add(f, s, lane) })
	}
}

// add makes a hit of a lane that fits.
func (r *run) add(f *facts, s *span, lane int) {
	h := hit{block: int32(len(r.blocks) - 1), lane: int8(lane)}
	if s.metres != nil {
		h.metres = s.metres[lane]
	}
	if len(r.stays) > 0 {
		o := &r.lanes[lane]
		h.stay, h.total, h.worth, h.free = o.stay, o.totals[byQuery], o.worth, o.freely
	}
	r.hits = append(r.hits, h)
}

// todayAt is the date in a zone; neighbours share theirs.
func (r *run) todayAt(zone *time.Location) stay.Date {
	for i := range r.todays {
		if r.todays[i].zone == zone {
			return r.todays[i].today
		}
	}
	today := stay.On(r.ask.Now, zone)
	r.todays = append(r.todays, zoneToday{zone, today})
	return today
}

// worth is an amount of the property's currency as orders compare it.
func (r *run) worth(c money.Currency, minor int64) int64 {
	if r.currency != c {
		r.currency, r.exchange = c, -1
		for i := range r.exchanges {
			if r.exchanges[i].Of() == c {
				r.exchange = i
			}
		}
		if r.exchange < 0 {
			r.exchange = len(r.exchanges)
			r.exchanges = append(r.exchanges, r.ask.Rates.Exchange(c))
		}
	}
	return r.exchanges[r.exchange].Worth(minor)
}

// affords judges a total by the query's range.
func (r *run) affords(c money.Currency, minor int64) bool {
	q := &r.ask.Query
	return (q.MinTotal == nil || r.compare(c, minor, q.MinTotal) >= 0) && (q.MaxTotal == nil || r.compare(c, minor, q.MaxTotal) <= 0)
}

func (r *run) compare(c money.Currency, minor int64, limit *money.Amount) int {
	if c == limit.Currency {
		return compare(minor, limit.Minor)
	}
	worth := r.worth(c, minor)
	return compare(worth, r.worth(limit.Currency, limit.Minor))
}

func compare(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
