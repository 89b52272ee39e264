package main

import (
	"fmt"
	"math"
	"strconv"
)

// levels is how many prices a year has: each is a span of every calendar.
const levels = 6

// year is the levels of a year's prices: pairs of the month with which a level
// begins and its percent of the year's mean. Neighbours that differ least are
// put together.
func (h hotel) year(name, of string) marginal {
	months := make([]float64, 12)
	for m := range months {
		months[m] = h.Prices[strconv.Itoa(m+1)]
	}
	average := mean(months)
	type level struct {
		month int
		all   []float64
	}
	var year []level
	for m, price := range months {
		year = append(year, level{m + 1, []float64{100 * price / average}})
	}
	for len(year) > levels {
		closest, at := math.Inf(1), 0
		for i := range len(year) - 1 {
			if d := math.Abs(mean(year[i].all) - mean(year[i+1].all)); d < closest {
				closest, at = d, i
			}
		}
		year[at].all = append(year[at].all, year[at+1].all...)
		year = append(year[:at+1], year[at+2:]...)
	}
	m := marginal{name: name, about: fmt.Sprintf("Price level by season: month in which it begins and percent of the year's mean, %d levels; largest difference in percent points."+of, levels)}
	for _, l := range year {
		m.values = append(m.values, float64(l.month), math.Round(mean(l.all)))
		for _, price := range l.all {
			m.misses = max(m.misses, math.Abs(price-mean(l.all)))
		}
	}
	return m
}
