package sqlitestore

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/payment/ledger"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

const (
	bookingColumns = `property_id, id, version, code, caller, channel, guest_id, held_until, extensions,
		terms_version, accepted_at, guarantee, requests, created_at, cancelled_at, notes`

	selectBooking       = `SELECT ` + bookingColumns + ` FROM booking WHERE id = ?`
	selectBookingOf     = `SELECT ` + bookingColumns + ` FROM booking WHERE property_id = ? AND id = ?`
	selectBookingByCode = `SELECT ` + bookingColumns + ` FROM booking WHERE code = ? AND code <> ''`
	selectBookings      = `SELECT ` + bookingColumns + ` FROM booking
		WHERE property_id = ? AND id < ? ORDER BY id DESC LIMIT ?`
	selectDeadHolds = `SELECT ` + bookingColumns + ` FROM booking
		WHERE state = 'held' AND held_until <= ? ORDER BY held_until, id LIMIT ?`
	selectStays = `SELECT id, state, fee, terms, uses_from, uses_until, moved_to, checked_in_at, ended_at FROM room_stay WHERE property_id = ? AND booking_id = ? ORDER BY position`

	selectGuest = `SELECT property_id, id, name, email, phone, country, language FROM guest WHERE property_id = ? AND id = ?`

	selectPostings = `SELECT id, booking_id, kind, reason, posted_at FROM posting WHERE property_id = ? AND booking_id = ? ORDER BY rowid`
	selectEntries  = `SELECT account, stay_id, currency, amount FROM posting_entry
		WHERE property_id = ? AND posting_id = ? ORDER BY position`
)

// afterAll sorts after every id: a list that goes down begins there.
const afterAll = "\U0010FFFF"

// Booking is one booking by its id.
func (s *Store) Booking(ctx context.Context, id string) (b booking.Booking, err error) {
	err = s.snapshot(ctx, "booking", func(ctx context.Context, c *conn) error {
		b, err = loadBooking(ctx, c, selectBooking, id)
		return err
	})
	return b, err
}

// BookingByCode is one booking by its confirmation code.
func (s *Store) BookingByCode(ctx context.Context, code string) (b booking.Booking, err error) {
	err = s.snapshot(ctx, "booking by code", func(ctx context.Context, c *conn) error {
		b, err = loadBooking(ctx, c, selectBookingByCode, code)
		return err
	})
	return b, err
}

// Bookings lists a property's bookings, newest first.
func (s *Store) Bookings(ctx context.Context, propertyID, after string, limit int) (all []booking.Booking, err error) {
	if after == "" {
		after = afterAll
	}
	err = s.snapshot(ctx, "bookings", func(ctx context.Context, c *conn) error {
		all, err = loadBookings(ctx, c, selectBookings, propertyID, after, limit)
		return err
	})
	return all, err
}

// DeadHolds lists what is held and past its time, oldest first.
func (s *Store) DeadHolds(ctx context.Context, limit int) (all []booking.Booking, err error) {
	err = s.snapshot(ctx, "dead holds", func(ctx context.Context, c *conn) error {
		all, err = loadBookings(ctx, c, selectDeadHolds, s.now().UnixMicro(), limit)
		return err
	})
	return all, err
}

func loadBooking(ctx context.Context, c *conn, query string, args ...any) (booking.Booking, error) {
	b, err := one(ctx, c, booking.ErrNotFound, scanBooking, query, args...)
	if err != nil {
		return booking.Booking{}, err
	}
	b.Stays, err = list(ctx, c, scanStay, selectStays, b.PropertyID, b.ID)
	return b, err
}

