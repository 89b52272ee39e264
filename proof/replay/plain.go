package replay

import (
	"cmp"
	"slices"

	"github.com/vacancyhq/vacancy/stay"
)

// Cell is one counter of the plain pass: a hotel's rooms of a type on a night.
// Of a pool RoomType is "".
type Cell struct {
	Hotel    string
	RoomType string
	Night    stay.Date
}

// Plain is what the plain pass counts.
type Plain struct {
	Peaks   map[Cell]int // the most bookings that were live at once
	Refused []int64      // ids of bookings that found a cell full, in the order of asking
}

// plainPass counts live bookings by hand: a map of counters, and for each day
// lists of who leaves and who comes. It has rules of its own on purpose, and
// shares nothing with Schedule and the driver but the rows.
//
// Pooled, all rooms of a hotel are one; limit is how many bookings a cell takes,
// nil for no limit.
type plainPass struct {
	pooled bool
	limit  func(Cell) int

	live    map[Cell]int
	refused map[int64]bool
	result  Plain
}

// CountPlainly runs the plain pass over the rows.
func CountPlainly(rows []Row, pooled bool, limit func(Cell) int) Plain {
	p := &plainPass{
		pooled: pooled, limit: limit, live: map[Cell]int{}, refused: map[int64]bool{},
		result: Plain{Peaks: map[Cell]int{}},
	}
	byID := slices.SortedFunc(slices.Values(rows), func(a, b Row) int { return cmp.Compare(a.ID, b.ID) })
	closed, cancelledBefore, booked, cancelledNow := dayLists{}, dayLists{}, dayLists{}, dayLists{}
	for _, r := range byID {
		booked.add(r.BookedOn, r)
		switch {
		case r.Outcome == NoShow:
			closed.add(r.Arrival+1, r)
		case r.Outcome == CheckedOut && r.StatusOn <= r.Arrival:
			closed.add(r.Arrival+1, r) // the first night stays sold
		case r.Outcome == CheckedOut:
			closed.add(r.StatusOn, r)
		case r.StatusOn > r.BookedOn:
			cancelledBefore.add(r.StatusOn, r)
		default:
			cancelledNow.add(r.BookedOn, r)
		}
	}
	first, last := span(rows)
	for day := first; day <= last; day++ {
		for _, r := range closed[day] {
			p.giveBack(r, day)
		}
		for _, r := range cancelledBefore[day] {
			p.giveBack(r, r.Arrival)
		}
		for _, r := range booked[day] {
			p.take(r)
		}
		for _, r := range cancelledNow[day] {
			p.giveBack(r, r.Arrival)
		}
	}
	return p.result
}

type dayLists map[stay.Date][]Row

func (d dayLists) add(day stay.Date, r Row) { d[day] = append(d[day], r) }

// span is the first and the last day on which anything can happen.
func span(rows []Row) (first, last stay.Date) {
	first, last = stay.LastDate, stay.FirstDate
	for _, r := range rows {
		first = min(first, r.BookedOn)
		last = max(last, r.Arrival+1, r.StatusOn)
	}
	return first, last
}

func (p *plainPass) cell(r Row, night stay.Date) Cell {
	if p.pooled {
		return Cell{r.Hotel, "", night}
	}
	return Cell{r.Hotel, r.Reserved, night}
}

// take books all nights or none.
func (p *plainPass) take(r Row) {
	for night := r.Arrival; night < r.Departure(); night++ {
		if c := p.cell(r, night); p.limit != nil && p.live[c] >= p.limit(c) {
			p.refused[r.ID] = true
			p.result.Refused = append(p.result.Refused, r.ID)
			return
		}
	}
	for night := r.Arrival; night < r.Departure(); night++ {
		c := p.cell(r, night)
		p.live[c]++
		p.result.Peaks[c] = max(p.result.Peaks[c], p.live[c])
	}
}

// giveBack returns the nights of a booking from the given one on.
func (p *plainPass) giveBack(r Row, from stay.Date) {
	if p.refused[r.ID] {
		return
	}
	for night := from; night < r.Departure(); night++ {
		p.live[p.cell(r, night)]--
	}
}

// OccupiedRooms is the most rooms of each hotel in which guests slept at once:
// what is known of its size from the file alone.
func OccupiedRooms(rows []Row) map[string]int {
	slept := map[Cell]int{}
	most := map[string]int{}
	for _, r := range rows {
		if r.Outcome != CheckedOut {
			continue
		}
		for night := r.Arrival; night < min(r.Departure(), max(r.StatusOn, r.Arrival+1)); night++ {
			c := Cell{r.Hotel, "", night}
			slept[c]++
			most[r.Hotel] = max(most[r.Hotel], slept[c])
		}
	}
	return most
}
