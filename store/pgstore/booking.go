package pgstore

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/payment/ledger"
	"github.com/vacancyhq/vacancy/stay"
)

// selectBookings reads bookings with their stays, a row for each stay; %s is
// replaced by a query of the bookings wanted, with the place of each.
const selectBookings = `
	select b.property_id, b.id, b.version, b.code, b.caller, b.channel, b.guest_id, b.held_until, b.extensions,
		b.accepted_version, b.accepted_at, b.guarantee, b.requests, b.created_at, b.cancelled_at, b.notes,
		s.id, s.state, s.fee, s.terms, s.uses_from, s.uses_until, s.moved_to, s.checked_in_at, s.ended_at
	from (`

const withStays = `) b join room_stay s on s.property_id = b.property_id and s.booking_id = b.id
	order by b.place, b.id, s.position`

// Booking finds a booking by its id alone.
func (s *Store) Booking(ctx context.Context, id string) (booking.Booking, error) {
	return one(readBookings(ctx, s.pool, `select *, 0 as place from booking where id = $1`, id))
}

// BookingByCode finds a booking by its confirmation code.
func (s *Store) BookingByCode(ctx context.Context, code string) (booking.Booking, error) {
	return one(readBookings(ctx, s.pool, `select *, 0 as place from booking where code = $1 and code <> ''`, code))
}

// Bookings pages by id, which ascends with time.
func (s *Store) Bookings(ctx context.Context, propertyID, after string, limit int) ([]booking.Booking, error) {
	all, err := readBookings(ctx, s.pool, `
		select *, row_number() over (order by id desc) as place from (
			select * from booking
			where property_id = $1 and ($2 = '' or id < $2)
			order by id desc
			limit $3) page`, propertyID, after, limit)
	return all, sought("bookings", err)
}

// DeadHolds lists what the sweeper should expire.
func (s *Store) DeadHolds(ctx context.Context, limit int) ([]booking.Booking, error) {
	all, err := readBookings(ctx, s.pool, `
		select *, row_number() over (order by held_until, id) as place from (
			select * from booking
			where state = 'held' and held_until <= clock_timestamp() + $1::interval
			order by held_until, id
			limit $2) dead`, s.options.Offset(), limit)
	return all, failed("dead holds", err)
}

// expiries are the changes that end the dead holds on the nights that are short.
// A change needs at most MaxRooms rooms of a night, and each dead hold there
// gives back at least one, so the oldest MaxRooms of each night suffice.
func (s *Store) expiries(ctx context.Context, q querier, propertyID string, short problems) ([]booking.Change, error) {
	var roomTypes []string
	var nights []time.Time
	for _, p := range short {
		roomTypes, nights = append(roomTypes, p.key.RoomTypeID), append(nights, civil(p.key.Night))
	}
	dead, err := readBookings(ctx, q, `
		select distinct on (b.id) b.*, 0 as place
		from unnest($3::text[], $4::date[]) as k (room_type_id, night)
		cross join lateral (
			select b.* from booking b
			where b.property_id = $2 and b.state = 'held' and b.held_until <= clock_timestamp() + $1::interval
				and exists (select from room_stay s
					where s.property_id = b.property_id and s.booking_id = b.id and s.state = 'held'
						and s.room_type_id = k.room_type_id 
						and coalesce(s.uses_from, s.arrival) <= k.night and k.night < coalesce(s.uses_until, s.departure))
			order by b.held_until, b.id
			limit $5) b
		order by b.id`, s.options.Offset(), propertyID, roomTypes, nights, booking.MaxRooms)
	if err != nil {
		return nil, err
	}
	var changes []booking.Change
	for _, b := range dead {
		change, err := booking.Expire(b)
		if err != nil {
			return nil, err
		}
		changes = append(changes, change)
	}
	return changes, nil
}

func one(all []booking.Booking, err error) (booking.Booking, error) {
	if err := sought("booking", err); err != nil {
		return booking.Booking{}, err
	}
	if len(all) == 0 {
		return booking.Booking{}, booking.ErrNotFound
	}
	return all[0], nil
}

