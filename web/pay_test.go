package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
)

// toPay brings a new visitor with their details to the provider's page.
func toPay(h *house) (*visitor, property.Property) {
	h.t.Helper()
	p := h.build(3, property.Property{Name: "Hôtel Prépayé", Stars: 3})
	h.prepay(p)
	v := h.checkout(p).wants(200, "on the next page, at our payment provider")
	v.form(v.url.Path).fill().send().wants(200, "Hôtel Prépayé", "Sandbox payments")
	if !strings.HasPrefix(v.url.Path, sandboxpay.Path) {
		h.t.Fatalf("the guest is at %s", v.url)
	}
	return v, p
}

// prepay makes every plan of the house one that is paid at booking.
func (h *house) prepay(p property.Property) {
	h.t.Helper()
	plans, err := h.store.Plans(context.Background(), p.ID)
	h.must(err)
	for i := range plans {
		plans[i].Payment = rate.PaymentTerm{Kind: rate.PayNow}
	}
	h.must(h.store.ApplyRate(context.Background(), rate.Change{PropertyID: p.ID, Plans: plans}))
}

// pay sends the provider's form with a card, or leaves.
func (v *visitor) pay(card string) *visitor {
	v.t.Helper()
	f := v.form("")
	if card == "" {
		return f.set("do", "leave").send()
	}
	return f.set("do", "pay", "card", card).send()
}

func TestPrepaidOnTheProvidersPage(t *testing.T) {
	h := open(t, 1)
	v, p := toPay(h)
	v.pay("ok").wants(200, "You are expected, Ana Lima", "was paid.")
	if all := h.booked(p.ID); len(all) != 1 || all[0].State() != booking.Confirmed {
		t.Fatalf("bookings: %+v", all)
	}
	if all := h.bank.Payments(); len(all) != 1 || all[0].Status != sandboxpay.StatusCaptured {
		t.Errorf("the bank has %+v", all)
	}
}

func TestDeclinedOnTheProvidersPage(t *testing.T) {
	h := open(t, 1)
	v, p := toPay(h)
	v.pay("lost").wants(200, "The bank declined this payment", "Nothing was charged", "kept for you until")
	f := v.form(v.url.Path)
	if f.fields.Get("name") != "Ana Lima" || f.fields.Get("email") != "ana@example.com" {
		t.Errorf("what was typed is lost: %v", f.fields)
	}
	f.send().pay("").wants(200, "You left the payment page without paying", "kept for you until")
	v.form(v.url.Path).send().pay("ok").wants(200, "You are expected, Ana Lima")
	if all := h.booked(p.ID); len(all) != 1 {
		t.Errorf("%d bookings", len(all))
	}
}

func TestPendingPageResolvesItself(t *testing.T) {
	h := open(t, 1)
	v, p := toPay(h)
	page := v.url.Path
	b := h.booked(p.ID)[0]
	v.get("/checkout/"+b.ID).wants(202, "The payment is not complete yet")
	if v.header.Get("Refresh") != "3; url=/checkout/"+b.ID+"/payment" {
		t.Errorf("Refresh: %q", v.header.Get("Refresh"))
	}
	v.follow(page).wants(200, "Pay with")
	h.bank.Script(sandboxpay.NoFault, sandboxpay.LoseReply) // the look-up is answered, the capture is not
	v.pay("ok").wants(200, "You are expected, Ana Lima")

	h.visitor().get("/checkout/"+b.ID+"/payment").wants(404, "We do not find")
}

func TestPendingPageWhileTheBankIsSilent(t *testing.T) {
	h := open(t, 1)
	p := h.build(3, property.Property{Name: "Hôtel Lent", Stars: 3})
	h.prepay(p)
	v := h.checkout(p)
	h.bank.Script(sandboxpay.LoseReply)
	v.form(v.url.Path).fill().send().wants(202, "We are asking your bank", "you cannot be charged twice")
	h.forward(time.Minute)
	v.get(v.url.Path).wants(202, "Go to the payment page")
	h.forward(booking.PendingLife)
	v.get(v.url.Path).wants(409, "The time for this room has passed", "nothing is owed")
}

// Who left an address and has not tried to pay yet is told of no payment.
func TestAddressOfAHoldIsNoPayment(t *testing.T) {
	h := open(t, 1)
	p := h.build(3, property.Property{Name: "Hôtel Prépayé", Stars: 3})
	h.prepay(p)
	v := h.checkout(p)
	held := h.booked(p.ID)[0]
	cmd := booking.Command{Caller: held.Caller, Key: "contact", Render: func(booking.Result) (int, []byte) { return 200, nil }}
	if _, err := h.bookings.Contact(t.Context(), cmd, held, guest.Guest{Email: "ana@example.com"}); err != nil {
		t.Fatal(err)
	}
	if v.get(v.url.Path).wants(200, "Your details"); strings.Contains(v.words(), "could not get through") {
		t.Errorf("nothing was tried: %s", v.words())
	}
}
