package main

import (
	"encoding/csv"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Calendars do not say why a night is not to be had. What is closed for longer
// than a fortnight, and what is never or always open, is taken for the host's
// doing; the rest is taken for sold.
const (
	longestSold = 14
	leastOpen   = 0.03
)

// soon is the nights in which enough is sold to tell houses apart.
const soon = 60

// steps of the days ahead at which the share of sold nights is compared.
var steps = []int{0, 7, 14, 30, 60, 90, 180, 365}

// scrape is what the calendars of one city say.
type scrape struct {
	nights, sold []float64 // by day ahead
	runs         []float64 // lengths of what was sold in a row
	popular      []float64 // share sold of each listing's nights that are soon
	noise        []float64 // how much of their spread is chance
	weekend      [2][2]float64
	lifts        []float64 // what a weekend night costs more, of those who vary their price
}

func fitCalendars(data string) ([]marginal, error) {
	files, err := filepath.Glob(filepath.Join(data, "inside-airbnb", "*_calendar.csv.gz"))
	if err != nil {
		return nil, err
	}
	var all []*scrape
	for _, path := range files {
		s := &scrape{nights: make([]float64, 400), sold: make([]float64, 400)}
		if err := s.read(path); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no calendars below %s", data)
	}
	return together(all), nil
}

// together lets each scrape count alike.
func together(all []*scrape) []marginal {
	of := func(value func(*scrape) float64) float64 {
		var values []float64
		for _, s := range all {
			values = append(values, value(s))
		}
		return mean(values)
	}
	shares := make([]float64, len(steps)-1)
	for i := range shares {
		shares[i] = of(func(s *scrape) float64 { return s.share(steps[i], steps[i+1]) })
	}
	taken := decay(shares)
	run := of(func(s *scrape) float64 { return mean(s.runs) })
	return []marginal{
		taken,
		{name: "taken.run", values: []float64{run}, about: "Nights in a row that are sold, on average. Inside Airbnb."},
		{name: "taken.spread", values: []float64{of((*scrape).spread)}, about: "Sigma of the logarithm of a house's popularity. Inside Airbnb."},
		{name: "taken.weekend", values: []float64{of((*scrape).busier)}, about: "How many times as many Friday and Saturday nights are sold. Inside Airbnb."},
		{name: "price.weekend", values: []float64{lift(all)}, about: "How many times as much they cost, where prices vary at all. Inside Airbnb, the scrapes with prices."},
	}
}

// lift is over the scrapes that have prices.
func lift(all []*scrape) float64 {
	var lifts []float64
	for _, s := range all {
		if len(s.lifts) > 0 {
			lifts = append(lifts, mean(s.lifts))
		}
	}
	return mean(lifts)
}

// decay fits the share of sold nights so many days ahead: from near it falls to
// far, by two thirds in so many days.
func decay(shares []float64) marginal {
	distance := func(near, far, days float64) (sum, most float64) {
		for i, share := range shares {
			model := 0.0
			for n := steps[i]; n < steps[i+1]; n++ {
				model += far + (near-far)*math.Exp(-float64(n)/days)
			}
			d := math.Abs(model/float64(steps[i+1]-steps[i]) - share)
			sum, most = sum+d*d, max(most, d)
		}
		return sum, most
	}
	best, values := math.Inf(1), []float64{0, 0, 0}
	for near := 0.2; near < 0.95; near += 0.01 {
		for far := 0.0; far < 0.1; far += 0.005 {
			for days := 5.0; days < 90; days++ {
				if sum, _ := distance(near, far, days); sum < best {
					best, values = sum, []float64{near, far, days}
				}
			}
		}
	}
	_, most := distance(values[0], values[1], values[2])
	return marginal{"taken", values, most, "Share of nights that are sold: the next night, in a year, and the days in which two thirds of the way are gone. Inside Airbnb, four scrapes."}
}

func (s *scrape) share(from, until int) float64 {
	sold, nights := 0.0, 0.0
	for n := from; n < until; n++ {
		sold, nights = sold+s.sold[n], nights+s.nights[n]
	}
	return sold / nights
}

// spread is the sigma of a log-normal factor: the variance of the listings'
// shares beyond that of chance, in units of their mean.
func (s *scrape) spread() float64 {
	m := mean(s.popular)
	real := max(0, variance(s.popular)-mean(s.noise))
	return math.Sqrt(math.Log(1 + real/(m*m)))
}

func (s *scrape) busier() float64 {
	return s.weekend[1][1] / s.weekend[1][0] / (s.weekend[0][1] / s.weekend[0][0])
}

func (s *scrape) read(path string) error {
	header := true
	return lines(path, func(line []byte) error {
		if header {
			header = false
			return nil
		}
		f, err := csv.NewReader(strings.NewReader(string(line))).Read()
		if err != nil {
			return err
		}
		first, err := time.Parse(time.DateOnly, f[1])
		if err != nil {
			return err
		}
		open, err := unroll(f[3])
		if err != nil {
			return err
		}
		prices, err := unroll(f[4])
		if err != nil {
			return err
		}
		s.listing(first, open)
		s.priced(first, prices)
		return nil
	})
}

// unroll reads "1x300;0x65"; an empty value is 0.
func unroll(text string) ([]float64, error) {
	var all []float64
	for part := range strings.SplitSeq(text, ";") {
		value, times, _ := strings.Cut(part, "x")
		n, err := strconv.Atoi(times)
		if err != nil {
			return nil, err
		}
		v := 0.0
		if value != "" {
			if v, err = strconv.ParseFloat(value, 64); err != nil {
				return nil, err
			}
		}
		for range n {
			all = append(all, v)
		}
	}
	return all, nil
}

// listing counts what is sold of one calendar.
func (s *scrape) listing(first time.Time, open []float64) {
	if closed := 1 - mean(open); closed < leastOpen || closed > 1-leastOpen {
		return
	}
	sold, nights := 0.0, 0.0
	for from := 0; from < len(open); {
		until := from
		for until < len(open) && open[until] == open[from] {
			until++
		}
		taken := 1 - open[from]
		if taken == 1 && from > 0 && until < len(open) && until-from <= longestSold {
			s.runs = append(s.runs, float64(until-from))
		}
		for n := from; n < until && (taken == 0 || until-from <= longestSold); n++ {
			s.nights[n]++
			s.sold[n] += taken
			day := weekend(first.AddDate(0, 0, n))
			s.weekend[day][0]++
			s.weekend[day][1] += taken
			if n < soon {
				nights, sold = nights+1, sold+taken
			}
		}
		from = until
	}
	if nights >= soon/2 {
		share := sold / nights
		s.popular = append(s.popular, share)
		// Nights come in blocks of about three that share one fate.
		s.noise = append(s.noise, share*(1-share)*5/nights)
	}
}

func (s *scrape) priced(first time.Time, prices []float64) {
	var sum, count [2]float64
	varies := false
	for n, price := range prices {
		if price > 0 {
			day := weekend(first.AddDate(0, 0, n))
			sum[day], count[day] = sum[day]+price, count[day]+1
			varies = varies || price != prices[0]
		}
	}
	if varies && count[0] > 0 && count[1] > 0 {
		s.lifts = append(s.lifts, sum[1]/count[1]/(sum[0]/count[0]))
	}
}

// weekend is 1 for a Friday or Saturday night.
func weekend(day time.Time) int {
	if w := day.Weekday(); w == time.Friday || w == time.Saturday {
		return 1
	}
	return 0
}