func readBookings(ctx context.Context, q querier, wanted string, args ...any) ([]booking.Booking, error) {
	rows, err := q.Query(ctx, selectBookings+wanted+withStays, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []booking.Booking
	for rows.Next() {
		b, err := scanBooking(rows)
		if err != nil {
			return nil, err
		}
		if last := len(all) - 1; last >= 0 && all[last].ID == b.ID {
			all[last].Stays = append(all[last].Stays, b.Stays...)
			continue
		}
		all = append(all, b)
	}
	return all, rows.Err()
}

// scanBooking reads a row: a booking with one of its stays.
func scanBooking(row pgx.Row) (booking.Booking, error) {
	var b booking.Booking
	var r booking.RoomStay
	var heldUntil, acceptedAt, createdAt, cancelledAt, from, until, inAt, endedAt *time.Time
	var terms, notes []byte
	err := row.Scan(&b.PropertyID, &b.ID, &b.Version, &b.Code, &b.Caller, &b.Channel, &b.GuestID, &heldUntil, &b.Extensions,
		&b.Accepted.Version, &acceptedAt, &b.Guarantee, &b.Requests, &createdAt, &cancelledAt, &notes,
		&r.ID, &r.State, &r.Fee, &terms, &from, &until, &r.RoomTypeID, &inAt, &endedAt)
	if err != nil {
		return b, err
	}
	b.HeldUntil, b.Accepted.At = moment(heldUntil), moment(acceptedAt)
	b.CreatedAt, b.CancelledAt = moment(createdAt), moment(cancelledAt)
	if err := json.Unmarshal(notes, &b.Notes); err != nil {
		return b, err
	}
	if err := json.Unmarshal(terms, &r.Terms); err != nil {
		return b, err
	}
	r.CheckedInAt, r.EndedAt = moment(inAt), moment(endedAt)
	if from == nil || until == nil { // written by a program that did not know of them yet
		r.Uses = r.Terms.Uses(r.State)
	} else {
		r.Uses = stay.Stay{Arrival: date(*from), Departure: date(*until)}
	}
	b.Stays = []booking.RoomStay{r}
	return b, nil
}

// Guest finds a guest of one property.
func (s *Store) Guest(ctx context.Context, propertyID, id string) (guest.Guest, error) {
	g := guest.Guest{PropertyID: propertyID, ID: id}
	err := s.pool.QueryRow(ctx, `
		select name, email, phone, country, language from guest where property_id = $1 and id = $2`, propertyID, id).
		Scan(&g.Name, &g.Email, &g.Phone, &g.Country, &g.Language)
	if isNone(err) || violates(err, codeNoText) {
		return guest.Guest{}, guest.ErrNotFound
	}
	return g, failed("guest", err)
}

// Postings lists what the ledger holds for a booking, in the order of writing.
func (s *Store) Postings(ctx context.Context, propertyID, bookingID string) ([]ledger.Posting, error) {
	rows, err := s.pool.Query(ctx, `
		select p.id, p.kind, p.reason, p.at, e.account, e.stay_id, e.currency, e.amount
		from posting p left join ledger_entry e on e.property_id = p.property_id and e.posting_id = p.id
		where p.property_id = $1 and p.booking_id = $2
		order by p.at, p.id, e.position`, propertyID, bookingID)
	if err != nil {
		return nil, sought("postings", err)
	}
	defer rows.Close()
	var all []ledger.Posting
	for rows.Next() {
		p := ledger.Posting{BookingID: bookingID}
		var account, stayID, currency *string // NULL: a posting of a free stay has no entries
		var amount *int64
		if err := rows.Scan(&p.ID, &p.Kind, &p.Reason, &p.At, &account, &stayID, &currency, &amount); err != nil {
			return nil, sought("postings", err)
		}
		p.At = p.At.UTC()
		if last := len(all) - 1; last < 0 || all[last].ID != p.ID {
			all = append(all, p)
		}
		if account != nil {
			last := &all[len(all)-1]
			last.Entries = append(last.Entries, ledger.Entry{
				Account: ledger.Account(*account), StayID: *stayID, Amount: money.Of(*amount, money.Currency(*currency)),
			})
		}
	}
	return all, sought("postings", rows.Err())
}
