package web

import (
	"net/http"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

type invoiceView struct {
	bookingView
	Address []string
	Today   string
	Sums    []choice // what was paid and what is open
}

// invoice is what the booking costs and what was paid of it, on a sheet.
func (s *site) invoice(w http.ResponseWriter, r *http.Request) error {
	view, err := s.managed(w, r)
	if err != nil {
		return err
	}
	zone, err := zoneOf(view.House)
	if err != nil {
		return err
	}
	account, err := s.Bookings.Account(r.Context(), view.Booking)
	if err != nil {
		return err
	}
	v := s.voice(r)
	sheet := invoiceView{bookingView: view, Today: v.Day(stay.On(s.Now(), zone))}
	sheet.Address = []string{view.House.Address, view.House.Postcode + " " + view.House.City, v.Country(view.House.Country)}
	add := func(key string, a money.Amount) {
		if !a.IsZero() {
			sheet.Sums = append(sheet.Sums, choice{Label: v.Say(key), Value: v.Money(a)})
		}
	}
	if view.Cancelled {
		add("invoice.fee", view.Fee)
	}
	add("invoice.charged", account.Charged)
	add("invoice.paid", account.Received)
	add("invoice.open", account.Open)
	return s.render(w, r, http.StatusOK, "invoice", v.Say("invoice.title"), sheet)
}
