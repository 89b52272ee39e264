package bench

import (
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
)

// hotelRow is hotel i as PostgreSQL searches it.
func hotelRow(i int, t *town, p *property.Property) []any {
	tax, nights := int64(0), 0
	for _, t := range p.Taxes {
		if t.Kind == property.TaxPerPersonNight {
			amount, _ := t.Amount.Round(p.Currency) // whole cents; otherwise totals would differ, and that is found
			tax, nights = amount.Minor, t.MaxNights
			if nights == 0 {
				nights = stay.MaxNights
			}
		}
	}
	return []any{i, t.id, countryID(t.country), p.Stars, p.Kind, p.Amenities, tax, nights}
}

// nightRows is a row for each product and day that a query may touch.
func nightRows(i int, b *store.Bundle, today stay.Date) (rows [][]any, err error) {
	free := make(map[inventory.Key]int)
	for _, s := range b.Inventory.Settings {
		n := inventory.Night{Cap: *s.Stock}
		if s.Blocked != nil {
			n.Blocked = min(*s.Blocked, n.Cap)
		}
		free[s.Key] = n.Free()
	}
	rules := fold(b.Rates.Calendars)
	products := pricing.Products(b.Property.RoomTypes, b.Rates.Plans, b.Rates.Calendars, nil)
	for at := range products {
		p := &products[at]
		prices := priceList{product: p, today: today}
		for day := today; day <= today.Add(latestArrival+longestStay); day++ {
			rule := rules[day]
			price, err := prices.on(day)
			if err != nil {
				return nil, err
			}
			if rule.closed {
				price = nil
			}
			left := free[inventory.Key{RoomTypeID: p.RoomType.ID, Night: day}]
			rows = append(rows, []any{i, int(day), at, left, price, rule.least, !rule.noArrival, !rule.noDeparture})
		}
	}
	return rows, nil
}

// priceList is what the nights of a product cost two adults. Many nights have
// one price.
type priceList struct {
	product *pricing.Product
	today   stay.Date
	known   map[*rate.Price]*int64
}

// on is a night in ten-thousandths of a cent; nil when it has no price. The
// parent's price of a night is in whole cents.
func (l *priceList) on(day stay.Date) (*int64, error) {
	factor, root := int64(10_000), *l.product
	if root.Parent != nil {
		factor, root = root.Plan.Derivation.Factor, *root.Parent
	}
	of := root.Calendar.PriceOn(day, 1)
	if cost, known := l.known[of]; known || of == nil {
		return cost, nil
	}
	root.House.Rules, root.Calendar.Rules = nil, nil
	request := pricing.Request{Stay: stay.Stay{Arrival: day, Departure: day.Add(1)}, Party: stay.Party{Adults: 2}, BookedOn: l.today}
	total, refused, err := pricing.Total(&root, &request)
	if err != nil {
		return nil, err
	}
	if l.known == nil {
		l.known = make(map[*rate.Price]*int64)
	}
	if l.known[of] = nil; refused == "" {
		l.known[of] = new(total.Minor * factor)
	}
	return l.known[of], nil
}

// bound is what a house's rules say of a day.
type bound struct {
	closed, noArrival, noDeparture bool
	least                          int
}

func fold(calendars []rate.Calendar) map[stay.Date]bound {
	days := make(map[stay.Date]bound)
	for _, c := range calendars {
		for _, r := range c.Rules {
			for day := r.From; day <= r.Through; day++ {
				if r.Days.Has(day.Weekday()) {
					days[day] = days[day].and(r, day)
				}
			}
		}
	}
	return days
}

func (b bound) and(r rate.Rule, day stay.Date) bound {
	b.closed = b.closed || r.Closed
	b.noArrival = b.noArrival || r.ClosedToArrival || r.ArrivalDays != nil && !r.ArrivalDays.Has(day.Weekday())
	b.noDeparture = b.noDeparture || r.ClosedToDeparture
	if r.MinStayArrival != nil {
		b.least = max(b.least, *r.MinStayArrival)
	}
	return b
}
