package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// BookingRequest books a hold, or offers directly.
type BookingRequest struct {
	HoldID       string   `json:"hold_id,omitempty" maxLength:"64" doc:"Either a hold"`
	Offers       []string `json:"offers,omitempty" maxItems:"10" doc:"or tokens of offers" nullable:"false"`
	Guest        Guest    `json:"guest"`
	TermsVersion string   `json:"terms_version" maxLength:"200" doc:"Of the house's terms that the guest has accepted: terms_version of the property"`
	CardToken    string   `json:"card_token,omitempty" maxLength:"500" doc:"From the payment provider's own field, for offers with payment card_guarantee, and for those with pay_now or deposit instead of the provider's page; never a card number"`
	ReturnURL    string   `json:"return_url,omitempty" maxLength:"500" doc:"Where the guest goes after the provider's page; http or https. What they did there is read from the provider, never from their coming back"`
	Requests     string   `json:"special_requests,omitempty" maxLength:"2000" doc:"What the guest wants the house to know"`
}

// Guest is the person who answers for the booking.
type Guest struct {
	Name     string `json:"name" minLength:"1" maxLength:"200" pattern:"^[^<>]*$"`
	Email    string `json:"email" minLength:"3" maxLength:"254"`
	Phone    string `json:"phone,omitempty" maxLength:"40"`
	Country  string `json:"country,omitempty" pattern:"^([A-Z]{2})?$" doc:"ISO 3166-1"`
	Language string `json:"language,omitempty" maxLength:"35" pattern:"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$" doc:"BCP 47"`
}

// Booking is room stays that are sold.
type Booking struct {
	ID          string `json:"id"`
	Code        string `json:"confirmation_code,omitempty" doc:"What the guest gives at the desk, and with the e-mail address to look the booking up"`
	PropertyID  string `json:"property_id"`
	State       string `json:"state" example:"confirmed"`
	Version     int64  `json:"version"`
	Total       Money  `json:"total"`
	Stays       []Stay `json:"stays" nullable:"false"`
	Guest       *Guest `json:"guest,omitempty"`
	Requests    string `json:"special_requests,omitempty"`
	Terms       string `json:"terms_version,omitempty" doc:"That the guest accepted"`
	CreatedAt   string `json:"created_at"`
	CancelledAt string `json:"cancelled_at,omitempty"`

	Payment     *Progress `json:"payment,omitempty" doc:"Of what is paid through a provider"`
	Fee         *Money    `json:"cancellation_fee,omitempty" doc:"Of all stays, once cancelled"`
	ManageToken string    `json:"manage_token,omitempty" doc:"Shown once: whoever has it may see and cancel the booking, as Authorization: Bearer"`
	ManageURL   string    `json:"manage_url,omitempty" doc:"The guest's link, with the token"`
}

type bookingInput struct{ Body BookingRequest }

type bookingPath struct {
	BookingID string `path:"booking_id" maxLength:"64"`
}

func (d *door) bookingRoutes() {
	write[bookingInput, Booking](d, route{
		id: "create-booking", method: http.MethodPost, path: "/v1/bookings", tag: "Booking", status: http.StatusCreated,
		rule: caller(account.WriteBookings), summary: "Book a hold, or offers directly", pending: true,
		doc: "Offers with payment pay_now or deposit are confirmed when the money is held. Send the guest to payment.url of a 202, or " +
			"bring a card_token. A repeated request is answered with the booking as it is by then.",
	}, d.createBooking)
	read(d, route{
		id: "get-booking", method: http.MethodGet, path: "/v1/bookings/{booking_id}", tag: "Booking",
		rule: party(account.ReadBookings), summary: "A booking",
	}, func(ctx context.Context, c *call, _ *bookingPath) (Booking, error) {
		return d.bookingOf(ctx, c, c.booking)
	})
	read(d, route{
		id: "get-cancellation", method: http.MethodGet, path: "/v1/bookings/{booking_id}/cancellation", tag: "Booking",
		rule: party(account.ReadBookings), summary: "What cancelling now would cost, and until when it costs less",
		doc: "Nothing is changed.",
	}, d.cancellation)
	write[bookingPath, Booking](d, route{
		id: "cancel-booking", method: http.MethodPost, path: "/v1/bookings/{booking_id}/cancel", tag: "Booking", expects: true,
		rule: party(account.WriteBookings), summary: "Cancel every stay of a booking, at the fee of its terms",
	}, d.cancel)
	d.bookingListRoutes()
	d.contractRoutes()
	d.stayRoutes()
	d.changeRoutes()
	d.recordRoutes()
}

