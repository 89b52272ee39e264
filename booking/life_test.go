package booking_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/payment"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

var outboxStart outbox.Position

func TestFromOfferToCancellation(t *testing.T) {
	d := newDesk(t)
	offer := d.double(3)
	if want := int64(3*10_000 + 3*2*250); offer.Total != want || offer.Free != 2 || offer.DueAtProperty != want {
		t.Fatalf("offer of %d, due at property %d, free %d; want %d, all due there, free 2", offer.Total, offer.DueAtProperty, offer.Free, want)
	}
	hold := d.made(d.Hold(d.ctx, command("hold"), []string{offer.Token}))
	if sold, held := d.counts(doubleID); sold != 0 || held != 1 || hold.State() != booking.Held {
		t.Fatalf("after the hold: sold %d, held %d, %s", sold, held, hold.State())
	}
	b := d.made(d.BookHold(d.ctx, command("book"), hold, purchase()))
	if sold, held := d.counts(doubleID); sold != 1 || held != 0 || b.State() != booking.Confirmed || b.ID != hold.ID {
		t.Fatalf("after the booking: sold %d, held %d, %s", sold, held, b.State())
	}
	if len(b.Code) != booking.CodeLength || b.Accepted.Version != terms || b.Accepted.At.IsZero() {
		t.Errorf("code %q, acceptance %+v", b.Code, b.Accepted)
	}
	fees, err := d.CancelFees(d.ctx, b)
	d.must(err)
	if !fees[0].Amount.IsZero() {
		t.Errorf("a month ahead cancelling costs %s", fees[0].Amount)
	}
	b = d.made(d.Cancel(d.ctx, command("cancel"), b, b.Version))
	if sold, held := d.counts(doubleID); sold != 0 || held != 0 || b.State() != booking.Cancelled {
		t.Fatalf("after the cancellation: sold %d, held %d, %s", sold, held, b.State())
	}
	if _, err := d.Cancel(d.ctx, command("cancel again"), b, 0); !errors.Is(err, booking.ErrState) {
		t.Errorf("a second cancellation: %v", err)
	}
}

func TestFeeFollowsTheTermsThatWereOffered(t *testing.T) {
	d := newDesk(t)
	offer := d.double(3)
	b := d.made(d.BookOffers(d.ctx, command("book"), withOffers(purchase(), offer.Token)))
	for _, step := range []struct {
		at   time.Time
		want int64
	}{
		{time.Date(2027, 4, 29, 15, 59, 0, 0, time.UTC), 0},         // 17:59 in Lindau, two days before
		{time.Date(2027, 4, 29, 16, 0, 0, 0, time.UTC), 10_000},     // 18:00: the first night
		{time.Date(2027, 5, 1, 12, 59, 0, 0, time.UTC), 10_000},     // 14:59 on the day
		{time.Date(2027, 5, 1, 13, 0, 0, 0, time.UTC), offer.Total}, // 15:00: all
	} {
		d.clock.forward(step.at.Sub(d.clock.now()))
		fees, err := d.CancelFees(d.ctx, b)
		d.must(err)
		if fees[0].Amount.Minor != step.want {
			t.Errorf("at %s cancelling costs %s, want %d", step.at, fees[0].Amount, step.want)
		}
	}
	b = d.made(d.Cancel(d.ctx, command("cancel"), b, 0))
	if b.Stays[0].Fee != offer.Total {
		t.Errorf("charged %d, want the %d that the dry run said", b.Stays[0].Fee, offer.Total)
	}
}

func withOffers(p booking.Purchase, tokens ...string) booking.Purchase {
	p.Offers = tokens
	return p
}

// Property 4.
func TestSameKeyInParallelIsOneBooking(t *testing.T) {
	d := newDesk(t)
	token := d.double(2).Token
	answers := make([]booking.Answer, 50)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			answer, err := d.BookOffers(d.ctx, command("same"), withOffers(purchase(), token))
			if err != nil {
				t.Errorf("request %d: %v", i, err)
			}
			answers[i] = answer
		})
	}
	all.Wait()
	fresh := 0
	for _, a := range answers {
		if string(a.Body) != string(answers[0].Body) {
			t.Errorf("two answers to one request: %s and %s", a.Body, answers[0].Body)
		}
		if !a.Replayed {
			fresh++
		}
	}
	if sold, _ := d.counts(doubleID); sold != 1 || fresh != 1 {
		t.Errorf("sold %d rooms with %d fresh answers", sold, fresh)
	}
}

