package replay

import (
	"strings"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/stay"
)

// reason is why the price is what it is.
const reason = "imported"

// Ages that children and babies are entered with: the file does not tell them.
const (
	childAge = 8
	babyAge  = 1
)

// contract is what the row agreed on: the file's price for each night, whatever
// a rate plan would say.
func (h *hotel) contract(r *Row) booking.Contract {
	c := booking.Contract{
		PropertyID: h.id, RoomTypeID: h.roomType(r.Reserved), PlanID: h.planID,
		Stay:  stay.Stay{Arrival: r.Arrival, Departure: r.Departure()},
		Party: r.party(), Currency: currency, Reason: reason, DayUse: r.Nights == 0,
	}
	price := r.Price
	if price < 0 { // a price is never below zero; what the hotel gave is an adjustment
		price, c.Adjustment = 0, r.Total()
	}
	for range r.Nights {
		c.Nights = append(c.Nights, price)
	}
	return c
}

func (r *Row) party() stay.Party {
	p := stay.Party{Adults: max(1, r.Adults)}
	for range r.Children {
		p.ChildAges = append(p.ChildAges, childAge)
	}
	for range r.Babies {
		p.ChildAges = append(p.ChildAges, babyAge)
	}
	return p
}

// purchase is who booked, as far as the file tells: nobody has a name in it.
func (r *Row) purchase() booking.Purchase {
	var marks []string
	if r.Adults == 0 {
		marks = append(marks, "one adult assumed: the source names none")
	}
	if r.Price < 0 {
		marks = append(marks, "the source's price is below zero")
	}
	return booking.Purchase{
		Guest:    guest.Guest{Name: "Guest of an imported booking"},
		Requests: strings.Join(marks, "; "),
	}
}
