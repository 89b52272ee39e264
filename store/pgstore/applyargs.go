package pgstore

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment/ledger"
	"github.com/vacancyhq/vacancy/stay"
)

// How many of applyArgs a statement takes that applies changes alone, or as a batch.
const (
	aloneArgs = 77
	batchArgs = 78
)

// nightsArg is where the nights begin: the properties, of each night once.
const nightsArg = 19

// applyArgs turns changes into the arguments of the statements (applysql.go,
// applystep.go): an array for each column, in the order of their numbers. At most
// one of the changes has a request, unless the statement runs as a batch.
func applyArgs(offset time.Duration, changes []booking.Change) ([]any, error) {
	args := []any{offset}
	args = append(args, bookingArgs(changes)...)
	args = append(args, deltaArgs(changes)...)
	args = append(args, requestArgs(changes)...)
	stays, err := stayArgs(changes)
	if err != nil {
		return nil, err
	}
	args = append(args, stays...)
	args = append(args, guestArgs(changes)...)
	args = append(args, postingArgs(changes)...)
	args = append(args, entryArgs(changes)...)
	var events []outbox.Event
	for _, c := range changes {
		events = append(events, c.Events...)
	}
	e := columnsOfEvents(events)
	args = append(args, e.property, e.kind, e.version, e.data)
	life, err := lifeArgs(changes)
	return append(append(args, life...), countArgs(changes)...), err
}

func bookingArgs(changes []booking.Change) []any {
	var properties, ids, states, codes, callers, channels, guests, accepted, guarantees, requests []string
	var expect, versions []int64
	var guards, extensions []int
	var heldUntil, acceptedAt, createdAt, cancelledAt []*time.Time
	for _, c := range changes {
		b := c.Booking
		properties, ids, expect = append(properties, c.PropertyID), append(ids, b.ID), append(expect, c.Expect)
		guards, versions = append(guards, int(c.Guard)), append(versions, b.Version)
		states, codes = append(states, string(b.State())), append(codes, b.Code)
		callers, channels = append(callers, b.Caller), append(channels, b.Channel)
		guests, heldUntil = append(guests, b.GuestID), append(heldUntil, instant(b.HeldUntil))
		extensions = append(extensions, b.Extensions)
		accepted, acceptedAt = append(accepted, b.Accepted.Version), append(acceptedAt, instant(b.Accepted.At))
		guarantees, requests = append(guarantees, b.Guarantee), append(requests, b.Requests)
		createdAt, cancelledAt = append(createdAt, instant(b.CreatedAt)), append(cancelledAt, instant(b.CancelledAt))
	}
	return []any{
		properties, ids, expect, guards, versions, states, codes, callers, channels, guests, heldUntil, extensions,
		accepted, acceptedAt, guarantees, requests, createdAt, cancelledAt,
	}
}

// countArgs are which change each request belongs to, counted from 1, and how many
// stays each booking has: $78 and $79.
func countArgs(changes []booking.Change) []any {
	numbers, stays := []int64{}, make([]int, len(changes))
	for i, c := range changes {
		if stays[i] = len(c.Booking.Stays); c.Request != nil {
			numbers = append(numbers, int64(i)+1)
		}
	}
	return []any{numbers, stays}
}

// deltaArgs merges the deltas of all changes: a night is written once.
func deltaArgs(changes []booking.Change) []any {
	ofProperty := make(map[string][]inventory.Delta)
	by := ""
	for _, c := range changes {
		ofProperty[c.PropertyID] = append(ofProperty[c.PropertyID], c.Nights...)
		by = c.Booking.Caller // The last change is the one that was asked for.
	}
	var properties, roomTypes, callers []string
	var nights []time.Time
	var sold, held, blocked []int
	var forced []bool
	for _, property := range slices.Sorted(maps.Keys(ofProperty)) {
		for _, d := range inventory.Merge(ofProperty[property]) {
			properties, roomTypes = append(properties, property), append(roomTypes, d.RoomTypeID)
			nights = append(nights, civil(d.Night))
			sold, held, blocked = append(sold, d.Sold), append(held, d.Held), append(blocked, d.Blocked)
			forced, callers = append(forced, d.Forced), append(callers, by)
		}
	}
	return []any{properties, roomTypes, nights, sold, held, blocked, forced, callers}
}

func requestArgs(changes []booking.Change) []any {
	properties, callers, keys := []string{}, []string{}, []string{}
	var fingerprints, answers [][]byte
	var status []int
	for _, c := range changes {
		r := c.Request
		if r == nil {
			continue
		}
		properties, callers, keys = append(properties, r.PropertyID), append(callers, r.Caller), append(keys, r.Key)
		fingerprints, answers = append(fingerprints, r.Fingerprint[:]), append(answers, bytesOf(r.Answer))
		status = append(status, r.Status)
	}
	return []any{properties, callers, keys, fingerprints, status, answers}
}

