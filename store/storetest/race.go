package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
)

var raceTests = []test{
	{"Race/LastRoom", testLastRoom},
	{"Race/OppositeOrder", testOppositeOrder},
	{"Race/OneKey", testOneKey},
	{"Race/ConfirmAgainstExpiry", testConfirmAgainstExpiry},
	{"Race/Deadlines", testDeadlines},
}

// together runs f n times at once, all starting at the same moment, and gives their errors.
func together(n int, f func(i int) error) []error {
	errs, start := make([]error, n), make(chan struct{})
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			<-start
			errs[i] = f(i)
		})
	}
	close(start)
	group.Wait()
	return errs
}

// Property 1.
func testLastRoom(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	buyers := scale(200, 40)
	changes := make([]booking.Change, buyers)
	for i := range changes {
		changes[i] = h.book(h.stay(0, 3, 2))
		changes[i].Request = h.request("key_a", fmt.Sprint(i), "{}")
	}
	won, soldOut := 0, 0
	for _, err := range together(buyers, func(i int) error { return h.apply(changes[i]) }) {
		switch {
		case err == nil:
			won++
		case errors.Is(err, inventory.ErrSoldOut):
			soldOut++
		default:
			t.Errorf("a buyer of the last room got %v", err)
		}
	}
	if won != 1 || soldOut != buyers-1 {
		t.Errorf("%d won and %d were told sold out, want 1 and %d", won, soldOut, buyers-1)
	}
	h.wantNight(inventory.Night{Stock: 1, Cap: 1, Sold: 1}, 0, 3)
	if n := len(h.bookings()); n != 1 {
		t.Errorf("%d bookings, want 1", n)
	}
	if n := h.count(`SELECT count(*) FROM request`); n != 1 {
		t.Errorf("%d stored answers, want only the winner's", n)
	}
	h.audit()
}

// Property 3: deltas lock in key order, whatever the order of the stays.
func testOppositeOrder(t *testing.T, o Opened) {
	h := newHouse(t, o, 1000, 1000, 1000)
	workers, rounds := 8, scale(25, 5)
	for _, err := range together(workers, func(i int) error {
		for range rounds {
			stays := []booking.RoomStay{h.stay(0, 0, 6), h.stay(1, 2, 6), h.stay(2, 4, 6)}
			if i%2 == 1 {
				stays[0], stays[2] = stays[2], stays[0]
			}
			change := h.hold(stays...)
			if err := h.apply(change); err != nil {
				return fmt.Errorf("hold: %w", err)
			}
			if err := h.apply(h.confirm(change.Booking)); err != nil {
				return fmt.Errorf("confirm: %w", err)
			}
		}
		return nil
	}) {
		if err != nil {
			t.Errorf("a conflict of locks reached the caller: %v", err)
		}
	}
	if n := h.night(1, 4).Sold; n != workers*rounds {
		t.Errorf("%d sold, want %d", n, workers*rounds)
	}
	h.audit()
}

// Property 4.
func testOneKey(t *testing.T, o Opened) {
	h := newHouse(t, o, 100)
	tries := scale(50, 20)
	changes := make([]booking.Change, tries)
	for i := range changes {
		changes[i] = h.book(h.stay(0, 0, 1))
		changes[i].Request = h.request("key_a", "the key", changes[i].Booking.ID)
	}
	winner, answers := "", make(map[string]int)
	for i, err := range together(tries, func(i int) error { return h.apply(changes[i]) }) {
		duplicate := new(outbox.Duplicate)
		switch {
		case err == nil && winner == "":
			winner = changes[i].Booking.ID
		case errors.As(err, &duplicate):
			answers[string(duplicate.Stored.Answer)]++
		default:
			t.Errorf("a repeat got %v", err)
		}
	}
	if answers[winner] != tries-1 || len(answers) != 1 {
		t.Errorf("winner %s, replays %v: want one booking and its answer for all others", winner, answers)
	}
	if got := h.bookings(); len(got) != 1 || got[0].ID != winner {
		t.Errorf("%d bookings, want the winner's", len(got))
	}
	h.audit()
}

