package world

import (
	"math"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/stay"
)

// season is a level of prices, in percent, from a day of the year on.
type season struct {
	month   time.Month
	day     int
	percent int
}

// The curves are for the northern half of the earth, in order of the year.
var (
	businessYear = []season{{1, 7, 90}, {3, 1, 108}, {6, 20, 88}, {9, 1, 116}, {11, 15, 98}, {12, 18, 76}}
	cityYear     = append(fittedYear("year.city"), season{12, 28, 140})
	seaYear      = fittedYear("year.resort")
	skiYear      = []season{{1, 7, 112}, {2, 1, 145}, {3, 10, 115}, {4, 12, 75}, {6, 15, 95}, {9, 20, 75}, {12, 20, 150}}
	lakeYear     = []season{{1, 7, 75}, {4, 1, 95}, {6, 1, 112}, {7, 10, 128}, {9, 1, 108}, {10, 15, 80}, {12, 22, 115}}
	tropicSea    = []season{{1, 8, 130}, {4, 15, 90}, {7, 10, 105}, {9, 1, 80}, {11, 1, 105}, {12, 18, 160}}
	tropicCity   = []season{{1, 8, 108}, {4, 1, 92}, {7, 1, 100}, {9, 1, 88}, {11, 1, 105}, {12, 20, 125}}
)

// fittedYear is the levels of a real hotel's year.
func fittedYear(name string) []season {
	values := marginals()[name]
	year := make([]season, 0, len(values)/2+1)
	for i := 0; i+1 < len(values); i += 2 {
		year = append(year, season{time.Month(values[i]), 1, int(values[i+1])})
	}
	return year
}

const tropic = 23.5

// yearOf is the seasons of a place. South of the tropics the year is turned by
// six months.
func yearOf(s Style, lat float64) []season {
	tropical := math.Abs(lat) < tropic
	year := map[Style][]season{Business: businessYear, City: cityYear, Sea: seaYear, Ski: skiYear, Lake: lakeYear, Country: lakeYear}[s]
	switch {
	case tropical && s == Sea:
		return tropicSea
	case tropical && s != Business && s != Ski:
		return tropicCity
	case lat < 0 && s != Business && s != City:
		return turned(year)
	}
	return year
}

func turned(year []season) []season {
	half := slices.Clone(year)
	for i := range half {
		half[i].month = (half[i].month+5)%12 + 1
	}
	slices.SortFunc(half, func(a, b season) int { return int(a.month-b.month)*100 + a.day - b.day })
	return half
}

// levelOn is the level of a day: the last season that has begun, over New Year
// the last one of the year.
func levelOn(year []season, night stay.Date) int {
	_, month, day := night.Civil()
	level := year[len(year)-1].percent
	for _, s := range year {
		if month > s.month || month == s.month && day >= s.day {
			level = s.percent
		}
	}
	return level
}

// weekend is what Friday and Saturday cost more, in percent: fewer people
// travel for work, more for pleasure.
func (s Style) weekend() int {
	city := int(math.Round(100 * (fitted("price.weekend", 1)[0] - 1)))
	return map[Style]int{Business: -14, City: city, Sea: 8, Ski: 10, Lake: 15, Country: 18}[s]
}

var weekendNights = stay.DaysOf(time.Friday, time.Saturday)

// event is some nights on which everybody wants to be in town.
type event struct {
	from, through stay.Date
	percent       int
}

// events has one for each year on sale, in places where there are fairs and concerts.
func events(d dice, s Style, today stay.Date) []event {
	if s != Business && s != City && s != Sea || d.chance(30) {
		return nil
	}
	var all []event
	for year := range 2 {
		from := today.Add(365*year + d.between(20, 330))
		all = append(all, event{from, from.Add(d.between(1, 4)), d.between(125, 165)})
	}
	return all
}

// run is nights in a row at one level.
type run struct {
	from, through stay.Date
	percent       int
	event         bool
}

// runs is the levels of all nights on sale. It begins a day early, for zones
// in which today is still yesterday.
func runs(year []season, happenings []event, today stay.Date) []run {
	var all []run
	for night := today.Add(-1); night < today.Add(inventory.Horizon); night++ {
		next := run{night, night, levelOn(year, night), false}
		for _, e := range happenings {
			if e.from <= night && night <= e.through {
				next.percent, next.event = next.percent*e.percent/100, true
			}
		}
		if last := len(all) - 1; last >= 0 && all[last].percent == next.percent && all[last].event == next.event {
			all[last].through = night
			continue
		}
		all = append(all, next)
	}
	return all
}