func loadBookings(ctx context.Context, c *conn, query string, args ...any) ([]booking.Booking, error) {
	all, err := list(ctx, c, scanBooking, query, args...)
	if err != nil {
		return nil, err
	}
	for i, b := range all {
		if all[i].Stays, err = list(ctx, c, scanStay, selectStays, b.PropertyID, b.ID); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func scanBooking(row scanner) (b booking.Booking, err error) {
	var held, accepted, created, cancelled sql.NullInt64
	var notes []byte
	err = row.Scan(&b.PropertyID, &b.ID, &b.Version, &b.Code, &b.Caller, &b.Channel, &b.GuestID, &held, &b.Extensions,
		&b.Accepted.Version, &accepted, &b.Guarantee, &b.Requests, &created, &cancelled, &notes)
	b.HeldUntil, b.Accepted.At, b.CreatedAt, b.CancelledAt = moment(held), moment(accepted), moment(created), moment(cancelled)
	if err == nil {
		err = json.Unmarshal(notes, &b.Notes)
	}
	return b, err
}

func scanStay(row scanner) (s booking.RoomStay, err error) {
	var terms []byte
	var from, until, in, ended sql.NullInt64
	if err := row.Scan(&s.ID, &s.State, &s.Fee, &terms, &from, &until, &s.RoomTypeID, &in, &ended); err != nil {
		return s, err
	}
	s.CheckedInAt, s.EndedAt = moment(in), moment(ended)
	if err := json.Unmarshal(terms, &s.Terms); err != nil {
		return s, err
	}
	s.Uses = stay.Stay{Arrival: stay.Date(from.Int64), Departure: stay.Date(until.Int64)}
	if !from.Valid { // written by a program that did not know of them yet
		s.Uses = s.Terms.Uses(s.State)
	}
	return s, nil
}

// Guest is a guest of the property.
func (s *Store) Guest(ctx context.Context, propertyID, id string) (g guest.Guest, err error) {
	err = s.read(ctx, "guest", func(ctx context.Context, c *conn) error {
		g, err = one(ctx, c, guest.ErrNotFound, scanGuest, selectGuest, propertyID, id)
		return err
	})
	return g, err
}

func scanGuest(row scanner) (g guest.Guest, err error) {
	err = row.Scan(&g.PropertyID, &g.ID, &g.Name, &g.Email, &g.Phone, &g.Country, &g.Language)
	return g, err
}

// Postings lists what the ledger holds for a booking.
func (s *Store) Postings(ctx context.Context, propertyID, bookingID string) (postings []ledger.Posting, err error) {
	err = s.snapshot(ctx, "postings", func(ctx context.Context, c *conn) error {
		postings, err = list(ctx, c, scanPosting, selectPostings, propertyID, bookingID)
		for i := range postings {
			if err == nil {
				postings[i].Entries, err = list(ctx, c, scanEntry, selectEntries, propertyID, postings[i].ID)
			}
		}
		return err
	})
	return postings, err
}

func scanPosting(row scanner) (p ledger.Posting, err error) {
	var at sql.NullInt64
	err = row.Scan(&p.ID, &p.BookingID, &p.Kind, &p.Reason, &at)
	p.At = moment(at)
	return p, err
}

func scanEntry(row scanner) (e ledger.Entry, err error) {
	err = row.Scan(&e.Account, &e.StayID, &e.Amount.Currency, &e.Amount.Minor)
	return e, err
}

// Sellable is one consistent read of all that offers depend on.
func (s *Store) Sellable(ctx context.Context, propertyID string, nights stay.Stay) (all booking.Sellable, err error) {
	err = s.snapshot(ctx, "sellable", func(ctx context.Context, c *conn) error {
		all.Now = s.now()
		if all.Property, err = one(ctx, c, property.ErrNotFound, s.sharedProperty, selectProperty, propertyID); err != nil {
			return err
		}
		if all.RoomTypes, err = list(ctx, c, s.sharedRoomType, selectRoomTypes, propertyID); err != nil {
			return err
		}
		if all.Plans, err = list(ctx, c, s.sharedPlan, selectPlans, propertyID); err != nil {
			return err
		}
		if all.Calendars, err = list(ctx, c, s.sharedCalendar, selectCalendars, propertyID); err != nil {
			return err
		}
		all.Nights, err = loadNights(ctx, c, propertyID, nights.Arrival, nights.Departure)
		return err
	})
	return all, err
}