// A confirmation and the sweep at the same moment: one of them wins, never both.
func testConfirmAgainstExpiry(t *testing.T, o Opened) {
	h := newHouse(t, o, 100)
	for range scale(30, 8) {
		held := h.applied(h.hold(h.stay(0, 0, 1)))
		expire, err := booking.Expire(held)
		h.must(err)
		confirm := h.confirm(held)
		confirm.Guard = booking.NoGuard // as if both were in time, so that only the version decides
		expire.Guard = booking.NoGuard
		errs := together(2, func(i int) error {
			return h.Store.ApplyBooking(context.Background(), []booking.Change{confirm, expire}[i])
		})
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("confirm %v, expire %v: want one winner", errs[0], errs[1])
		}
		for _, err := range errs {
			if err != nil && !errors.Is(err, booking.ErrConflict) {
				t.Errorf("the loser got %v", err)
			}
		}
	}
	h.audit()
}

// Callers whose deadlines pass at any moment leave nothing open behind them:
// what was acknowledged is there, and the next caller finds a store that works.
func testDeadlines(t *testing.T, o Opened) {
	h := newHouse(t, o, inventory.MaxStock)
	rounds := scale(60, 15)
	var mu sync.Mutex
	acknowledged := make(map[string]bool)
	for _, err := range together(8, func(i int) error {
		for n := range rounds {
			change := h.book(h.stay(0, (i+n)%20, 3))
			ctx, cancel := context.WithTimeout(h.ctx, time.Duration((i*rounds+n)%40)*100*time.Microsecond)
			err := o.Store.ApplyBooking(ctx, change)
			_, readErr := o.Store.Booking(ctx, change.Booking.ID)
			cancel()
			if !gaveUp(err) || !gaveUp(readErr) && !errors.Is(readErr, booking.ErrNotFound) {
				return fmt.Errorf("write: %w, read: %w", err, readErr)
			}
			if err == nil {
				mu.Lock()
				acknowledged[change.Booking.ID] = true
				mu.Unlock()
			}
		}
		return nil
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	for _, b := range h.bookings() {
		delete(acknowledged, b.ID)
	}
	if len(acknowledged) > 0 {
		t.Errorf("%d acknowledged bookings are lost", len(acknowledged))
	}
	h.applied(h.book(h.stay(0, 0, 1)))
	h.audit()
}

// gaveUp tells whether a call succeeded or ended for its deadline.
func gaveUp(err error) bool {
	return err == nil || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, outbox.ErrUnknownOutcome) || errors.Is(err, outbox.ErrBusy)
}

// LastRoomOfTwo lets two processes, or two stores as if they were, race for the
// last room of one database. The house is put on sale through the first.
func LastRoomOfTwo(t *testing.T, first, second Opened) {
	t.Helper()
	for round := range scale(5, 2) {
		h := sketch(t, first, fmt.Sprintf("prop_two_%d", round), 1)
		h.must(first.Store.Import(h.ctx, h.bundle(openNights)))
		buyers := scale(60, 20)
		changes := make([]booking.Change, buyers)
		for i := range changes {
			changes[i] = h.book(h.stay(0, i%3, 4))
			changes[i].Booking.ID = fmt.Sprintf("%s_%d", changes[i].Booking.ID, round)
			changes[i].Booking.Code, changes[i].Posting.BookingID = "C"+changes[i].Booking.ID, changes[i].Booking.ID
		}
		won := 0
		for _, err := range together(buyers, func(i int) error {
			o := []Opened{first, second}[i%2]
			err := o.Store.ApplyBooking(h.ctx, changes[i])
			for errors.Is(err, outbox.ErrBusy) {
				err = o.Store.ApplyBooking(h.ctx, changes[i])
			}
			return err
		}) {
			switch {
			case err == nil:
				won++
			case !errors.Is(err, inventory.ErrSoldOut):
				t.Errorf("a buyer of the last room got %v", err)
			}
		}
		if n := len(h.bookings()); won != 1 || n != 1 {
			t.Errorf("%d won and %d bookings are there, want 1", won, n)
		}
	}
}
