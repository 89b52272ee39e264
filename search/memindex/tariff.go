package memindex

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// tariff is the prices of a plan that has its own, for one room type, by night:
// cells point into a table of rows, since most nights cost what others cost. A
// row is the amounts for 1 to standard guests, for an adult more, and for a
// child of each bracket, in units of so many minor units.
type tariff struct {
	base     stay.Date // night of the first cell
	cells    []uint16
	rows     []int32
	standard int
	brackets []bracket
	unit     int64
	nights   int64 // that an amount is for
	each     bool  // amounts are per person
}

type bracket struct{ from, below int }

const (
	noCell   = math.MaxUint16
	noAmount = -1
)

// compileTariff is false for prices that depend on the length of the stay, are
// no whole minor units, or have brackets of age that change from night to night.
func compileTariff(plan *rate.Plan, calendar *rate.Calendar, standard int, base stay.Date) (*tariff, bool) {
	t := &tariff{base: base, standard: standard, nights: int64(max(plan.UnitNights, 1)), each: plan.Basis == rate.PerPerson}
	if len(calendar.Prices) > 0 {
		for _, c := range calendar.Prices[0].Children {
			t.brackets = append(t.brackets, bracket{c.From, c.Below})
		}
	}
	wide := make([][]int64, len(calendar.Prices))
	for i := range calendar.Prices {
		var ok bool
		if wide[i], ok = t.wideRow(&calendar.Prices[i], plan.NextHigher); !ok {
			return nil, false
		}
	}
	if !t.narrow(wide) {
		return nil, false
	}
	return t, t.fill(calendar.Prices, wide)
}

// wideRow is a price's row in minor units.
func (t *tariff) wideRow(p *rate.Price, nextHigher bool) ([]int64, bool) {
	same := slices.EqualFunc(p.Children, t.brackets, func(c rate.ChildPrice, b bracket) bool { return c.From == b.from && c.Below == b.below })
	if p.MinNights != 0 || p.MaxNights != 0 || !same {
		return nil, false
	}
	row := make([]int64, 0, t.stride())
	for guests := 1; guests <= t.standard; guests++ {
		row = append(row, noAmount)
		if base := baseFor(p, guests, nextHigher); base != nil {
			row[guests-1] = minor(base.Amount)
		}
	}
	row = append(row, noAmount)
	if p.ExtraAdult != nil {
		row[t.standard] = minor(*p.ExtraAdult)
	}
	for _, c := range p.Children {
		row = append(row, minor(c.Amount))
	}
	return row, !slices.Contains(row, notMinor)
}

// baseFor is the entry for so many guests, or the next higher one, as pricing finds it.
func baseFor(p *rate.Price, guests int, nextHigher bool) (found *rate.Base) {
	for i := range p.Base {
		b := &p.Base[i]
		if b.Guests == guests {
			return b
		}
		if nextHigher && b.Guests > guests && (found == nil || b.Guests < found.Guests) {
			found = b
		}
	}
	return found
}

const notMinor = math.MinInt64

// minor is an amount of whole minor units that is not below zero, else notMinor.
func minor(r money.Rat) int64 {
	n, whole := r.Int64()
	if !whole || n < 0 {
		return notMinor
	}
	return n
}

func (t *tariff) stride() int { return t.standard + 1 + len(t.brackets) }

// narrow finds the largest unit of all amounts and tells whether they fit then.
func (t *tariff) narrow(wide [][]int64) bool {
	most := int64(0)
	for _, row := range wide {
		for _, amount := range row {
			if amount > 0 {
				t.unit, most = gcd(t.unit, amount), max(most, amount)
			}
		}
	}
	t.unit = max(t.unit, 1)
	return most <= rate.MaxAmount && most/t.unit <= math.MaxInt32
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// fill writes the rows, each once, and points every night to its own: that of
// the first price that covers it.
func (t *tariff) fill(prices []rate.Price, wide [][]int64) bool {
	known := make(map[string]uint16)
	t.cells = slices.Repeat([]uint16{noCell}, window)
	for i := len(prices) - 1; i >= 0; i-- { // the first one wins by coming last
		at, ok := t.row(wide[i], known)
		if !ok {
			return false
		}
		p := &prices[i]
		for night := max(p.From, t.base); night <= min(p.Through, t.base+window-1); night++ {
			if p.Days.Has(night.Weekday()) {
				t.cells[night-t.base] = at
			}
		}
	}
	return true
}

func (t *tariff) row(wide []int64, known map[string]uint16) (uint16, bool) {
	var key []byte
	for _, amount := range wide {
		key = binary.AppendVarint(key, amount)
	}
	if at, ok := known[string(key)]; ok {
		return at, true
	}
	at := len(known)
	if at == noCell {
		return 0, false
	}
	known[string(key)] = uint16(at)
	for _, amount := range wide {
		if amount != noAmount {
			amount /= t.unit
		}
		t.rows = append(t.rows, int32(amount))
	}
	return uint16(at), true
}

// prices is the calendar again for the nights of a stay, for package pricing.
func (t *tariff) prices(nights stay.Stay) (all []rate.Price) {
	for night := nights.Arrival; night < nights.Departure; night++ {
		cell := t.cells[night-t.base]
		if cell == noCell {
			continue
		}
		row := t.rows[int(cell)*t.stride():][:t.stride()]
		p := rate.Price{Span: rate.Span{From: night, Through: night, Days: stay.EveryDay}}
		for i, amount := range row[:t.standard] {
			if amount != noAmount {
				p.Base = append(p.Base, rate.Base{Guests: i + 1, Amount: t.amount(amount)})
			}
		}
		if extra := row[t.standard]; extra != noAmount {
			p.ExtraAdult = new(t.amount(extra))
		}
		for i, b := range t.brackets {
			p.Children = append(p.Children, rate.ChildPrice{From: b.from, Below: b.below, Amount: t.amount(row[t.standard+1+i])})
		}
		all = append(all, p)
	}
	return all
}

func (t *tariff) amount(units int32) money.Rat { return money.RatOf(int64(units)*t.unit, 1) }
