package memindex

import (
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// charge is a mandatory supplement's amounts for one room type.
type charge struct {
	rhythm  rate.Rhythm
	days    stay.Weekdays
	always  bool // the one amount is for every night
	amounts []dated
}

type dated struct {
	from, through stay.Date
	amount        int64
}

// charges is the mandatory supplements that the room type can be charged.
func (c *compiler) charges(p *pricing.Product) (all []charge, ok bool) {
	for i := range p.Plan.Supplements {
		s := &p.Plan.Supplements[i]
		if !s.Mandatory {
			continue
		}
		made := charge{rhythm: s.Rhythm, days: s.Days}
		for _, a := range s.Amounts {
			if a.RoomTypeID != "" && a.RoomTypeID != p.RoomType.ID {
				continue
			}
			n := minor(a.Amount)
			if n == notMinor {
				return nil, false
			}
			made.amounts = append(made.amounts, dated{a.From, a.Through, n})
		}
		if len(made.amounts) > 0 {
			only := made.amounts[0]
			made.always = len(made.amounts) == 1 && s.Days == stay.EveryDay && only.from <= c.base && only.through >= c.base.Add(c.house.nights)
			all = append(all, made)
		}
	}
	return all, true
}

// beside is the mandatory supplements: an amount, and one to be shared by the nights.
func (v *visit) beside(charges []charge, s split) (amount, shared int64) {
	for i := range charges {
		c := &charges[i]
		sum := c.over(v.nights)
		switch c.rhythm {
		case rate.EachStay:
			shared += sum
		case rate.EachPerson:
			shared += sum * v.persons(s)
		case rate.EachPersonNight:
			amount += sum * v.persons(s)
		default:
			amount += sum
		}
	}
	return amount, shared
}

// over is the sum of the amounts of a stay's nights, or the first night's of a
// charge that is made once.
func (c *charge) over(s stay.Stay) (sum int64) {
	switch {
	case c.always && c.rhythm == rate.Once:
		return c.amounts[0].amount
	case c.always:
		return c.amounts[0].amount * int64(s.Nights())
	}
	for night := s.Arrival; night < s.Departure; night++ {
		amount, any := c.on(night)
		sum += amount
		if any && c.rhythm == rate.Once {
			break
		}
	}
	return sum
}

// on is the sum of the amounts that cover a night, and whether any does.
func (c *charge) on(night stay.Date) (sum int64, any bool) {
	for _, a := range c.amounts {
		if c.days.Has(night.Weekday()) && a.from <= night && night <= a.through {
			sum, any = sum+a.amount, true
		}
	}
	return sum, any
}
