package memindex

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// tariff is the prices of a plan that has its own, for one room type: a table
// of rows, since most nights cost what others cost. A row is the amounts for 1
// to standard guests, for an adult more, and for a child of each bracket, in
// units of so many minor units. The table lies column by column: a party reads
// few of them.
//
// Which row a night has is in the block's almanac, in a number that is what two
// adults pay, wherever that tells the rows apart: most searches are for two, and
// need no table.
type tariff struct {
	small    []uint16 // the table, when its numbers are
	large    []int32  // else
	pairs    []uint16 // twice what two adults pay above the lowest, by row and ascending; nil: the almanac has the row
	brackets []bracket
	lowest   int64 // that two adults pay
	unit     int64
	nights   int64 // that an amount is for
	column   int32 // among the house's tariffs
	count    int32 // of rows
	standard int
	each     bool // amounts are per person
	positive bool // no night of adults costs less than sureMinor
}

type bracket struct{ from, below int }

const (
	noRow    = math.MaxUint16 // the night has no price
	noAmount = -1
)

// compileTariff is false for prices that depend on the length of the stay, are
// no whole minor units, or have brackets of age that change from night to
// night. It returns what the almanac has to know of each night as well.
func compileTariff(plan *rate.Plan, calendar *rate.Calendar, standard int, base stay.Date, nights int) (*tariff, []uint16, bool) {
	t := &tariff{standard: standard, nights: int64(max(plan.UnitNights, 1)), each: plan.Basis == rate.PerPerson}
	if len(calendar.Prices) > 0 {
		for _, c := range calendar.Prices[0].Children {
			t.brackets = append(t.brackets, bracket{c.From, c.Below})
		}
	}
	wide := make([][]int64, len(calendar.Prices))
	for i := range calendar.Prices {
		var ok bool
		if wide[i], ok = t.wideRow(&calendar.Prices[i], plan.NextHigher); !ok {
			return nil, nil, false
		}
	}
	if !t.narrow(wide) {
		return nil, nil, false
	}
	rows, ok := t.fill(calendar.Prices, wide, base, nights)
	if t.positive = t.isPositive(); ok && t.pair() {
		for i, row := range rows {
			if row != noRow {
				rows[i] = t.pairs[row]
			}
		}
	}
	return t, rows, ok
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

// fill writes the rows, each once, and finds every night's: that of the first
// price that covers it.
func (t *tariff) fill(prices []rate.Price, wide [][]int64, base stay.Date, nights int) ([]uint16, bool) {
	known := make(map[string]uint16)
	var table [][]int64
	rows := slices.Repeat([]uint16{noRow}, nights)
	for i := len(prices) - 1; i >= 0; i-- { // the first one wins by coming last
		key := keyOf(wide[i])
		at, ok := known[key]
		if !ok {
			at = uint16(len(table))
			known[key], table = at, append(table, wide[i])
		}
		if len(table) == noRow {
			return nil, false
		}
		p := &prices[i]
		for night := max(p.From, base); night <= min(p.Through, base.Add(nights-1)); night++ {
			if p.Days.Has(night.Weekday()) {
				rows[night-base] = at
			}
		}
	}
	t.lay(t.sorted(table, rows))
	return rows, true
}

// sorted brings the table into the order of what two adults pay.
func (t *tariff) sorted(table [][]int64, rows []uint16) [][]int64 {
	order := make([]uint16, len(table))
	for i := range order {
		order[i] = uint16(i)
	}
	var two columns
	two.of(t, 2, 2, nil)
	slices.SortStableFunc(order, func(a, b uint16) int { return cmp.Compare(two.coupleOf(table[a]), two.coupleOf(table[b])) })
	after, place := make([][]int64, len(table)), make([]uint16, len(table))
	for to, from := range order {
		after[to], place[from] = table[from], uint16(to)
	}
	for i, row := range rows {
		if row != noRow {
			rows[i] = place[row]
		}
	}
	return after
}

func keyOf(row []int64) string {
	var key []byte
	for _, amount := range row {
		key = binary.AppendVarint(key, amount)
	}
	return string(key)
}

// lay writes the table column by column.
func (t *tariff) lay(table [][]int64) {
	t.count = int32(len(table))
	t.large = make([]int32, 0, len(table)*t.stride())
	for column := range t.stride() {
		for _, row := range table {
			amount := row[column]
			if amount != noAmount {
				amount /= t.unit
			}
			t.large = append(t.large, int32(amount))
		}
	}
	if len(t.large) == 0 || slices.Max(t.large) < unpriced {
		t.small = make([]uint16, len(t.large))
		for i, amount := range t.large {
			t.small[i] = uint16(amount) // noAmount becomes unpriced
		}
		t.large = nil
	}
}

const unpriced = math.MaxUint16

func (t *tariff) at(column int, row uint16) int32 {
	i := column*int(t.count) + int(row)
	if t.small == nil {
		return t.large[i]
	}
	if amount := t.small[i]; amount != unpriced {
		return int32(amount)
	}
	return noAmount
}

// prices is the calendar again for the nights of a stay, for package pricing.
func (t *tariff) prices(s *sight, nights stay.Stay) (all []rate.Price) {
	for i := range nights.Nights() {
		row := s.row(t, i)
		if row == noRow {
			continue
		}
		night := nights.Arrival.Add(i)
		p := rate.Price{Span: rate.Span{From: night, Through: night, Days: stay.EveryDay}}
		for guests := range t.standard {
			if amount := t.at(guests, row); amount != noAmount {
				p.Base = append(p.Base, rate.Base{Guests: guests + 1, Amount: t.amount(amount)})
			}
		}
		if extra := t.at(t.standard, row); extra != noAmount {
			p.ExtraAdult = new(t.amount(extra))
		}
		for j, b := range t.brackets {
			p.Children = append(p.Children, rate.ChildPrice{From: b.from, Below: b.below, Amount: t.amount(t.at(t.standard+1+j, row))})
		}
		all = append(all, p)
	}
	return all
}

func (t *tariff) amount(units int32) money.Rat { return money.RatOf(int64(units)*t.unit, 1) }
