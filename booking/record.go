package booking

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment"
	"github.com/vacancyhq/vacancy/payment/ledger"
	"github.com/vacancyhq/vacancy/review"
)

// ErrNote is a note that cannot be kept.
var ErrNote = errors.New("booking: invalid note")

// Limits of notes.
const (
	MaxNote  = 2000 // bytes
	MaxNotes = 100  // of one booking
)

// AddNote keeps what a member of staff wants the others to know.
func (s *Service) AddNote(ctx context.Context, cmd Command, b Booking, expect int64, text string) (Answer, error) {
	if strings.TrimSpace(text) == "" || len(text) > MaxNote || !readable(text) {
		return Answer{}, fmt.Errorf("%w: 1 to %d bytes of text", ErrNote, MaxNote)
	}
	return s.alter(ctx, cmd, b, expect, fact{kind: "noted"}, func(m moment, after *Booking) error {
		if len(after.Notes) == MaxNotes {
			return fmt.Errorf("%w: a booking takes at most %d notes", ErrNote, MaxNotes)
		}
		after.Notes = append(after.Notes, Note{At: m.now, By: cmd.Caller, Text: text})
		return nil
	})
}

// Entry is one thing that happened to a booking.
type Entry struct {
	At      time.Time
	Version int64  // that the booking had after it
	Kind    string // "confirmed", "checked_in", ...
	By      string // the caller; "": the platform itself
	State   State  // of the booking, after it
	Reason  string
	Note    string        // of "noted"; "" once erased
	Paid    *money.Amount // of "paid" and "paid_back"; below zero: given back
	Method  Method
	Stays   []EntryStay
}

// EntryStay is a stay as an entry left it.
type EntryStay struct {
	ID, RoomTypeID, MovedTo string
	State                   State
	Arrival, Departure      string // dates
	Total, Fee              money.Amount
}

// Timeline is everything that happened to a booking, from its events, oldest first.
func (s *Service) Timeline(ctx context.Context, b Booking) ([]Entry, error) {
	events, err := s.store.BookingEvents(ctx, b.PropertyID, b.ID)
	if err != nil {
		return nil, err
	}
	notes := b.Notes
	entries := make([]Entry, len(events))
	for i, e := range events {
		if entries[i], err = entryOf(e); err != nil {
			return nil, err
		}
		if entries[i].Kind == "noted" && len(notes) > 0 { // events hold no text, and come in the order of the notes
			entries[i].Note, notes = notes[0].Text, notes[1:]
		}
	}
	return entries, nil
}

func entryOf(e outbox.Stored) (Entry, error) {
	var wire wireEvent
	if err := json.Unmarshal(e.Data, &wire); err != nil {
		return Entry{}, fmt.Errorf("booking: read an event: %w", err)
	}
	entry := Entry{
		At: e.At, Version: wire.Version, Kind: strings.TrimPrefix(e.Type, eventPrefix), By: wire.By, State: wire.State,
		Reason: wire.Reason,
	}
	if p := wire.Paid; p != nil {
		amount := money.Of(p.Amount, money.Currency(p.Currency))
		entry.Paid, entry.Method = &amount, p.Method
	}
	for _, r := range wire.Stays {
		currency := money.Currency(r.Currency)
		entry.Stays = append(entry.Stays, EntryStay{
			ID: r.ID, RoomTypeID: r.RoomTypeID, MovedTo: r.MovedTo, State: r.State, Arrival: r.Arrival, Departure: r.Departure,
			Total: money.Of(r.Total, currency), Fee: money.Of(r.Fee, currency),
		})
	}
	return entry, nil
}

// Dossier is all that the house holds about a booking and its guest: what a
// guest who asks for their data gets.
type Dossier struct {
	Booking  Booking
	Guest    *guest.Guest
	Postings []ledger.Posting
	Payments payment.Books // through a provider
	Timeline []Entry
	Review   *review.Review // nil: none was written
}

// Dossier collects it.
func (s *Service) Dossier(ctx context.Context, b Booking) (d Dossier, err error) {
	d.Booking = b
	if d.Guest, err = s.Guest(ctx, b); err != nil {
		return Dossier{}, err
	}
	if d.Postings, err = s.store.Postings(ctx, b.PropertyID, b.ID); err != nil {
		return Dossier{}, err
	}
	if d.Payments, err = s.Payments(ctx, b); err != nil {
		return Dossier{}, err
	}
	if d.Timeline, err = s.Timeline(ctx, b); err != nil {
		return Dossier{}, err
	}
	switch r, err := s.store.ReviewOf(ctx, b.PropertyID, b.ID); {
	case err == nil:
		d.Review = &r
	case !errors.Is(err, review.ErrNotFound):
		return Dossier{}, err
	}
	return d, nil
}

// Erase makes the personal data of a booking that is over unreadable: the guest,
// the special requests, the notes, the kept card, the name under a review, and
// the stored answers. What the books need stays: stays, prices, postings and events name nobody.
func (s *Service) Erase(ctx context.Context, cmd Command, b Booking, expect int64) (Answer, error) {
	told := fact{kind: "erased", by: cmd.Caller}
	return s.amend(ctx, cmd, b, expect, func(ctx context.Context, m moment, before Booking) (Change, error) {
		if state := before.State(); state.rank() > CheckedOut.rank() {
			return Change{}, fmt.Errorf("%w: a booking that is %s still needs its guest", ErrState, state)
		}
		forgotten := fmt.Appendf(nil, `{"id":%q,"erased":true}`, before.ID)
		if err := s.store.ForgetAnswers(ctx, before.PropertyID, before.ID, forgotten); err != nil {
			return Change{}, err
		}
		if err := s.store.ForgetAuthor(ctx, before.PropertyID, before.ID); err != nil {
			return Change{}, err
		}
		after := before.next()
		after.Requests, after.Guarantee = "", ""
		for i := range after.Notes {
			after.Notes[i].Text = ""
		}
		change, err := s.altered(before, after, told, m.now)
		if before.GuestID != "" {
			change.Guest = &guest.Guest{ID: before.GuestID, PropertyID: before.PropertyID}
		}
		return change, err
	})
}