func (d *door) createBooking(ctx context.Context, c *call, in *bookingInput) (answer, error) {
	req := in.Body
	if !goodReturn(req.ReturnURL) {
		return answer{}, fault("body.return_url", "must be an absolute http or https address")
	}
	if hasCardNumber(req.Requests) || hasCardNumber(req.CardToken) || hasCardNumber(req.Guest.Name) {
		return answer{}, errCardNumber
	}
	purchase := booking.Purchase{
		Offers: req.Offers, TermsVersion: req.TermsVersion, CardToken: req.CardToken, Requests: req.Requests,
		ReturnURL: req.ReturnURL,
		Guest: guest.Guest{
			Name: req.Guest.Name, Email: req.Guest.Email, Phone: req.Guest.Phone,
			Country: req.Guest.Country, Language: req.Guest.Language,
		},
	}
	cmd := c.booked(func(r booking.Result) (int, []byte) { return statusOf(r.Booking), encode(d.confirmation(r)) })
	var a answer
	var err error
	switch {
	case (req.HoldID == "") == (len(req.Offers) == 0):
		return answer{}, fault("body", "must have hold_id or offers, and not both")
	case req.HoldID != "":
		hold, findErr := d.Bookings.Booking(ctx, req.HoldID)
		if findErr != nil {
			return answer{}, findErr
		}
		if hold.Caller != c.Caller {
			return answer{}, errNotFound
		}
		a, err = given(d.Bookings.BookHold(ctx, cmd, hold, purchase))
	default:
		a, err = given(d.Bookings.BookOffers(ctx, cmd, purchase))
	}
	if err != nil {
		return answer{}, err
	}
	d.Meters.wrote("booking", a)
	if a.status == http.StatusAccepted {
		return d.followed(ctx, a)
	}
	return a, nil
}

// confirmation is a booking with what only its maker sees, once.
func (d *door) confirmation(r booking.Result) Booking {
	wire := bookingWire(r.Booking)
	wire.Guest = guestOf(r.Guest)
	wire.ManageToken = r.ManageToken
	if d.BaseURL != "" {
		wire.ManageURL = strings.TrimSuffix(d.BaseURL, "/") + "/bookings/" + r.ManageToken
	}
	return wire
}

// bookingOf is a booking with its guest, as whoever may see it sees it.
func (d *door) bookingOf(ctx context.Context, c *call, b booking.Booking) (Booking, error) {
	person, err := d.Bookings.Guest(ctx, b)
	if err != nil {
		return Booking{}, err
	}
	books, err := d.Bookings.Payments(ctx, b)
	if err != nil {
		return Booking{}, err
	}
	c.etag = etag(b.Version)
	wire := bookingWire(b)
	wire.Guest, wire.Payment = guestOf(person), paymentOf(b, books)
	return wire, nil
}

func bookingWire(b booking.Booking) Booking {
	wire := Booking{
		ID: b.ID, Code: b.Code, PropertyID: b.PropertyID, State: string(b.State()), Version: b.Version,
		Total: moneyOf(totalOf(b)), Stays: staysOf(b), Requests: b.Requests, Terms: b.Accepted.Version,
		CreatedAt: stamp(b.CreatedAt), CancelledAt: stamp(b.CancelledAt),
	}
	if !b.CancelledAt.IsZero() {
		fee := money.Zero(b.Stays[0].Terms.Currency)
		for _, s := range b.Stays {
			fee.Minor += s.Fee
		}
		sum := moneyOf(fee)
		wire.Fee = &sum
	}
	return wire
}

func guestOf(g *guest.Guest) *Guest {
	if g == nil {
		return nil
	}
	return &Guest{Name: g.Name, Email: g.Email, Phone: g.Phone, Country: g.Country, Language: g.Language}
}

func staysOf(b booking.Booking) []Stay {
	stays := make([]Stay, len(b.Stays))
	for i, s := range b.Stays {
		stays[i] = Stay{
			ID: s.ID, State: string(s.State), Terms: termsOf(s.Terms), MovedTo: s.RoomTypeID,
			CheckedInAt: stamp(s.CheckedInAt), EndedAt: stamp(s.EndedAt),
		}
		if s.Terms.Removed != 0 {
			fee := moneyOf(money.Of(s.Terms.Removed, s.Terms.Currency))
			stays[i].Removed = &fee
		}
		if s.State == booking.Cancelled || s.State == booking.NoShow {
			fee := moneyOf(money.Of(s.Fee, s.Terms.Currency))
			stays[i].Fee = &fee
		}
	}
	return stays
}

