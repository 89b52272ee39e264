package searchtest

import (
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
)

// House describes a small property of one or two room types for tests: a
// double at Price and a family room at twice of it, flexible, with breakfast at
// a quarter more, non-refundable at a tenth less, and secret at half with a code.
type House struct {
	ID, Name, City, Country, Zone string
	Local                         map[string]string
	Currency                      money.Currency
	Tenant, Kind                  string
	Stars                         int
	Amenities                     []string
	Lat, Lon                      float64
	Price                         int64 // minor units of a double for two, a night
	Doubles, Families             int
	Tax                           int64 // minor units for each person and night, at the property
}

// openNights is how many nights a House has on sale from today on.
const openNights = 60

// Bundle is the house with everything that makes it sellable from the day on.
func (h House) Bundle(today stay.Date) store.Bundle {
	p := property.Property{
		ID: h.ID, TenantID: h.Tenant, Name: h.Name, LocalNames: h.Local, Kind: h.Kind, Stars: h.Stars,
		Amenities: h.Amenities, Country: h.Country, City: h.City, Lat: h.Lat, Lon: h.Lon, Zone: h.Zone, Currency: h.Currency,
		CheckInFrom: 15 * 60, CheckOutUntil: 11 * 60,
	}
	if h.Tax > 0 {
		p.Taxes = []property.Tax{{
			Code: "city", Name: "City tax", Kind: property.TaxPerPersonNight, Amount: money.RatOf(h.Tax, 1), OnSite: true, ExemptBelow: 12,
		}}
	}
	b := store.Bundle{}
	b.Property = property.Change{PropertyID: h.ID, Property: &p, RoomTypes: h.types()}
	b.Rates = rate.Change{PropertyID: h.ID, Plans: h.plans(), Calendars: h.calendars(today)}
	b.Inventory.PropertyID = h.ID
	for _, r := range b.Property.RoomTypes {
		for n := range openNights {
			b.Inventory.Settings = append(b.Inventory.Settings, inventory.Setting{
				Key: inventory.Key{RoomTypeID: r.ID, Night: today.Add(n)}, Stock: new(r.Stock),
			})
		}
	}
	return b
}

// Double and Family are the ids of the house's room types.
func (h House) Double() string { return h.ID + "_double" }

// Family is the larger one.
func (h House) Family() string { return h.ID + "_family" }

func (h House) types() []property.RoomType {
	types := []property.RoomType{{
		ID: h.Double(), PropertyID: h.ID, Code: "DBL", Name: "Double", Stock: h.Doubles, MinGuests: 1, Standard: 2, MaxGuests: 2,
	}}
	if h.Families > 0 {
		types = append(types, property.RoomType{
			ID: h.Family(), PropertyID: h.ID, Code: "FAM", Name: "Family", Stock: h.Families, MinGuests: 1, Standard: 4, MaxGuests: 4,
		})
	}
	return types
}

func (h House) plans() []rate.Plan {
	plan := rate.Plan{
		PropertyID: h.ID, Version: 1, Currency: h.Currency, Basis: rate.PerRoom, NextHigher: true, FillWithKid: true, Board: rate.RoomOnly,
		Payment:      rate.PaymentTerm{Kind: rate.AtProperty},
		Cancellation: []rate.CancellationStep{{DaysBefore: 2, Until: 18 * 60, Percent: money.RatOf(100, 1)}},
	}
	derived := func(code string, factor int64) rate.Plan {
		d := plan
		d.ID, d.Code, d.Name, d.Derivation = h.ID+"_"+code, code, code, &rate.Derivation{ParentID: h.ID + "_flex", Factor: factor}
		return d
	}
	plan.ID, plan.Code, plan.Name = h.ID+"_flex", "flex", "flex"
	breakfast := derived("breakfast", 12_500)
	breakfast.Board = rate.BedAndBreakfast
	fixed := derived("fixed", 9_000)
	fixed.Cancellation = []rate.CancellationStep{{Always: true, Percent: money.RatOf(100, 1)}}
	secret := derived("secret", 5_000)
	secret.PromoCode = "MAY"
	return []rate.Plan{plan, breakfast, fixed, secret}
}

func (h House) calendars(today stay.Date) []rate.Calendar {
	var all []rate.Calendar
	for _, r := range h.types() {
		price := h.Price
		if r.ID == h.Family() {
			price *= 2
		}
		c := rate.Calendar{PropertyID: h.ID, PlanID: h.ID + "_flex", RoomTypeID: r.ID, Version: 1}
		c.Prices = []rate.Price{{
			Span: rate.Span{From: today, Through: today.Add(inventory.Horizon), Days: stay.EveryDay},
			Base: []rate.Base{{Guests: r.Standard, Amount: money.RatOf(price, 1)}},
		}}
		all = append(all, c)
	}
	return all
}
