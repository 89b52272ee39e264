package booking_test

import (
	"context"
	"errors"
	"testing"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/store"
)

var errStuck = errors.New("this hold cannot be ended")

// stuck is a store that cannot end one hold.
type stuck struct {
	store.Store
	id string
}

func (s stuck) ApplyBooking(ctx context.Context, change booking.Change) error {
	if change.Booking.ID == s.id {
		return errStuck
	}
	return s.Store.ApplyBooking(ctx, change)
}

// Property 49: one dead hold that cannot be ended does not keep the others'
// rooms from sale.
func TestSweepGoesOnPastAHoldThatCannotBeEnded(t *testing.T) {
	d := newDesk(t)
	token := d.double(1).Token
	oldest := d.made(d.Hold(d.ctx, command("first"), []string{token}))
	d.made(d.Hold(d.ctx, command("second"), []string{token}))
	d.clock.forward(booking.HoldLife)
	service := booking.NewService(stuck{d.store, oldest.ID}, d.keys, d.ids, sandboxpay.New(nil))
	ended, err := service.Sweep(d.ctx, 10)
	if _, held := d.counts(doubleID); ended != 1 || held != 1 || !errors.Is(err, errStuck) {
		t.Errorf("ended %d, still held %d, %v; want one, one, and the reason", ended, held, err)
	}
}
