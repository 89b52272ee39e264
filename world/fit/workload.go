package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/vacancyhq/vacancy/world"
)

// histogram has share[i] between edges[i] and edges[i+1].
type histogram struct {
	Edges []float64 `json:"edges"`
	Share []float64 `json:"share"`
}

// hotel is what workload says of one of its two hotels.
type hotel struct {
	Lead    histogram          `json:"lead_time_days"`
	Nights  histogram          `json:"los_nights"`
	Party   histogram          `json:"party"`
	Prices  map[string]float64 `json:"adr_median_by_month"`
	Cancels float64            `json:"cancel_rate"`
}

type workload struct {
	City         hotel `json:"city"`
	Resort       hotel `json:"resort"`
	Destinations struct {
		Cities float64 `json:"cities"`
		Top1   float64 `json:"top1pct_share"`
		Top10  float64 `json:"top10pct_share"`
	} `json:"destinations"`
}

func fitWorkload(data string) ([]marginal, error) {
	text, err := os.ReadFile(filepath.Join(data, "workload", "distributions.json"))
	if err != nil {
		return nil, err
	}
	var w workload
	if err := json.Unmarshal(text, &w); err != nil {
		return nil, err
	}
	all := []marginal{w.skew()}
	for _, h := range []struct {
		name string
		hotel
	}{{"city", w.City}, {"resort", w.Resort}} {
		of := " Hotel booking demand, " + h.name + " hotel."
		all = append(all, h.lead("lead."+h.name, of), h.nights("nights."+h.name, of), h.party("party."+h.name, of),
			h.cancels("cancels."+h.name, of), h.year("year."+h.name, of))
	}
	return all, nil
}

// skew is the power of a place's weight by which travellers go there, so that
// the first hundredth and the first tenth of the places have their real shares.
func (w workload) skew() marginal {
	var weights []float64
	for _, p := range world.Places() {
		weights = append(weights, float64(p.Weight))
	}
	slices.Sort(weights)
	slices.Reverse(weights)
	misses := func(power float64) (far float64) {
		top := func(n int) (share float64) {
			sum, of := 0.0, 0.0
			for i, x := range weights {
				if x = math.Pow(x, power); i < n {
					of += x
				}
				sum += x
			}
			return of / sum
		}
		return max(math.Abs(top(len(weights)/100)-w.Destinations.Top1), math.Abs(top(len(weights)/10)-w.Destinations.Top10))
	}
	power := least(0.3, 3, misses)
	return marginal{"skew", []float64{power}, misses(power), "The power of a place's weight with which it is searched: share of the first 1 % and 10 % of places. Booking.com multi-destination trips."}
}

// lead is the share of bookings on the day of arrival, and a Weibull of the days
// ahead of the others.
func (h hotel) lead(name, of string) marginal {
	zero := h.Lead.Share[0]
	far := func(scale, shape float64) (sum, most float64) {
		below := zero
		for i := 1; i < len(h.Lead.Share); i++ {
			below += h.Lead.Share[i]
			// A booking 3 days ahead is anything from 2.5 to 3.5 in a smooth shape.
			d := math.Abs(below - zero - (1-zero)*weibull(h.Lead.Edges[i+1]-0.5, scale, shape))
			sum, most = sum+d*d, max(most, d)
		}
		return sum, most
	}
	scale, shape := closest(func(scale, shape float64) float64 { sum, _ := far(scale, shape); return sum })
	_, most := far(scale, shape)
	return marginal{name, []float64{zero, scale, shape}, most, "Days between booking and arrival: share on the day itself, then the logarithm of the scale and the shape of a Weibull; largest difference of the distribution." + of}
}

// nights is a log-normal, rounded, and the share of those who stay for a week whatever else.
func (h hotel) nights(name, of string) marginal {
	stays := 1 - h.Nights.Share[0] // day use is no stay
	far := func(week, mu, sigma float64) (sum, most float64) {
		below := 0.0
		for i := 1; i < len(h.Nights.Share); i++ {
			below += h.Nights.Share[i] / stays
			last := h.Nights.Edges[i+1] - 0.5
			want := (1 - week) * cdf(last, mu, sigma)
			if last > 7 {
				want += week
			}
			d := math.Abs(below - want)
			sum, most = sum+d*d, max(most, d)
		}
		return sum, most
	}
	var mu, sigma float64
	week := least(0, 0.3, func(week float64) float64 {
		m, s := closest(func(m, s float64) float64 { sum, _ := far(week, m, s); return sum })
		sum, _ := far(week, m, s)
		return sum
	})
	mu, sigma = closest(func(m, s float64) float64 { sum, _ := far(week, m, s); return sum })
	_, most := far(week, mu, sigma)
	return marginal{name, []float64{week, mu, sigma}, most, "Nights of a stay: share of whole weeks, then mu and sigma of a log-normal that is rounded; largest difference of the distribution." + of}
}

// party is the shares of 1, 2, 3 and 4 guests; more are few, and none is no guest.
func (h hotel) party(name, of string) marginal {
	share := slices.Clone(h.Party.Share[1:5])
	share[3] += h.Party.Share[5]
	return marginal{name: name, values: share, about: "Guests of a room: shares of 1, 2, 3, 4 and more." + of}
}

func (h hotel) cancels(name, of string) marginal {
	return marginal{name: name, values: []float64{h.Cancels}, about: "Share of the bookings that are cancelled." + of}
}