// Property 5.
func TestSameKeyWithAnotherRequestIsRefused(t *testing.T) {
	d := newDesk(t)
	d.made(d.Hold(d.ctx, command("key"), []string{d.double(2).Token}))
	before := d.events()
	other := command("key")
	other.Fingerprint[0]++
	if _, err := d.Hold(d.ctx, other, []string{d.double(3).Token}); !errors.Is(err, outbox.ErrReused) {
		t.Errorf("got %v, want ErrReused", err)
	}
	if after := d.events(); after != before {
		t.Errorf("the refused request left %d events", after-before)
	}
}

func TestReplayAnswersWhateverHappenedSince(t *testing.T) {
	d := newDesk(t)
	token := d.double(2).Token
	first, err := d.Hold(d.ctx, command("hold"), []string{token})
	d.must(err)
	d.clock.forward(time.Hour) // the offer and the hold are long dead
	again, err := d.Hold(d.ctx, command("hold"), []string{token})
	d.must(err)
	if !again.Replayed || string(again.Body) != string(first.Body) {
		t.Errorf("got %+v, want the first answer again", again)
	}
}

// Answers are kept for 30 days, the key of an offer for one after it retired.
func TestReplayOutlivesTheKeyOfTheOffer(t *testing.T) {
	d := newDesk(t)
	bought := purchase()
	bought.Offers = []string{d.double(2).Token}
	booked, err := d.BookOffers(d.ctx, command("book"), bought)
	d.must(err)
	tokens := []string{d.double(2).Token}
	held, err := d.Hold(d.ctx, command("hold"), tokens)
	d.must(err)
	d.must(d.keys.Rotate(d.ctx))
	d.clock.forward(29 * 24 * time.Hour)
	again, err := d.BookOffers(d.ctx, command("book"), bought)
	if err != nil || !again.Replayed || string(again.Body) != string(booked.Body) {
		t.Errorf("the purchase: %+v, %v, want the first answer again", again, err)
	}
	again, err = d.Hold(d.ctx, command("hold"), tokens)
	if err != nil || !again.Replayed || string(again.Body) != string(held.Body) {
		t.Errorf("the hold: %+v, %v, want the first answer again", again, err)
	}
	stranger := command("book")
	stranger.Caller = "checkout:2"
	other := command("book")
	other.Fingerprint[0]++
	for want, cmd := range map[error]booking.Command{booking.ErrOfferInvalid: stranger, outbox.ErrReused: other} {
		if _, err := d.BookOffers(d.ctx, cmd, bought); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	if _, err := d.Hold(d.ctx, command("new"), tokens); !errors.Is(err, booking.ErrOfferInvalid) {
		t.Errorf("a new request with the old offer: %v, want ErrOfferInvalid", err)
	}
	if sold, _ := d.counts(doubleID); sold != 1 {
		t.Errorf("%d rooms are sold, want 1", sold)
	}
}

func TestCallersNeverMeet(t *testing.T) {
	d := newDesk(t)
	d.made(d.Hold(d.ctx, command("1"), []string{d.double(2).Token}))
	q := couple(2)
	q.Caller = "checkout:2"
	stranger := command("1")
	stranger.Caller = "checkout:2"
	if _, err := d.Hold(d.ctx, stranger, []string{d.double(2).Token}); !errors.Is(err, booking.ErrOfferInvalid) {
		t.Errorf("somebody else's offer: %v, want ErrOfferInvalid", err)
	}
	answer, err := d.Hold(d.ctx, stranger, []string{d.offer(q, doubleID, flexID).Token})
	d.must(err)
	if answer.Replayed {
		t.Error("a stranger with the same key got the first one's answer")
	}
}

// Property 8.
func TestHoldAndItsExpiryNeverBothWin(t *testing.T) {
	for round := range 20 {
		d := newDesk(t)
		hold := d.made(d.Hold(d.ctx, command("hold"), []string{d.double(1).Token}))
		d.clock.forward(booking.HoldLife - time.Millisecond)
		var bookErr error
		var all sync.WaitGroup
		all.Go(func() { _, bookErr = d.BookHold(d.ctx, command("book"), hold, purchase()) })
		all.Go(func() {
			d.clock.forward(time.Millisecond)
			if _, err := d.Sweep(d.ctx, 10); err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		b, err := d.Booking(d.ctx, hold.ID)
		d.must(err)
		sold, held := d.counts(doubleID)
		switch {
		case bookErr == nil && (b.State() != booking.Confirmed || sold != 1 || held != 0),
			bookErr != nil && (!errors.Is(bookErr, booking.ErrHoldExpired) || sold != 0):
			t.Fatalf("round %d: booking said %v, state %s, sold %d, held %d", round, bookErr, b.State(), sold, held)
		}
	}
}

func TestSweepReturnsTheStock(t *testing.T) {
	d := newDesk(t)
	hold := d.made(d.Hold(d.ctx, command("hold"), []string{d.double(2).Token}))
	if n, err := d.Sweep(d.ctx, 10); n != 0 || err != nil {
		t.Fatalf("swept %d live holds, %v", n, err)
	}
	d.clock.forward(booking.HoldLife)
	n, err := d.Sweep(d.ctx, 10)
	d.must(err)
	b, err := d.Booking(d.ctx, hold.ID)
	d.must(err)
	if _, held := d.counts(doubleID); n != 1 || held != 0 || b.State() != booking.Expired {
		t.Errorf("swept %d, held %d, %s", n, held, b.State())
	}
	if _, err := d.BookHold(d.ctx, command("late"), hold, purchase()); !errors.Is(err, booking.ErrHoldExpired) {
		t.Errorf("booking a dead hold: %v", err)
	}
}

// Property 11.
func TestValidOfferIsHonouredThenRefusedWithTheNewPrice(t *testing.T) {
	d := newDesk(t)
	offer := d.double(2)
	dearer := calendar(flexID, doubleID, 15_000)
	dearer.Version = 1
	d.must(d.store.ApplyRate(d.ctx, rate.Change{PropertyID: houseID, Calendars: []rate.Calendar{dearer}}))

	b := d.made(d.BookOffers(d.ctx, command("in time"), withOffers(purchase(), offer.Token)))
	if b.Stays[0].Terms.Total != offer.Total {
		t.Errorf("booked at %d, was shown %d", b.Stays[0].Terms.Total, offer.Total)
	}
	d.clock.forward(booking.OfferLife + time.Second)
	_, err := d.BookOffers(d.ctx, command("late"), withOffers(purchase(), offer.Token))
	var stale *booking.Unavailable
	if !errors.As(err, &stale) || !errors.Is(err, booking.ErrOfferExpired) || len(stale.Offers) != 1 {
		t.Fatalf("got %v, want ErrOfferExpired with the new offer", err)
	}
	if want := int64(2*15_000 + 2*2*250); stale.Offers[0].Total != want {
		t.Errorf("the new offer is %d, want %d", stale.Offers[0].Total, want)
	}
}

func TestSoldOutComesWithAlternatives(t *testing.T) {
	d := newDesk(t)
	token := d.double(2).Token
	for i := range 2 {
		d.made(d.BookOffers(d.ctx, command(fmt.Sprint(i)), withOffers(purchase(), token)))
	}
	before := d.events()
	_, err := d.BookOffers(d.ctx, command("third"), withOffers(purchase(), token))
	var soldOut *booking.Unavailable
	if !errors.As(err, &soldOut) || !errors.Is(err, inventory.ErrSoldOut) {
		t.Fatalf("got %v, want sold out", err)
	}
	if len(soldOut.Offers) != 1 || soldOut.Offers[0].RoomTypeID != familyID {
		t.Errorf("alternatives: %+v, want the family room", soldOut.Offers)
	}
	if after := d.events(); after != before {
		t.Errorf("the refusal left %d events", after-before)
	}
}

func TestSeveralRoomsAreAllOrNothing(t *testing.T) {
	d := newDesk(t)
	double, family := d.double(2).Token, d.offer(couple(2), familyID, flexID).Token
	if _, err := d.Hold(d.ctx, command("too many"), []string{double, double, double, family}); !errors.Is(err, inventory.ErrSoldOut) {
		t.Fatalf("three of two doubles: %v", err)
	}
	if _, held := d.counts(familyID); held != 0 {
		t.Error("the family room was taken all the same")
	}
	b := d.made(d.Hold(d.ctx, command("all"), []string{double, double, family}))
	_, doubles := d.counts(doubleID)
	_, families := d.counts(familyID)
	if len(b.Stays) != 3 || doubles != 2 || families != 1 {
		t.Errorf("%d stays, %d doubles and %d family rooms held", len(b.Stays), doubles, families)
	}
}

func TestForgedOffersAreRefused(t *testing.T) {
	d := newDesk(t)
	token := d.double(2).Token
	for i := 0; i < len(token); i += 7 {
		forged := token[:i] + string(token[i]^1) + token[i+1:]
		if _, err := d.Hold(d.ctx, command("forged"), []string{forged}); !errors.Is(err, booking.ErrOfferInvalid) {
			t.Fatalf("byte %d changed: %v, want ErrOfferInvalid", i, err)
		}
	}
	for _, junk := range []string{"", ".", "a.b.c", strings.Repeat("x", 1<<20), d.ManageToken("bkg_1")} {
		if _, err := d.Hold(d.ctx, command("junk"), []string{junk}); !errors.Is(err, booking.ErrOfferInvalid) {
			t.Errorf("junk of %d bytes: %v", len(junk), err)
		}
	}
}

func TestOffersOutliveTheRotationOfTheKey(t *testing.T) {
	d := newDesk(t)
	token := d.double(2).Token
	d.must(d.keys.Rotate(d.ctx))
	d.made(d.Hold(d.ctx, command("after"), []string{token}))
}

func TestExtendHasALimit(t *testing.T) {
	d := newDesk(t)
	hold := d.made(d.Hold(d.ctx, command("hold"), []string{d.double(1).Token}))
	for i := range booking.MaxExtensions {
		d.clock.forward(booking.HoldLife - time.Minute)
		hold = d.made(d.Extend(d.ctx, command(fmt.Sprint(i)), hold))
	}
	if want := d.clock.now().Add(booking.HoldLife); !hold.HeldUntil.Equal(want) {
		t.Errorf("held until %s, want %s", hold.HeldUntil, want)
	}
	if _, err := d.Extend(d.ctx, command("more"), hold); !errors.Is(err, booking.ErrExtendedOften) {
		t.Errorf("one more: %v", err)
	}
}

func TestReleaseReturnsTheRoomAtOnce(t *testing.T) {
	d := newDesk(t)
	hold := d.made(d.Hold(d.ctx, command("hold"), []string{d.double(1).Token}))
	b := d.made(d.Release(d.ctx, command("release"), hold))
	if _, held := d.counts(doubleID); held != 0 || b.State() != booking.Released {
		t.Errorf("held %d, %s", held, b.State())
	}
}

func TestCardGuarantee(t *testing.T) {
	d := newDesk(t)
	token := d.offer(couple(2), doubleID, cardID).Token
	for card, want := range map[string]error{
		"":                       booking.ErrPaymentTerm,
		sandboxpay.TokenDeclined: payment.ErrDeclined,
		sandboxpay.TokenDown:     payment.ErrUnavailable,
		"4242":                   payment.ErrToken,
	} {
		p := withOffers(purchase(), token)
		p.CardToken = card
		if _, err := d.BookOffers(d.ctx, command("card "+card), p); !errors.Is(err, want) {
			t.Errorf("card %q: %v, want %v", card, err, want)
		}
	}
	p := withOffers(purchase(), token)
	p.CardToken = sandboxpay.TokenOK
	if b := d.made(d.BookOffers(d.ctx, command("ok"), p)); b.Guarantee == "" {
		t.Error("no card was kept")
	}
}

// safe is a provider that remembers which cards it keeps.
type safe struct {
	*sandboxpay.Provider
	mu   sync.Mutex
	kept map[string]bool
}

func (s *safe) KeepCard(ctx context.Context, purpose, token string) (string, error) {
	reference, err := s.Provider.KeepCard(ctx, purpose, token)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[reference] = true
	return reference, err
}

// Property 4: also with the provider of cards.
func TestOneRequestKeepsOneCard(t *testing.T) {
	d := newDesk(t)
	cards := &safe{Provider: sandboxpay.New(nil), kept: map[string]bool{}}
	d.Service = booking.NewService(d.store, d.keys, d.ids, cards)
	p := withOffers(purchase(), d.offer(couple(2), doubleID, cardID).Token)
	p.CardToken = sandboxpay.TokenOK
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if _, err := d.BookOffers(d.ctx, command("same"), p); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	b := d.made(d.BookOffers(d.ctx, command("same"), p))
	if len(cards.kept) != 1 || !cards.kept[b.Guarantee] {
		t.Errorf("one booking left %d cards with the provider", len(cards.kept))
	}
	other := d.made(d.BookOffers(d.ctx, command("other"), p))
	if other.Guarantee == b.Guarantee {
		t.Error("two bookings share the reference of one card")
	}
}

func TestFindAndManage(t *testing.T) {
	d := newDesk(t)
	b := d.made(d.BookOffers(d.ctx, command("book"), withOffers(purchase(), d.double(2).Token)))
	typed := strings.ToLower(b.Code[:4] + "-" + b.Code[4:])
	found, err := d.Find(d.ctx, typed, " Ada@Example.com")
	if err != nil || found.ID != b.ID {
		t.Errorf("found %q, %v", found.ID, err)
	}
	for _, wrong := range [][2]string{{b.Code, "eve@example.com"}, {"00000000000", "ada@example.com"}, {"", ""}, {"\x00", "\xff"}, {b.Code + "0", "ada@example.com"}} {
		if _, err := d.Find(d.ctx, wrong[0], wrong[1]); !errors.Is(err, booking.ErrNotFound) {
			t.Errorf("found with a wrong code or e-mail: %v", err)
		}
	}
	if managed, err := d.Managed(d.ctx, d.ManageToken(b.ID)); err != nil || managed.ID != b.ID {
		t.Errorf("managed %q, %v", managed.ID, err)
	}
	if _, err := d.Managed(d.ctx, d.double(2).Token); !errors.Is(err, booking.ErrNotFound) {
		t.Errorf("an offer opened a booking: %v", err)
	}
}

func TestRequestsMustBeText(t *testing.T) {
	d := newDesk(t)
	token := d.double(2).Token
	for _, odd := range []string{"a\x00b", "a\xffb", "a\ab", strings.Repeat("a", 2001)} {
		p := withOffers(purchase(), token)
		p.Requests = odd
		if _, err := d.BookOffers(d.ctx, command("odd"), p); !errors.Is(err, guest.ErrInvalid) {
			t.Errorf("%.5q: %v, want ErrInvalid", odd, err)
		}
	}
	p := withOffers(purchase(), token)
	p.Requests = "A cot,\r\n\tand Gemüse"
	d.made(d.BookOffers(d.ctx, command("text"), p))
}

func TestTermsMustBeTheHouses(t *testing.T) {
	d := newDesk(t)
	p := withOffers(purchase(), d.double(2).Token)
	p.TermsVersion = "older"
	if _, err := d.BookOffers(d.ctx, command("old"), p); !errors.Is(err, booking.ErrTerms) {
		t.Errorf("got %v, want ErrTerms", err)
	}
}

func TestDatesThatCannotBe(t *testing.T) {
	d := newDesk(t)
	today := stay.DateOf(2027, time.April, 1)
	for name, c := range map[string]struct {
		arrival, departure stay.Date
		want               error
	}{
		"past":           {today - 1, today + 1, booking.ErrPast},
		"reversed":       {may1, may1 - 1, stay.ErrStay},
		"zero nights":    {may1, may1, stay.ErrStay},
		"10,000 nights":  {may1, may1 + 10_000, stay.ErrLong},
		"beyond horizon": {today + inventory.Horizon - 1, today + inventory.Horizon + 1, booking.ErrBeyondHorizon},
	} {
		q := couple(1)
		q.Stay = stay.Stay{Arrival: c.arrival, Departure: c.departure}
		if _, err := d.Offers(d.ctx, q); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
