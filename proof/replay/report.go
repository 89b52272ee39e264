package replay

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/vacancyhq/vacancy/stay"
)

// Report is what a replay proved, or did not.
type Report struct {
	Capacity  Capacity `json:"capacity"`
	Bookings  int      `json:"bookings"` // rows of the file that are bookings: accepted + refused
	Accepted  int      `json:"accepted"`
	Events    int64    `json:"events"`         // driven
	Skipped   int64    `json:"events_skipped"` // of the later life of refused bookings
	Seconds   int64    `json:"seconds"`
	PerSecond int64    `json:"events_per_second"`

	OversoldNights int         `json:"oversold_nights"` // night rows that were ever above their cap
	SumsEqual      bool        `json:"sums_equal"`
	Breaks         int         `json:"reconcile_breaks"`
	Refused        []Refusal   `json:"refused"`
	Malformed      []Malformed `json:"malformed"`

	Hotels []HotelReport `json:"hotels"`
	Plain  PlainReport   `json:"plain_pass"`
	Odd    Odd           `json:"odd_cases"`
	Sums   []SumRow      `json:"sums"`

	Failures []string `json:"failures"` // what is required and does not hold; empty: all of it does
}

// HotelReport is a hotel's rooms and how far beyond them it sold.
type HotelReport struct {
	Hotel        string      `json:"hotel"`
	PropertyID   string      `json:"property_id"`
	Rooms        int         `json:"rooms"`           // ever occupied at once
	PeakLive     int         `json:"peak_live"`       // the most bookings live on one night of the file, without limit
	PeakNight    stay.Date   `json:"peak_live_night"` // the first such night
	Overbooking  Overbooking `json:"declared_overbooking"`
	NightsOpened int         `json:"night_rows"`
}

// Overbooking is what the caps of a hotel have beyond its rooms.
type Overbooking struct {
	RoomNights int        `json:"room_nights"` // over all nights
	Nights     int        `json:"nights"`      // nights that have any
	Most       int        `json:"most"`        // rooms on the worst night
	MostNight  *stay.Date `json:"most_night,omitempty"`
}

// PlainReport compares the store with the plain pass.
type PlainReport struct {
	Cells          int          `json:"cells"`           // (hotel, room type, night) that were ever sold
	PeaksEqual     bool         `json:"peaks_equal"`     // the highest sold of each cell, by the store's events
	RefusalsEqual  bool         `json:"refusals_equal"`  // the same bookings were refused
	DifferingCells []CellReport `json:"differing_cells"` // the first of them
}

// CellReport is a cell that two counts disagree on.
type CellReport struct {
	Hotel    string    `json:"hotel"`
	RoomType string    `json:"room_type"`
	Night    stay.Date `json:"night"`
	Plain    int       `json:"plain"`
	Store    int       `json:"store"`
}

// maxCells is how many differing cells are listed.
const maxCells = 100

// comparePlain sets the plain pass beside what the store did.
func comparePlain(plain Plain, peaks map[Cell]int, refused []Refusal) PlainReport {
	report := PlainReport{Cells: len(plain.Peaks), PeaksEqual: true, DifferingCells: []CellReport{}}
	cells := make(map[Cell]bool)
	for _, counted := range []map[Cell]int{plain.Peaks, peaks} {
		for c := range counted {
			cells[c] = true
		}
	}
	for c := range cells {
		if plain.Peaks[c] != peaks[c] {
			report.PeaksEqual = false
			report.DifferingCells = append(report.DifferingCells, CellReport{c.Hotel, c.RoomType, c.Night, plain.Peaks[c], peaks[c]})
		}
	}
	slices.SortFunc(report.DifferingCells, func(a, b CellReport) int {
		return cmp.Or(cmp.Compare(a.Hotel, b.Hotel), cmp.Compare(a.RoomType, b.RoomType), cmp.Compare(a.Night, b.Night))
	})
	report.DifferingCells = report.DifferingCells[:min(len(report.DifferingCells), maxCells)]

	ids := make([]int64, len(refused))
	for i, r := range refused {
		ids[i] = r.ID
	}
	report.RefusalsEqual = slices.Equal(slices.Sorted(slices.Values(ids)), slices.Sorted(slices.Values(plain.Refused)))
	return report
}

// overbooking is what the caps have beyond the hotel's rooms.
func (h *hotel) overbooking(caps map[Cell]int) Overbooking {
	byNight := make(map[stay.Date]int)
	for c, n := range caps {
		if c.Hotel == h.name {
			byNight[c.Night] += n
		}
	}
	var o Overbooking
	for night := h.nights.Arrival; night < h.nights.Departure; night++ {
		beyond := byNight[night] - h.rooms
		if beyond <= 0 {
			continue
		}
		o.RoomNights += beyond
		o.Nights++
		if beyond > o.Most {
			o.Most, o.MostNight = beyond, &night
		}
	}
	return o
}

// report is the hotel's part of the report; live is the plain pass by hotel, without limit.
func (h *hotel) report(caps, live map[Cell]int) HotelReport {
	r := HotelReport{
		Hotel: h.name, PropertyID: h.id, Rooms: h.rooms, Overbooking: h.overbooking(caps),
		NightsOpened: h.nights.Nights() * len(h.codes),
	}
	for night := h.nights.Arrival; night < h.nights.Departure; night++ {
		if n := live[Cell{h.name, "", night}]; n > r.PeakLive {
			r.PeakLive, r.PeakNight = n, night
		}
	}
	return r
}

// judge lists what is required of the replay and does not hold.
func (r *Report) judge() {
	require := func(holds bool, format string, args ...any) {
		if !holds {
			r.Failures = append(r.Failures, fmt.Sprintf(format, args...))
		}
	}
	r.Failures = []string{}
	require(r.Capacity != CapacityFile || len(r.Refused) == 0, "%d bookings were refused though the caps are those of the file", len(r.Refused))
	require(r.OversoldNights == 0, "%d night rows were oversold", r.OversoldNights)
	require(r.SumsEqual, "the sums of the store and of the refused are not those of the file")
	require(r.Plain.PeaksEqual, "the highest sold of some cells is not what the plain pass counts")
	require(r.Plain.RefusalsEqual, "the plain pass refuses other bookings")
	require(r.Breaks == 0, "the store does not reconcile: %d breaks", r.Breaks)
}
