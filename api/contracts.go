package api

import (
	"context"
	"net/http"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// ContractRequest is a booking that the staff enter.
type ContractRequest struct {
	Stays        []ContractStay `json:"stays" minItems:"1" maxItems:"10" nullable:"false"`
	Guest        *ContractGuest `json:"guest,omitempty" doc:"May be left out"`
	TermsVersion string         `json:"terms_version,omitempty" maxLength:"200" doc:"When the guest accepted them"`
	CardToken    string         `json:"card_token,omitempty" maxLength:"500" doc:"From the payment provider's own field; never a card number"`
	Requests     string         `json:"special_requests,omitempty" maxLength:"2000"`
	Forced       bool           `json:"forced,omitempty" doc:"A channel has sold it already: take it beyond the cap and open an overbooking case"`
}

// ContractGuest is a guest as the desk knows them: a name is enough.
type ContractGuest struct {
	Name     string `json:"name" minLength:"1" maxLength:"200" pattern:"^[^<>]*$" patternDescription:"plain text without < or >"`
	Email    string `json:"email,omitempty" maxLength:"254"`
	Phone    string `json:"phone,omitempty" maxLength:"40"`
	Country  string `json:"country,omitempty" pattern:"^([A-Z]{2})?$" patternDescription:"a country code of two capital letters" doc:"ISO 3166-1"`
	Language string `json:"language,omitempty" maxLength:"35" pattern:"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$" patternDescription:"a language code such as en or pt-BR" doc:"BCP 47"`
}

// ContractStay is one room at an agreed price.
type ContractStay struct {
	RoomTypeID string   `json:"room_type_id" maxLength:"64"`
	PlanID     string   `json:"rate_plan_id,omitempty" maxLength:"64" doc:"Whose board and cancellation terms it takes"`
	Arrival    string   `json:"arrival" example:"2027-05-15"`
	Departure  string   `json:"departure" doc:"The same day for day use, which takes no room from the stock" example:"2027-05-17"`
	Party      Party    `json:"party"`
	Nights     []string `json:"night_prices" maxItems:"90" doc:"Agreed price of each night, taxes included, in the property's currency; of day use one" nullable:"false"`
	Adjustment string   `json:"adjustment,omitempty" doc:"Beside the price and posted on its own; below zero a rebate" example:"-10.00"`
	Reason     string   `json:"reason" minLength:"1" maxLength:"500" doc:"Why this price. Do not name people: it stays in the books"`
}

type contractInput struct {
	PropertyID string `path:"property_id" maxLength:"64"`
	Body       ContractRequest
}

func (d *door) contractRoutes() {
	write[contractInput, Booking](d, route{
		id: "enter-booking", method: http.MethodPost, path: "/v1/properties/{property_id}/bookings", tag: "Stay",
		status: http.StatusCreated, rule: house(account.WriteBookings), summary: "Enter a booking at agreed prices: phone, walk-in, channel",
		doc: "Restrictions of rate plans do not apply to it; the stock does, unless forced. It is paid at the property.",
	}, d.enterBooking)
}

func (d *door) enterBooking(ctx context.Context, c *call, in *contractInput) (answer, error) {
	req := in.Body
	p := booking.Purchase{TermsVersion: req.TermsVersion, CardToken: req.CardToken, Requests: req.Requests}
	if g := req.Guest; g != nil {
		p.Guest = guest.Guest{Name: g.Name, Email: g.Email, Phone: g.Phone, Country: g.Country, Language: g.Language}
	}
	if hasCardNumber(req.Requests) || hasCardNumber(req.CardToken) || hasCardNumber(p.Guest.Name) {
		return answer{}, errCardNumber
	}
	var stays []booking.Contract
	for _, s := range req.Stays {
		contract, err := s.contract(c.property.ID, c.property.Currency, req.Forced)
		if err != nil {
			return answer{}, err
		}
		stays = append(stays, contract)
	}
	cmd := c.booked(func(r booking.Result) (int, []byte) { return http.StatusCreated, encode(d.confirmation(r)) })
	a, err := given(d.Bookings.BookContract(ctx, cmd, stays, p))
	if err == nil {
		d.Meters.wrote("booking", a)
	}
	return a, err
}

func (s ContractStay) contract(propertyID string, currency money.Currency, forced bool) (booking.Contract, error) {
	c := booking.Contract{
		PropertyID: propertyID, RoomTypeID: s.RoomTypeID, PlanID: s.PlanID, Currency: currency, Forced: forced, Reason: s.Reason,
		Party: stay.Party{Adults: s.Party.Adults, ChildAges: s.Party.ChildAges},
	}
	var err error
	if c.Stay.Arrival, err = parseDate("body.stays.arrival", s.Arrival); err != nil {
		return c, err
	}
	if c.Stay.Departure, err = parseDate("body.stays.departure", s.Departure); err != nil {
		return c, err
	}
	c.DayUse = c.Stay.Arrival == c.Stay.Departure
	if c.Nights, err = agreedPrices("body.stays.night_prices", s.Nights, currency); err != nil {
		return c, err
	}
	if s.Adjustment != "" {
		c.Adjustment, err = wholeMinor("body.stays.adjustment", s.Adjustment, currency)
	}
	return c, err
}

func agreedPrices(location string, decimals []string, currency money.Currency) ([]int64, error) {
	var minor []int64
	for _, decimal := range decimals {
		n, err := wholeMinor(location, decimal, currency)
		if err != nil {
			return nil, err
		}
		minor = append(minor, n)
	}
	return minor, nil
}

// wholeMinor reads a decimal number that the currency can pay.
func wholeMinor(location, decimal string, currency money.Currency) (int64, error) {
	exact, err := signedMinorOf(location, decimal, currency)
	if err != nil {
		return 0, err
	}
	amount, err := exact.Round(currency)
	if err != nil || amount.Rat().Cmp(exact) != 0 {
		return 0, fault(location, "must have at most the digits of the property's currency")
	}
	return amount.Minor, nil
}
