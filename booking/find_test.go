package booking_test

import (
	"context"
	"errors"
	"testing"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/store"
)

// reads counts what a look-up asks of the store.
type reads struct {
	store.Store
	codes, guests int
}

func (r *reads) BookingByCode(ctx context.Context, code string) (booking.Booking, error) {
	r.codes++
	return r.Store.BookingByCode(ctx, code)
}

func (r *reads) Guest(ctx context.Context, propertyID, id string) (guest.Guest, error) {
	r.guests++
	return r.Store.Guest(ctx, propertyID, id)
}

// Property 64: a code that exists and one that does not cost the same reads, so
// that the time of a refusal tells nothing.
func TestRefusedLookUpsDoTheSameWork(t *testing.T) {
	d := newDesk(t)
	b := d.made(d.BookOffers(d.ctx, command("book"), withOffers(purchase(), d.double(2).Token)))
	counted := &reads{Store: d.store}
	service := booking.NewService(counted, d.keys, d.ids, sandboxpay.New(nil))
	for _, code := range []string{b.Code, "00000000000"} {
		*counted = reads{Store: d.store}
		if _, err := service.Find(d.ctx, code, "eve@example.com"); !errors.Is(err, booking.ErrNotFound) {
			t.Fatalf("found by a stranger: %v", err)
		}
		if counted.codes != 1 || counted.guests != 1 {
			t.Errorf("a refusal read %d codes and %d guests, want one of each for every code", counted.codes, counted.guests)
		}
	}
}
