package snapshot

import (
	"maps"
	"slices"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// The fields of the nouns, one line each. TestEveryField fails when a noun has
// one that is not here.

func (c *codec) facts(f *search.Facts) {
	c.property(&f.Property)
	list(c, &f.RoomTypes, (*codec).roomType)
	list(c, &f.Plans, (*codec).plan)
	list(c, &f.Calendars, (*codec).calendar)
	c.rating(&f.Rating)
}

func (c *codec) rating(r *review.Summary) {
	whole(c, &r.Count)
	whole(c, &r.Tenths)
}

func (c *codec) property(p *property.Property) {
	text(c, &p.ID)
	text(c, &p.TenantID)
	whole(c, &p.Version)
	flag(c, &p.Closed)
	text(c, &p.Name)
	c.names(&p.LocalNames)
	text(c, &p.Kind)
	text(c, &p.Description)
	whole(c, &p.Stars)
	list(c, &p.Amenities, text[string])
	text(c, &p.Country)
	text(c, &p.City)
	text(c, &p.Address)
	text(c, &p.Postcode)
	float(c, &p.Lat)
	float(c, &p.Lon)
	text(c, &p.Zone)
	text(c, &p.Currency)
	whole(c, &p.CheckInFrom)
	whole(c, &p.CheckOutUntil)
	list(c, &p.Taxes, (*codec).tax)
	text(c, &p.TermsVersion)
	whole(c, &p.Horizon)
	text(c, &p.Source.ID)
	text(c, &p.Source.Name)
	text(c, &p.Source.Licence)
	text(c, &p.Source.Digest)
	list(c, &p.Generated, text[string])
}

// names are written in the order of their keys, so that the same facts are the
// same bytes.
func (c *codec) names(p *map[string]string) {
	keys := slices.Sorted(maps.Keys(*p))
	if len(keys) == 0 && *p != nil {
		keys = []string{}
	}
	list(c, &keys, text[string])
	if c.reading && keys != nil {
		*p = make(map[string]string, len(keys))
	}
	for _, key := range keys {
		value := (*p)[key]
		text(c, &value)
		if c.reading {
			(*p)[key] = value
		}
	}
}

func (c *codec) tax(t *property.Tax) {
	text(c, &t.Code)
	text(c, &t.Name)
	text(c, &t.Kind)
	number(c, &t.Percent)
	number(c, &t.Amount)
	flag(c, &t.Included)
	flag(c, &t.OnSite)
	whole(c, &t.ExemptBelow)
	whole(c, &t.MaxNights)
	maybe(c, &t.From, whole[stay.Date])
	maybe(c, &t.Through, whole[stay.Date])
}

func (c *codec) roomType(t *property.RoomType) {
	text(c, &t.ID)
	text(c, &t.PropertyID)
	whole(c, &t.Version)
	text(c, &t.Code)
	text(c, &t.Name)
	text(c, &t.Description)
	flag(c, &t.Closed)
	whole(c, &t.Stock)
	whole(c, &t.MinGuests)
	whole(c, &t.Standard)
	whole(c, &t.MaxGuests)
	maybe(c, &t.MaxChildren, whole[int])
}

func (c *codec) plan(p *rate.Plan) {
	text(c, &p.ID)
	text(c, &p.PropertyID)
	text(c, &p.Code)
	text(c, &p.Name)
	whole(c, &p.Version)
	text(c, &p.Currency)
	flag(c, &p.Closed)
	text(c, &p.PromoCode)
	text(c, &p.Board)
	text(c, &p.Basis)
	whole(c, &p.UnitNights)
	flag(c, &p.NextHigher)
	flag(c, &p.FillWithKid)
	flag(c, &p.RoundNights)
	c.bounds(&p.Ages.AdultFrom, &p.Ages.ChildFrom, &p.Ages.ChildBelow)
	flag(c, &p.Ages.NoKids)
	c.bounds(&p.Guests.MinAdults, &p.Guests.MaxAdults, &p.Guests.MinChildren, &p.Guests.MaxChildren)
	c.bounds(&p.Conditions.MinStay, &p.Conditions.MaxStay, &p.Conditions.MinAdvance, &p.Conditions.MaxAdvance)
	c.days(&p.Conditions.ArrivalDays, &p.Conditions.DepartureDays)
	maybe(c, &p.Derivation, (*codec).derivation)
	list(c, &p.Offers, (*codec).offer)
	list(c, &p.Supplements, (*codec).supplement)
	list(c, &p.Cancellation, (*codec).cancellation)
	text(c, &p.Payment.Kind)
	number(c, &p.Payment.DepositPercent)
	c.bounds(&p.Payment.RestDaysBefore)
}

func (c *codec) derivation(d *rate.Derivation) {
	text(c, &d.ParentID)
	whole(c, &d.Factor)
	number(c, &d.Amount)
}

func (c *codec) offer(o *rate.Offer) {
	text(c, &o.Kind)
	text(c, &o.Code)
	text(c, &o.Name)
	whole(c, &o.NightsRequired)
	whole(c, &o.NightsFree)
	flag(c, &o.Repeating)
	whole(c, &o.ChildBelow)
	whole(c, &o.MinChildren)
	whole(c, &o.MaxFree)
	number(c, &o.OffPercent)
	c.bounds(&o.MinStay, &o.MaxStay, &o.MinAdvance, &o.MaxAdvance)
	text(c, &o.PromoCode)
	maybe(c, &o.From, whole[stay.Date])
	maybe(c, &o.Through, whole[stay.Date])
}

func (c *codec) supplement(s *rate.Supplement) {
	text(c, &s.Code)
	text(c, &s.Name)
	flag(c, &s.Mandatory)
	text(c, &s.Rhythm)
	whole(c, &s.Days)
	list(c, &s.Amounts, (*codec).supplementAmount)
}

func (c *codec) supplementAmount(a *rate.SupplementAmount) {
	whole(c, &a.From)
	whole(c, &a.Through)
	text(c, &a.RoomTypeID)
	number(c, &a.Amount)
}

func (c *codec) cancellation(s *rate.CancellationStep) {
	whole(c, &s.DaysBefore)
	whole(c, &s.Until)
	flag(c, &s.Always)
	number(c, &s.Percent)
	whole(c, &s.Nights)
	number(c, &s.Amount)
}

func (c *codec) bounds(all ...**int) {
	for _, p := range all {
		maybe(c, p, whole[int])
	}
}

func (c *codec) days(all ...**stay.Weekdays) {
	for _, p := range all {
		maybe(c, p, whole[stay.Weekdays])
	}
}
