package booking_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

// purse drives prepaid bookings at random, with a bank that misbehaves.
type purse struct {
	*till
	rt    *rapid.T
	all   []string
	calls int
}

// Property 34. Property 37: in currencies of no, two and three decimals.
func TestMoneyAddsUpWhateverHappens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := &purse{till: newTill(t), rt: rt}
		p.trade(rapid.SampledFrom([]money.Currency{"EUR", "JPY", "KWD"}).Draw(rt, "currency"))
		rt.Repeat(map[string]func(*rapid.T){
			"book":     p.buy,
			"cancel":   p.verb(func(cmd booking.Command, b booking.Booking) error { _, err := p.Cancel(p.ctx, cmd, b, 0); return err }),
			"no-show":  p.verb(func(cmd booking.Command, b booking.Booking) error { _, err := p.NoShow(p.ctx, cmd, b, 0); return err }),
			"undo":     p.verb(func(cmd booking.Command, b booking.Booking) error { _, err := p.Undo(p.ctx, cmd, b, 0); return err }),
			"shorten":  p.verb(p.shorten),
			"at desk":  p.verb(p.atDesk),
			"settle":   p.verb(func(_ booking.Command, b booking.Booking) error { _, err := p.Settle(p.ctx, b.ID); return err }),
			"job":      func(*rapid.T) { _, err := p.Resume(p.ctx, 100); p.must(err) },
			"time":     p.tick,
			"mischief": p.mischief,
			"":         p.sound,
		})
		p.bank.EndScript()
		p.rest()
		p.agree()
		if p.held() != 0 {
			rt.Errorf("the bank still holds %d", p.held())
			for _, id := range p.all {
				b := p.again(booking.Booking{ID: id})
				for _, a := range p.books(b).Attempts {
					a.Body = nil
					rt.Logf("%s %s %+v", id, b.State(), a)
				}
			}
		}
	})
}

// trade changes the house's currency.
func (p *purse) trade(currency money.Currency) {
	known := house().Property.Property
	changed := *known
	changed.Currency, changed.Version, changed.Taxes = currency, 1, nil
	p.must(p.store.ApplyProperty(p.ctx, property.Change{PropertyID: houseID, Property: &changed}))
	plans := prepaidPlans(currency)
	for i := range plans.Plans {
		plans.Plans[i].Version = 1
	}
	plans.Calendars = nil
	p.must(p.store.ApplyRate(p.ctx, plans))
}

func (p *purse) key() booking.Command {
	p.calls++
	return command(fmt.Sprint("call ", p.calls))
}

func (p *purse) buy(rt *rapid.T) {
	q := couple(rapid.IntRange(1, 3).Draw(rt, "nights"))
	q.Stay = stay.Stay{Arrival: q.Stay.Arrival + 20, Departure: q.Stay.Departure + 20}
	shop, err := p.Offers(p.ctx, q)
	p.must(err)
	offers := shop.Rooms[0].Offers
	if len(offers) == 0 {
		rt.Skip("sold out")
	}
	who := withOffers(purchase(), offers[rapid.IntRange(0, len(offers)-1).Draw(rt, "offer")].Token)
	who.CardToken = rapid.SampledFrom([]string{
		sandboxpay.TokenOK, sandboxpay.TokenOK, sandboxpay.TokenReplyLost, sandboxpay.TokenStoredError,
		sandboxpay.TokenBusy, sandboxpay.TokenInsufficient, sandboxpay.TokenLaterDeclined,
	}).Draw(rt, "card")
	answer, err := p.BookOffers(p.ctx, p.key(), who)
	if err != nil {
		rt.Skip("a card that guarantees nothing")
	}
	b := p.made(answer, nil)
	p.all = append(p.all, b.ID)
	p.settle(b)
}

// verb does something to one of the bookings; a refusal is as good.
func (p *purse) verb(do func(booking.Command, booking.Booking) error) func(*rapid.T) {
	return func(rt *rapid.T) {
		if len(p.all) == 0 {
			rt.Skip("no booking")
		}
		b := p.again(booking.Booking{ID: p.all[rapid.IntRange(0, len(p.all)-1).Draw(rt, "booking")]})
		_ = do(p.key(), b)
	}
}

func (p *purse) shorten(cmd booking.Command, b booking.Booking) error {
	dates := b.Stays[0].Terms.Stay
	offer, err := p.OfferChange(p.ctx, b, []booking.Alteration{{
		StayID: b.Stays[0].ID, Stay: stay.Stay{Arrival: dates.Arrival, Departure: dates.Departure - 1},
	}})
	if err == nil {
		_, err = p.Change(p.ctx, cmd, b, b.Version, offer.Token)
	}
	return err
}

func (p *purse) atDesk(cmd booking.Command, b booking.Booking) error {
	amount := money.Of(rapid.Int64Range(1, 20_000).Draw(p.rt, "amount"), b.Stays[0].Terms.Currency)
	_, err := p.Receive(p.ctx, cmd, b, 0, booking.Receipt{Method: booking.Cash, Amount: amount})
	return err
}

func (p *purse) tick(rt *rapid.T) {
	p.clock.forward(rapid.SampledFrom([]time.Duration{
		time.Second, 5 * time.Second, time.Minute, 21 * time.Minute, 2 * time.Hour, 26 * time.Hour,
	}).Draw(rt, "time"))
}

func (p *purse) mischief(rt *rapid.T) {
	p.bank.Script(rapid.SliceOfN(rapid.SampledFrom([]sandboxpay.Fault{
		sandboxpay.NoFault, sandboxpay.Refuse, sandboxpay.LoseRequest, sandboxpay.LoseReply, sandboxpay.Garbage, sandboxpay.Busy,
		sandboxpay.Limit, sandboxpay.StoreError,
	}), 1, 4).Draw(rt, "faults")...)
}

// sound is what holds at any moment, whatever is under way.
func (p *purse) sound(rt *rapid.T) {
	audit, err := p.store.Audit(p.ctx)
	p.must(err)
	if len(audit.Breaks) > 0 {
		rt.Fatalf("breaks: %+v", audit.Breaks)
	}
	for _, id := range p.all {
		for _, o := range p.books(booking.Booking{ID: id, PropertyID: houseID}).Obligations {
			if o.Refunded > o.Captured || o.Captured > o.Amount.Minor {
				rt.Fatalf("an obligation says %+v", o)
			}
		}
	}
	for _, truth := range p.bank.Payments() {
		if truth.Refunded > truth.Captured || truth.Captured > truth.Minor {
			rt.Fatalf("the bank says %+v", truth)
		}
	}
}