func stayArgs(changes []booking.Change) ([]any, error) {
	var properties, bookings, ids, states, roomTypes, plans, currencies, terms []string
	var positions []int
	var arrivals, departures []time.Time
	var totals, fees []int64
	for _, c := range changes {
		for i, s := range c.Booking.Stays {
			document, err := json.Marshal(s.Terms)
			if err != nil {
				return nil, fmt.Errorf("the terms of a stay cannot be encoded: %w", err)
			}
			if hasNUL(document) {
				return nil, answer{outbox.ErrText} // The server would keep it, and fail when it looks inside.
			}
			properties, bookings = append(properties, c.PropertyID), append(bookings, c.Booking.ID)
			positions, ids = append(positions, i), append(ids, s.ID)
			states, roomTypes = append(states, string(s.State)), append(roomTypes, s.Terms.RoomTypeID)
			plans = append(plans, s.Terms.PlanID)
			arrivals, departures = append(arrivals, civil(s.Terms.Stay.Arrival)), append(departures, civil(s.Terms.Stay.Departure))
			currencies, totals = append(currencies, string(s.Terms.Currency)), append(totals, s.Terms.Total)
			fees, terms = append(fees, s.Fee), append(terms, string(document))
		}
	}
	return []any{
		properties, bookings, positions, ids, states, roomTypes, plans, arrivals, departures, currencies, totals, fees, terms,
	}, nil
}

// hasNUL tells whether a JSON document has an escaped NUL, and not a backslash
// before its letters.
func hasNUL(document []byte) bool {
	const escaped = `\u0000`
	for at := 0; ; {
		i := bytes.Index(document[at:], []byte(escaped))
		if i < 0 {
			return false
		}
		at += i
		before := document[:at]
		if (len(before)-len(bytes.TrimRight(before, `\`)))%2 == 0 {
			return true
		}
		at += len(escaped)
	}
}

// lifeArgs are what bookings got since the statement was first written: $70 and on.
func lifeArgs(changes []booking.Change) ([]any, error) {
	var notes, moved, reasons []string
	var from, until []time.Time
	var checkedIn, ended []*time.Time
	var fresh []bool
	for _, c := range changes {
		document, err := json.Marshal(c.Booking.Notes)
		if err != nil {
			return nil, fmt.Errorf("the notes of a booking cannot be encoded: %w", err)
		}
		notes = append(notes, string(document))
		for _, s := range c.Booking.Stays {
			from, until = append(from, civil(s.Uses.Arrival)), append(until, civil(s.Uses.Departure))
			moved = append(moved, s.RoomTypeID)
			checkedIn, ended = append(checkedIn, instant(s.CheckedInAt)), append(ended, instant(s.EndedAt))
			fresh = append(fresh, c.Expect == 0)
		}
		if c.Posting != nil {
			reasons = append(reasons, c.Posting.Reason)
		}
	}
	return []any{notes, from, until, moved, checkedIn, ended, reasons, fresh}, nil
}

func guestArgs(changes []booking.Change) []any {
	var properties, ids, names, emails, phones, countries, languages []string
	for _, c := range changes {
		if g := c.Guest; g != nil {
			properties, ids = append(properties, c.PropertyID), append(ids, g.ID)
			names, emails, phones = append(names, g.Name), append(emails, g.Email), append(phones, g.Phone)
			countries, languages = append(countries, g.Country), append(languages, g.Language)
		}
	}
	return []any{properties, ids, names, emails, phones, countries, languages}
}

func postingArgs(changes []booking.Change) []any {
	var properties, ids, bookings, kinds []string
	var at []time.Time
	for _, c := range changes {
		if p := c.Posting; p != nil {
			properties, ids = append(properties, c.PropertyID), append(ids, p.ID)
			bookings, kinds, at = append(bookings, p.BookingID), append(kinds, p.Kind), append(at, p.At)
		}
	}
	return []any{properties, ids, bookings, kinds, at}
}

func entryArgs(changes []booking.Change) []any {
	var properties, postings, accounts, stays, currencies []string
	var positions []int
	var amounts []int64
	for _, c := range changes {
		for i, e := range entries(c.Posting) {
			properties, postings = append(properties, c.PropertyID), append(postings, c.Posting.ID)
			positions, accounts = append(positions, i), append(accounts, string(e.Account))
			stays, currencies = append(stays, e.StayID), append(currencies, string(e.Amount.Currency))
			amounts = append(amounts, e.Amount.Minor)
		}
	}
	return []any{properties, postings, positions, accounts, stays, currencies, amounts}
}

func entries(p *ledger.Posting) []ledger.Entry {
	if p == nil {
		return nil
	}
	return p.Entries
}

// instant is t, or NULL for the zero time.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// moment is the opposite of instant.
func moment(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

// civil is a date as pgx takes it.
func civil(d stay.Date) time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// date is the opposite of civil.
func date(t time.Time) stay.Date { return stay.Date(t.Unix() / 86400) }
