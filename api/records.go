package api

import (
	"context"
	"net/http"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/money"
)

// Payment is money that changed hands at the desk.
type Payment struct {
	Method    string `json:"method" enum:"cash,card,transfer" doc:"card: by the house's own terminal; a card number has no place here"`
	Amount    string `json:"amount" doc:"In the booking's currency" example:"120.00"`
	Reference string `json:"reference,omitempty" maxLength:"500" doc:"Of the till, the terminal or the bank. Do not name people: it stays in the books"`
}

// BookingAccount is what a booking owes and what was paid.
type BookingAccount struct {
	Charged  Money `json:"charged"`
	Received Money `json:"received" doc:"Less what was paid back"`
	Open     Money `json:"open" doc:"Below zero: to be paid back"`
}

// Timeline is everything that happened to a booking.
type Timeline struct {
	BookingID string          `json:"booking_id"`
	Entries   []TimelineEntry `json:"entries" doc:"Oldest first" nullable:"false"`
}

// TimelineEntry is one thing that happened.
type TimelineEntry struct {
	At      string `json:"at"`
	Version int64  `json:"version" doc:"Of the booking after it"`
	Kind    string `json:"kind" example:"checked_in"`
	By      string `json:"by,omitempty" doc:"The caller; absent: the platform"`
	State   string `json:"state"`
	Reason  string `json:"reason,omitempty"`
	Note    string `json:"note,omitempty"`
	Paid    *Money `json:"paid,omitempty" doc:"Below zero: paid back"`
	Method  string `json:"method,omitempty"`
}

// Dossier is all that the house holds about a booking and its guest.
type Dossier struct {
	Booking  Booking         `json:"booking"`
	Notes    []NoteOf        `json:"notes" nullable:"false"`
	Postings []PostingOf     `json:"postings" nullable:"false"`
	Entries  []TimelineEntry `json:"timeline" nullable:"false"`
	Review   *Review         `json:"review,omitempty"`
}

// NoteOf is a note of the staff.
type NoteOf struct {
	At   string `json:"at"`
	By   string `json:"by"`
	Text string `json:"text"`
}

// PostingOf is one posting of the ledger; its entries sum to zero.
type PostingOf struct {
	At      string    `json:"at"`
	Kind    string    `json:"kind"`
	Reason  string    `json:"reason,omitempty"`
	Entries []EntryOf `json:"entries" nullable:"false"`
}

// EntryOf is one line of a posting.
type EntryOf struct {
	Account string `json:"account"`
	StayID  string `json:"stay_id,omitempty"`
	Amount  Money  `json:"amount" doc:"Above zero: a debit"`
}

type paymentInput struct {
	BookingID string `path:"booking_id" maxLength:"64"`
	Body      Payment
}

func (d *door) recordRoutes() {
	at := "/v1/bookings/{booking_id}/"
	for _, r := range []struct {
		path, id, summary string
		verb              func(context.Context, booking.Command, booking.Booking, int64, booking.Receipt) (booking.Answer, error)
	}{
		{"payments", "receive-payment", "Money received at the desk, at most what is open", d.Bookings.Receive},
		{"paybacks", "pay-back", "Money given back at the desk, at most what was received", d.Bookings.PayBack},
	} {
		write[paymentInput, Booking](d, route{
			id: r.id, method: http.MethodPost, path: at + r.path, tag: "Stay", expects: true,
			rule: desk(account.WriteBookings), summary: r.summary,
		}, func(ctx context.Context, c *call, in *paymentInput) (answer, error) {
			receipt, err := in.Body.receipt(c.booking)
			if err != nil {
				return answer{}, err
			}
			return d.onBooking(c, func(cmd booking.Command, expect int64) (booking.Answer, error) {
				return r.verb(ctx, cmd, c.booking, expect, receipt)
			})
		})
	}
	read(d, route{
		id: "get-account", method: http.MethodGet, path: at + "account", tag: "Stay",
		rule: party(account.ReadBookings), summary: "What the booking owes and what was paid",
	}, d.account)
	read(d, route{
		id: "get-timeline", method: http.MethodGet, path: at + "timeline", tag: "Stay",
		rule: desk(account.ReadBookings), summary: "Everything that happened to the booking",
	}, d.timeline)
	read(d, route{
		id: "export-guest", method: http.MethodGet, path: at + "dossier", tag: "Stay",
		rule: desk(account.ReadBookings), summary: "All that is held about the booking and its guest",
		doc: "What a guest who asks for their data gets.",
	}, d.dossier)
	write[bookingPath, Booking](d, route{
		id: "erase-guest", method: http.MethodPost, path: at + "erase", tag: "Stay", expects: true,
		rule: desk(account.WriteBookings), summary: "Make the guest's data unreadable, once the booking is over",
		doc: "Guest, special requests, notes and stored answers are gone for good; stays, prices and postings name nobody and remain.",
	}, func(ctx context.Context, c *call, _ *bookingPath) (answer, error) {
		return d.onBooking(c, func(cmd booking.Command, expect int64) (booking.Answer, error) {
			return d.Bookings.Erase(ctx, cmd, c.booking, expect)
		})
	})
}