// totalOf sums the stays, which share one currency.
func totalOf(b booking.Booking) money.Amount {
	sum := money.Zero(b.Stays[0].Terms.Currency)
	for _, s := range b.Stays {
		sum.Minor += s.Terms.Total
	}
	return sum
}

// Cancellation is what leaving costs.
type Cancellation struct {
	BookingID string      `json:"booking_id"`
	State     string      `json:"state"`
	Possible  bool        `json:"possible" doc:"Whether it can be cancelled in its present state"`
	Fee       Money       `json:"fee" doc:"Of cancelling now, all stays together"`
	FreeUntil *Moment     `json:"free_until,omitempty" doc:"Cancelling before then costs nothing; absent when that time has passed or never was, or when it is always free"`
	Stays     []StayLeave `json:"stays" nullable:"false"`
}

// StayLeave is what leaving one stay costs.
type StayLeave struct {
	StayID string  `json:"stay_id"`
	Fee    Money   `json:"fee"`
	Stages []Stage `json:"cancellation" doc:"Fees in the order of time; before the first, cancelling is free" nullable:"false"`
}

func (d *door) cancellation(ctx context.Context, c *call, _ *bookingPath) (Cancellation, error) {
	b := c.booking
	fees, err := d.Bookings.CancelFees(ctx, b)
	if err != nil {
		return Cancellation{}, err
	}
	house, err := d.Properties.Property(ctx, b.PropertyID)
	if err != nil {
		return Cancellation{}, err
	}
	zone, err := stay.Zone(house.Zone)
	if err != nil {
		return Cancellation{}, err
	}
	c.etag = etag(b.Version)
	out := Cancellation{BookingID: b.ID, State: string(b.State()), Possible: b.State() == booking.Confirmed, Stays: []StayLeave{}}
	sum := money.Zero(b.Stays[0].Terms.Currency)
	for i, s := range b.Stays {
		sum.Minor += fees[i].Amount.Minor
		stages, err := stagesOf(s.Terms, zone)
		if err != nil {
			return Cancellation{}, err
		}
		out.Stays = append(out.Stays, StayLeave{StayID: s.ID, Fee: moneyOf(fees[i].Amount), Stages: stages})
	}
	out.Fee = moneyOf(sum)
	if sum.Minor == 0 {
		out.FreeUntil = momentOf(freeUntil(b, zone), zone)
	}
	return out, nil
}

// freeUntil is the first deadline of any stay; the zero time when there is none.
func freeUntil(b booking.Booking, zone *time.Location) time.Time {
	var first time.Time
	for _, s := range b.Stays {
		for _, step := range s.Terms.Cancellation {
			if at := step.Deadline(s.Terms.Stay.Arrival, zone); first.IsZero() || at.Before(first) {
				first = at
			}
		}
	}
	return first
}

func (d *door) cancel(ctx context.Context, c *call, _ *bookingPath) (answer, error) {
	expect, err := c.expected()
	if err != nil {
		return answer{}, err
	}
	cmd := c.booked(func(r booking.Result) (int, []byte) { return http.StatusOK, encode(bookingWire(r.Booking)) })
	a, err := given(d.Bookings.Cancel(ctx, cmd, c.booking, expect))
	if err == nil {
		d.Meters.wrote("cancellation", a)
	}
	return a, err
}

// hasCardNumber finds what looks like a card number: 13 to 19 digits, alone or
// in groups, with a right check digit (Luhn) and the first digit of a card
// scheme. It is refused before anything keeps it (Property 67).
func hasCardNumber(text string) bool {
	var digits []byte
	flush := func() bool {
		found := len(digits) >= 13 && len(digits) <= 19 && strings.IndexByte("23456", digits[0]) >= 0 && luhn(digits)
		digits = digits[:0]
		return found
	}
	for _, c := range []byte(text) {
		switch {
		case '0' <= c && c <= '9':
			digits = append(digits, c)
		case c == ' ' || c == '-':
		default:
			if flush() {
				return true
			}
		}
	}
	return flush()
}

func luhn(digits []byte) bool {
	sum := 0
	for i := range digits {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}
