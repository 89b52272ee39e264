package bench

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
	generated "github.com/vacancyhq/vacancy/world"
)

// The shape of the hotels that are searched (DESIGN 8): one currency, three room
// types under two plans, a year of nights.
const (
	searchNights    = 365
	searchRoomTypes = 3
	searchSeed      = 8
)

// mold is a generated hotel that many are made from.
type mold struct {
	store.Bundle
	left [searchRoomTypes][]int // rooms of each type, night by night
}

// moldsOf makes so many.
func moldsOf(today stay.Date, n int) ([]mold, error) {
	hotels, err := shapedHotels(today, n)
	if err != nil {
		return nil, err
	}
	molds := make([]mold, n)
	for i := range molds {
		molds[i] = newMold(hotels[i])
	}
	return molds, nil
}

// rates are the mold's at so many hundredths of its prices.
func (m *mold) rates(i, percent int) rate.Change {
	change := rate.Change{PropertyID: hotelID(i), Plans: slices.Clone(m.Rates.Plans), Calendars: slices.Clone(m.Rates.Calendars)}
	for n := range change.Plans {
		p := &change.Plans[n]
		p.ID, p.PropertyID, p.Cancellation = hotelPlan(i, n), hotelID(i), slices.Clone(p.Cancellation)
		if p.Derivation != nil {
			p.Derivation = new(*p.Derivation)
			p.Derivation.ParentID = hotelPlan(i, m.plan(p.Derivation.ParentID))
		}
	}
	for n := range change.Calendars {
		c := &change.Calendars[n]
		c.PropertyID, c.PlanID, c.Rules = hotelID(i), hotelPlan(i, m.plan(c.PlanID)), slices.Clone(c.Rules)
		if c.RoomTypeID != "" {
			c.RoomTypeID = hotelRoom(i, m.room(c.RoomTypeID))
		}
		c.Prices = times(c.Prices, percent)
	}
	return change
}

func (m *mold) plan(id string) int {
	return slices.IndexFunc(m.Rates.Plans, func(p rate.Plan) bool { return p.ID == id })
}

func (m *mold) room(id string) int {
	return slices.IndexFunc(m.Property.RoomTypes, func(r property.RoomType) bool { return r.ID == id })
}

// times is prices multiplied, in whole euros as the world makes them.
func times(prices []rate.Price, percent int) []rate.Price {
	by := func(r money.Rat) money.Rat {
		n, _ := r.Int64() // whole cents
		return money.RatOf(n*int64(percent)/10_000*100, 1)
	}
	all := slices.Clone(prices)
	for i := range all {
		p := &all[i]
		p.Base, p.Children = slices.Clone(p.Base), slices.Clone(p.Children)
		for n := range p.Base {
			p.Base[n].Amount = by(p.Base[n].Amount)
		}
		for n := range p.Children {
			p.Children[n].Amount = by(p.Children[n].Amount)
		}
		if p.ExtraAdult != nil {
			p.ExtraAdult = new(by(*p.ExtraAdult))
		}
	}
	return all
}

// Nights on which a room type is sold out come in runs, as stays do.
const (
	soldOutPercent = 30
	longestRun     = 6
)

func (m *mold) settings(i int, today stay.Date, d *rand.Rand) []inventory.Setting {
	all := make([]inventory.Setting, 0, searchRoomTypes*searchNights)
	for room, left := range m.left {
		counts := slices.Clone(left)
		for n := 0; n < len(counts); {
			run := min(1+d.IntN(longestRun), len(counts)-n)
			if d.IntN(100) < soldOutPercent {
				clear(counts[n : n+run])
			}
			n += run
		}
		key := inventory.Key{RoomTypeID: hotelRoom(i, room)}
		for n := range counts {
			key.Night = firstOpen(today).Add(n)
			all = append(all, inventory.Setting{Key: key, Stock: &counts[n]})
		}
	}
	return all
}

func newMold(b store.Bundle) mold {
	m := mold{Bundle: b}
	for n := range m.left {
		m.left[n] = make([]int, searchNights)
	}
	for _, s := range b.Inventory.Settings {
		free := *s.Stock
		if s.Blocked != nil {
			free = max(0, free-*s.Blocked)
		}
		m.left[m.room(s.RoomTypeID)][s.Night-b.Inventory.Settings[0].Night] = free
	}
	return m
}

// shapedHotels takes the first hotels of a generated world that fit the shape,
// ascending by id.
func shapedHotels(today stay.Date, n int) (hotels []store.Bundle, err error) {
	w, err := generated.New(generated.Options{
		Seed: searchSeed, Today: firstOpen(today), Properties: 20*n + 200, Nights: searchNights, TenantID: "ten_bench",
	})
	if err != nil {
		return nil, err
	}
	for i := 0; i < w.Len() && len(hotels) < n; i++ {
		if b := w.Bundle(i); shaped(&b) {
			hotels = append(hotels, b)
		}
	}
	if len(hotels) < n {
		return nil, errors.New("bench: too few hotels of the shape")
	}
	slices.SortFunc(hotels, func(a, b store.Bundle) int { return strings.Compare(a.Property.PropertyID, b.Property.PropertyID) })
	return hotels, nil
}

// shaped cuts a hotel down to three room types under the flexible plan and the
// one derived from it without a refund, without offers and supplements; false
// for one that has not so much, is not in euro, or adds a tax by percent.
func shaped(b *store.Bundle) bool {
	p := b.Property.Property
	if p.Currency != "EUR" || len(b.Property.RoomTypes) < searchRoomTypes || slices.ContainsFunc(p.Taxes, addsPercent) {
		return false
	}
	b.Property.RoomTypes = b.Property.RoomTypes[:searchRoomTypes]
	kept := map[string]bool{"": true}
	for _, r := range b.Property.RoomTypes {
		kept[r.ID] = true
	}
	b.Rates.Plans = slices.DeleteFunc(b.Rates.Plans, func(plan rate.Plan) bool { return plan.Code != "FLEX" && plan.Code != "NRF" })
	for i := range b.Rates.Plans {
		b.Rates.Plans[i].Offers, b.Rates.Plans[i].Supplements = nil, nil
	}
	b.Rates.Calendars = slices.DeleteFunc(b.Rates.Calendars, func(c rate.Calendar) bool { return !kept[c.RoomTypeID] })
	settings := b.Inventory.Settings[:0]
	for _, s := range b.Inventory.Settings {
		if kept[s.RoomTypeID] {
			settings = append(settings, s)
		}
	}
	b.Inventory.Settings = slices.Clip(settings)
	return len(b.Rates.Plans) == 2
}

func addsPercent(t property.Tax) bool { return t.Kind == property.TaxPercent && !t.Included }
