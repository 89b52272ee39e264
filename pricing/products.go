package pricing

import (
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
)

// Products puts together every room type × rate plan of a property that is
// open for sale: a plan is sold for the room types that it, or the plan that it
// derives from, has a calendar for.
func Products(types []property.RoomType, plans []rate.Plan, calendars []rate.Calendar, taxes []property.Tax) []Product {
	a := assembled(plans, calendars, taxes)
	var products []Product
	for _, t := range types {
		if t.Closed {
			continue
		}
		for _, p := range plans {
			if product, ok := a.product(t, p, 0); ok && !p.Closed {
				products = append(products, *product)
			}
		}
	}
	return products
}

// ProductOf puts one product together, whether or not it is open for sale.
func ProductOf(roomTypeID, planID string, types []property.RoomType, plans []rate.Plan, calendars []rate.Calendar, taxes []property.Tax) (Product, bool) {
	a := assembled(plans, calendars, taxes)
	for _, t := range types {
		if plan, ok := a.plans[planID]; ok && t.ID == roomTypeID {
			product, ok := a.product(t, plan, 0)
			if !ok {
				return Product{}, false
			}
			return *product, true
		}
	}
	return Product{}, false
}

type assembly struct {
	plans     map[string]rate.Plan
	calendars map[[2]string]rate.Calendar
	taxes     []property.Tax
}

func assembled(plans []rate.Plan, calendars []rate.Calendar, taxes []property.Tax) assembly {
	a := assembly{plans: make(map[string]rate.Plan), calendars: make(map[[2]string]rate.Calendar), taxes: taxes}
	for _, p := range plans {
		a.plans[p.ID] = p
	}
	for _, c := range calendars {
		a.calendars[[2]string{c.PlanID, c.RoomTypeID}] = c
	}
	return a
}

func (a assembly) product(t property.RoomType, p rate.Plan, depth int) (*Product, bool) {
	calendar, priced := a.calendars[[2]string{p.ID, t.ID}]
	product := &Product{RoomType: t, Plan: p, Calendar: calendar, House: a.calendars[[2]string{p.ID, ""}], Taxes: a.taxes}
	if p.Derivation == nil {
		return product, priced
	}
	parent, ok := a.plans[p.Derivation.ParentID]
	if !ok || depth == rate.MaxDerivations {
		return nil, false
	}
	product.Parent, ok = a.product(t, parent, depth+1)
	return product, ok
}
