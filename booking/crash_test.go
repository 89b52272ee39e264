package booking_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/payment"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
)

var errCrash = errors.New("the process is gone")

// fuse cuts a process off at its n-th write or call: before it, or after it was
// done and before anybody learns of it. From then on nothing gets through.
type fuse struct {
	left  int
	after bool
}

// burn counts a step: whether it is done, and whether its answer arrives.
func (f *fuse) burn() (done, told bool) {
	f.left--
	return f.left > 0 || f.left == 0 && f.after, f.left > 0
}

type fusedStore struct {
	booking.Store
	*fuse
}

func (s fusedStore) ApplyBooking(ctx context.Context, change booking.Change) error {
	done, told := s.burn()
	if !done {
		return errCrash
	}
	err := s.Store.ApplyBooking(ctx, change)
	if !told {
		return errCrash
	}
	return err
}

func (s fusedStore) Call(ctx context.Context, propertyID string, a payment.Attempt, tries int) (bool, error) {
	done, told := s.burn()
	if !done {
		return false, errCrash
	}
	mine, err := s.Store.Call(ctx, propertyID, a, tries)
	if !told {
		return false, errCrash
	}
	return mine, err
}

type fusedGateway struct {
	payment.Gateway
	*fuse
}

func (g fusedGateway) Send(ctx context.Context, a payment.Attempt) payment.Result {
	done, told := g.burn()
	if !done {
		return payment.Result{Outcome: payment.Unknown, Reason: payment.Lost}
	}
	r := g.Gateway.Send(ctx, a)
	if !told {
		return payment.Result{Outcome: payment.Unknown, Reason: payment.Lost}
	}
	return r
}

// maxSteps is more than a booking, its payment and its cancellation take.
const maxSteps = 30

// Property 6. Property 8: the process dies before or after each of its writes
// and calls; another one finds what it left.
func TestCrashBetweenAnyTwoSteps(t *testing.T) {
	ways := map[string]func(d *till, b booking.Booking) error{
		"token":  func(d *till, b booking.Booking) error { return d.try(b, sandboxpay.TokenOK) },
		"hosted": func(d *till, b booking.Booking) error { return d.try(b, "") },
		"paid and cancelled": func(d *till, b booking.Booking) error {
			if err := d.try(b, sandboxpay.TokenOK); err != nil {
				return err
			}
			if _, err := d.Cancel(d.ctx, command("cancel"), b, 0); err != nil {
				return err
			}
			_, err := d.Settle(d.ctx, b.ID)
			return err
		},
	}
	for name, way := range ways {
		for _, after := range []bool{false, true} {
			for n := 1; n <= maxSteps; n++ {
				reached := false
				t.Run(fmt.Sprintf("%s %d %v", name, n, after), func(t *testing.T) {
					d := newTill(t)
					b := d.hold("h", payID)
					healthy := d.Service
					cut := &fuse{left: n, after: after}
					d.Service = booking.NewService(fusedStore{d.store, cut}, d.keys, d.ids, fusedGateway{d.bank, cut})
					reached = way(d, b) == nil && cut.left > 0
					d.Service = healthy
					d.recover(b)
				})
				if reached {
					break // it was over before the fuse
				}
				if n == maxSteps {
					t.Errorf("%s takes more than %d steps", name, maxSteps)
				}
			}
		}
	}
}

// try books and pays; on the hosted page the guest pays when there is one.
func (d *till) try(b booking.Booking, token string) error {
	p := purchase()
	p.CardToken = token
	if _, err := d.BookHold(d.ctx, command("book"), b, p); err != nil {
		return err
	}
	if _, err := d.Settle(d.ctx, b.ID); err != nil {
		return err
	}
	if page := d.asked(b).Page; page != "" {
		d.must(d.bank.Decide(page, sandboxpay.TokenOK))
	}
	_, err := d.Settle(d.ctx, b.ID)
	return err
}

// recover lets a healthy process run, and wants one of the two ends.
func (d *till) recover(b booking.Booking) {
	d.t.Helper()
	d.rest()
	_, err := d.Sweep(d.ctx, 10)
	d.must(err)
	b = d.again(b)
	sold, held := d.counts(doubleID)
	switch state := b.State(); {
	case state == booking.Confirmed && d.taken() == roomPrice && d.back() == 0 && sold == 1 && held == 0:
	case state == booking.Cancelled && d.taken() == d.back() && sold+held == 0:
	case (state == booking.Released || state == booking.Expired) && d.taken() == 0 && sold+held == 0:
	default:
		d.t.Errorf("%s, taken %d, paid back %d, sold %d, held %d", state, d.taken(), d.back(), sold, held)
	}
	if d.held() != 0 {
		d.t.Errorf("the bank still holds %d", d.held())
	}
	d.agree()
}