func (p Payment) receipt(b booking.Booking) (booking.Receipt, error) {
	if hasCardNumber(p.Reference) {
		return booking.Receipt{}, errCardNumber
	}
	currency := b.Stays[0].Terms.Currency
	minor, err := wholeMinor("body.amount", p.Amount, currency)
	return booking.Receipt{Method: booking.Method(p.Method), Amount: money.Of(minor, currency), Reference: p.Reference}, err
}

func (d *door) account(ctx context.Context, c *call, _ *bookingPath) (BookingAccount, error) {
	a, err := d.Bookings.Account(ctx, c.booking)
	return BookingAccount{Charged: moneyOf(a.Charged), Received: moneyOf(a.Received), Open: moneyOf(a.Open)}, err
}

func (d *door) timeline(ctx context.Context, c *call, _ *bookingPath) (Timeline, error) {
	entries, err := d.Bookings.Timeline(ctx, c.booking)
	return Timeline{BookingID: c.booking.ID, Entries: entriesOf(entries)}, err
}

func entriesOf(entries []booking.Entry) []TimelineEntry {
	wire := []TimelineEntry{}
	for _, e := range entries {
		entry := TimelineEntry{
			At: stamp(e.At), Version: e.Version, Kind: e.Kind, By: e.By, State: string(e.State), Reason: e.Reason,
			Note: e.Note, Method: string(e.Method),
		}
		if e.Paid != nil {
			paid := moneyOf(*e.Paid)
			entry.Paid = &paid
		}
		wire = append(wire, entry)
	}
	return wire
}

func (d *door) dossier(ctx context.Context, c *call, _ *bookingPath) (Dossier, error) {
	all, err := d.Bookings.Dossier(ctx, c.booking)
	if err != nil {
		return Dossier{}, err
	}
	wire := Dossier{Booking: bookingWire(all.Booking), Notes: []NoteOf{}, Postings: []PostingOf{}, Entries: entriesOf(all.Timeline)}
	wire.Booking.Guest, wire.Booking.Payment = guestOf(all.Guest), paymentOf(all.Booking, all.Payments)
	if all.Review != nil {
		written := wholeReviewOf(*all.Review)
		wire.Review = &written
	}
	for _, n := range all.Booking.Notes {
		wire.Notes = append(wire.Notes, NoteOf{At: stamp(n.At), By: n.By, Text: n.Text})
	}
	for _, p := range all.Postings {
		posting := PostingOf{At: stamp(p.At), Kind: p.Kind, Reason: p.Reason, Entries: []EntryOf{}}
		for _, e := range p.Entries {
			posting.Entries = append(posting.Entries, EntryOf{Account: string(e.Account), StayID: e.StayID, Amount: moneyOf(e.Amount)})
		}
		wire.Postings = append(wire.Postings, posting)
	}
	return wire, nil
}
