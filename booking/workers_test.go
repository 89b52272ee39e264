package booking_test

import (
	"sync"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/payment"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
)

// Property 4. Property 28: a guest who presses often, and every worker at once.
func TestManyWorkersTakeTheMoneyOnce(t *testing.T) {
	d := newTill(t)
	p := withOffers(purchase(), d.offer(couple(2), doubleID, payID).Token)
	ids := make([]string, 12)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			answer, err := d.BookOffers(d.ctx, command("same"), p)
			if err != nil {
				t.Error(err)
				return
			}
			b := d.made(answer, nil)
			ids[i] = b.ID
			if _, err := d.Settle(d.ctx, b.ID); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	b := d.again(booking.Booking{ID: ids[0]})
	a := d.asked(b)
	if a.Page == "" {
		t.Fatalf("no page: %+v", a)
	}
	d.must(d.bank.Decide(a.Page, sandboxpay.TokenOK))
	for range 12 {
		all.Go(func() {
			if _, err := d.Settle(d.ctx, b.ID); err != nil {
				t.Error(err)
			}
			if _, err := d.Resume(d.ctx, 10); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	d.later(time.Minute)
	b = d.again(b)
	d.wants(b, booking.Confirmed)
	captures := 0
	for _, a := range d.books(b).Attempts {
		if a.Kind == payment.Capture {
			captures++
		}
	}
	if truth := d.bank.Payments(); captures != 1 || len(truth) != 1 || truth[0].Captured != roomPrice {
		t.Errorf("%d captures; the bank has %+v", captures, truth)
	}
	d.agree()
}

// Property 8: at the deadline some workers give the room up while the guest pays
// and others look: it is confirmed and captured, or released and let go.
func TestDeadlineRacesThePayment(t *testing.T) {
	for range 8 {
		d := newTill(t)
		b := d.book("book", d.hold("h", payID), "")
		page := d.asked(b).Page
		d.clock.forward(booking.PendingLife)
		var all sync.WaitGroup
		all.Go(func() { d.must(d.bank.Decide(page, sandboxpay.TokenOK)) })
		for range 4 {
			all.Go(func() {
				if _, err := d.Settle(d.ctx, b.ID); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		d.recover(b)
	}
}
