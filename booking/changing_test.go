package booking_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/payment/ledger"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// booked is a guest's booking of a double for two, n nights from the first of May.
func (d *desk) booked(key string, nights int) booking.Booking {
	d.t.Helper()
	return d.made(d.BookOffers(d.ctx, command(key), withOffers(purchase(), d.double(nights).Token)))
}

// to is the alteration of a booking's first stay to these nights of May.
func to(b booking.Booking, arrival, departure int) []booking.Alteration {
	return []booking.Alteration{{
		StayID: b.Stays[0].ID, Stay: stay.Stay{Arrival: may1.Add(arrival), Departure: may1.Add(departure)},
	}}
}

func (d *desk) changed(key string, b booking.Booking, wanted []booking.Alteration) booking.Booking {
	d.t.Helper()
	offer, err := d.OfferChange(d.ctx, b, wanted)
	d.must(err)
	return d.made(d.Change(d.ctx, command(key), b, b.Version, offer.Token))
}

// reprice gives the doubles' calendar another price and rules.
func (d *desk) reprice(minor int64, rules ...rate.Rule) {
	d.t.Helper()
	all, err := d.store.Calendars(d.ctx, houseID)
	d.must(err)
	for _, c := range all {
		if c.PlanID == flexID && c.RoomTypeID == doubleID {
			next := calendar(flexID, doubleID, minor)
			next.Version, next.Rules = c.Version, rules
			d.must(d.store.ApplyRate(d.ctx, rate.Change{PropertyID: houseID, Calendars: []rate.Calendar{next}}))
		}
	}
}

const cityTax = 2 * 250 // of two adults for a night

// Property 11: kept nights keep their price, added ones cost what they cost
// today, and what the dry run said is what is charged.
func TestChangeKeepsBookedPrices(t *testing.T) {
	d := newDesk(t)
	b := d.booked("book", 3)
	d.reprice(15_000)
	events := d.events()
	offer, err := d.OfferChange(d.ctx, b, to(b, 1, 5))
	d.must(err)
	if d.events() != events {
		t.Error("the dry run did something")
	}
	want := int64(2*10_000 + 2*15_000 + 4*cityTax)
	after := offer.Stays[0].After
	if after.Total != want || offer.Difference.Minor != want-b.Stays[0].Terms.Total || offer.Stays[0].Fee != 0 {
		t.Fatalf("offered %d, difference %s; want %d", after.Total, offer.Difference, want)
	}
	if diff := cmp.Diff([]int64{10_000, 10_000, 15_000, 15_000}, after.Nights); diff != "" {
		t.Errorf("nights (-want +got):\n%s", diff)
	}
	lines := int64(0)
	for _, l := range after.Lines {
		lines += l.Amount.Minor
	}
	if lines != want {
		t.Errorf("the lines sum to %d, the total is %d", lines, want)
	}
	d.reprice(99_000)
	b = d.made(d.Change(d.ctx, command("change"), b, b.Version, offer.Token))
	d.wantSold(0, 1, 1, 1, 1, 0)
	if b.Stays[0].Terms.Total != want || b.State() != booking.Confirmed {
		t.Errorf("changed to %+v", b.Stays[0].Terms)
	}
	d.wantLedger(b, map[ledger.Account]int64{
		ledger.GuestReceivable: want, ledger.RoomRevenue: -(want - 4*cityTax), ledger.TaxPayable: -4 * cityTax,
	})
	if _, err := d.Change(d.ctx, command("again"), b, 0, offer.Token); !errors.Is(err, booking.ErrStale) {
		t.Errorf("the same offer twice: %v", err)
	}
}

func TestChangeOfferExpires(t *testing.T) {
	d := newDesk(t)
	b := d.booked("book", 2)
	sale := d.double(1).Token
	offer, err := d.OfferChange(d.ctx, b, to(b, 0, 3))
	d.must(err)
	d.clock.forward(booking.OfferLife + time.Second)
	if _, err := d.Change(d.ctx, command("late"), b, 0, offer.Token); !errors.Is(err, booking.ErrOfferExpired) {
		t.Errorf("got %v", err)
	}
	other := d.booked("other", 2)
	for name, token := range map[string]string{"another booking's": offer.Token, "an offer": sale, "junk": "x"} {
		if _, err := d.Change(d.ctx, command(name), other, 0, token); !errors.Is(err, booking.ErrOfferInvalid) {
			t.Errorf("%s token: %v", name, err)
		}
	}
	if _, err := d.Hold(d.ctx, command("hold"), []string{offer.Token}); !errors.Is(err, booking.ErrOfferInvalid) {
		t.Errorf("a change offer was held: %v", err)
	}
}

// Nights that go cost what the terms say of them; those that stay cost nothing more.
func TestFeeOfRemovedNights(t *testing.T) {
	d := newDesk(t)
	b := d.booked("book", 4)
	d.at(may1-1, "12:00") // the price of one night is due for leaving
	offer, err := d.OfferChange(d.ctx, b, to(b, 0, 2))
	d.must(err)
	if offer.Stays[0].Fee != 10_000 || offer.Difference.Minor != 10_000-(2*10_000+2*cityTax) {
		t.Errorf("fee %d, difference %s", offer.Stays[0].Fee, offer.Difference)
	}
	b = d.made(d.Change(d.ctx, command("shorter"), b, b.Version, offer.Token))
	d.wantSold(1, 1, 0, 0)
	d.wantLedger(b, map[ledger.Account]int64{
		ledger.GuestReceivable: 2*10_000 + 2*cityTax + 10_000, ledger.RoomRevenue: -2 * 10_000,
		ledger.TaxPayable: -2 * cityTax, ledger.CancellationFee: -10_000,
	})
	b = d.made(d.Cancel(d.ctx, command("cancel"), b, b.Version))
	d.wantSold(0, 0)
	d.wantLedger(b, map[ledger.Account]int64{ledger.GuestReceivable: 20_000, ledger.CancellationFee: -20_000})
}

// Property 9.
func TestChangeToFullNightsLeavesTheBooking(t *testing.T) {
	d := newDesk(t)
	b := d.booked("book", 2)
	offer, err := d.OfferChange(d.ctx, b, to(b, 0, 4))
	d.must(err)
	full := contract(1)
	full.Stay = stay.Stay{Arrival: may1 + 3, Departure: may1 + 4}
	d.contracted("full", full, full)
	if _, err := d.Change(d.ctx, command("change"), b, b.Version, offer.Token); !errors.Is(err, inventory.ErrSoldOut) {
		t.Errorf("the change: %v", err)
	}
	if _, err := d.OfferChange(d.ctx, b, to(b, 0, 4)); !errors.Is(err, inventory.ErrSoldOut) {
		t.Errorf("another dry run: %v", err)
	}
	again, err := d.Booking(d.ctx, b.ID)
	d.must(err)
	if diff := cmp.Diff(b.Stays[0].Terms.Stay, again.Stays[0].Terms.Stay); diff != "" || again.Version != b.Version {
		t.Errorf("the booking changed: version %d, %s", again.Version, diff)
	}
	d.wantSold(1, 1, 0, 2)
}

// Property 10: of a cancellation and a change that saw one version one wins,
// and the room returns once.
func TestCancelAndChangeRace(t *testing.T) {
	for range 10 {
		d := newDesk(t)
		b := d.booked("book", 2)
		offer, err := d.OfferChange(d.ctx, b, to(b, 1, 4))
		d.must(err)
		var cancelErr, changeErr error
		var all sync.WaitGroup
		all.Go(func() { _, cancelErr = d.Cancel(d.ctx, command("cancel"), b, b.Version) })
		all.Go(func() { _, changeErr = d.Change(d.ctx, command("change"), b, b.Version, offer.Token) })
		all.Wait()
		switch {
		case cancelErr == nil && errors.Is(changeErr, booking.ErrStale):
			d.wantSold(0, 0, 0, 0)
		case changeErr == nil && errors.Is(cancelErr, booking.ErrStale):
			d.wantSold(0, 1, 1, 1)
		default:
			t.Fatalf("cancel %v, change %v", cancelErr, changeErr)
		}
	}
}

func TestRulesJudgeWhatChanges(t *testing.T) {
	d := newDesk(t)
	b := d.booked("book", 3)
	d.reprice(10_000,
		rate.Rule{Span: rate.Span{From: may1, Through: may1 + 2, Days: stay.EveryDay}, Closed: true, ClosedToArrival: true},
		rate.Rule{Span: rate.Span{From: may1 + 5, Through: may1 + 5, Days: stay.EveryDay}, Closed: true},
		rate.Rule{Span: rate.Span{From: may1 + 5, Through: may1 + 5, Days: stay.EveryDay}, ClosedToDeparture: true},
	)
	for name, c := range map[string]struct {
		wanted []booking.Alteration
		code   string
	}{
		"longer, past the rules":   {to(b, 0, 4), ""},
		"shorter within them":      {to(b, 0, 2), ""},
		"arriving on a closed day": {to(b, 1, 3), "closed_to_arrival"},
		"over a closed night":      {to(b, 0, 7), "closed"},
		"leaving when nobody may":  {to(b, 0, 5), "closed_to_departure"},
	} {
		_, err := d.OfferChange(d.ctx, b, c.wanted)
		var refused *booking.Refused
		switch {
		case c.code == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.code != "" && (!errors.As(err, &refused) || refused.Refusals[0].Code != c.code):
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

// A plan whose nights depend on the length is priced anew, whole.
func TestLengthPricedStayIsRepricedWhole(t *testing.T) {
	d := newDesk(t)
	plans, err := d.store.Plans(d.ctx, houseID)
	d.must(err)
	for _, p := range plans {
		if p.ID == flexID {
			p.Offers = []rate.Offer{{Kind: rate.FreeNights, NightsRequired: 4, NightsFree: 1}}
			d.must(d.store.ApplyRate(d.ctx, rate.Change{PropertyID: houseID, Plans: []rate.Plan{p}}))
		}
	}
	b := d.booked("book", 4)
	if b.Stays[0].Terms.Total != 3*10_000+4*cityTax {
		t.Fatalf("booked at %d", b.Stays[0].Terms.Total)
	}
	b = d.changed("shorter", b, to(b, 0, 3))
	if b.Stays[0].Terms.Total != 3*10_000+3*cityTax {
		t.Errorf("three nights cost %d: the free one was given for four", b.Stays[0].Terms.Total)
	}
}

func TestPartyAndRoomChange(t *testing.T) {
	d := newDesk(t)
	b := d.booked("book", 2)
	b = d.changed("family", b, []booking.Alteration{{
		StayID: b.Stays[0].ID, RoomTypeID: familyID, Party: stay.Party{Adults: 2, ChildAges: []int{5}},
	}})
	terms := b.Stays[0].Terms
	if terms.RoomTypeID != familyID || terms.Total != 2*(18_000+1_500)+2*cityTax || terms.Party.Size() != 3 {
		t.Errorf("%+v", terms)
	}
	d.wantSold(0, 0)
	if n := d.night(familyID, may1); n.Sold != 1 {
		t.Errorf("family rooms: %+v", n)
	}
	var refused *booking.Refused
	_, err := d.OfferChange(d.ctx, b, []booking.Alteration{{StayID: b.Stays[0].ID, Party: stay.Party{Adults: 5}}})
	if !errors.As(err, &refused) {
		t.Errorf("five in a room for four: %v", err)
	}
	if _, err := d.OfferChange(d.ctx, b, to(b, 0, 2)); !errors.Is(err, booking.ErrUnchanged) {
		t.Errorf("no change: %v", err)
	}
}

func TestContractsAreCutOrAgreedAnew(t *testing.T) {
	d := newDesk(t)
	b := d.contracted("b", contract(4))
	if _, err := d.OfferChange(d.ctx, b, to(b, 0, 5)); !errors.Is(err, booking.ErrContract) {
		t.Errorf("more nights: %v", err)
	}
	b = d.changed("shorter", b, to(b, 1, 3))
	d.wantSold(0, 1, 1, 0)
	if b.Stays[0].Terms.Total != 16_000 || !b.Stays[0].Terms.Contract {
		t.Errorf("%+v", b.Stays[0].Terms)
	}
	wanted := to(b, 1, 4)
	wanted[0].Agreed, wanted[0].Reason = []int64{8_000, 8_000, 5_000}, "third night half"
	b = d.changed("longer", b, wanted)
	d.wantSold(0, 1, 1, 1)
	if b.Stays[0].Terms.Total != 21_000 || b.Stays[0].Terms.Reason != "third night half" {
		t.Errorf("%+v", b.Stays[0].Terms)
	}
}

func TestGuestInTheHouseChangesTheDeparture(t *testing.T) {
	d := newDesk(t)
	b := d.booked("book", 4)
	d.at(may1, "16:00")
	b = d.made(d.CheckIn(d.ctx, command("in"), b, 0))
	d.at(may1+2, "08:00")
	for name, wanted := range map[string][]booking.Alteration{"arrival": to(b, 1, 4), "past": to(b, 0, 1)} {
		if _, err := d.OfferChange(d.ctx, b, wanted); !errors.Is(err, booking.ErrDay) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b = d.changed("leaves today", b, to(b, 0, 2))
	d.wantSold(1, 1, 0, 0)
	if b.State() != booking.InHouse || b.Stays[0].Terms.Removed != 2*10_000 {
		t.Errorf("%s, fee %d: all is due by now", b.State(), b.Stays[0].Terms.Removed)
	}
	b = d.changed("stays after all", b, to(b, 0, 3))
	d.wantSold(1, 1, 1, 0)
}

func TestAddRooms(t *testing.T) {
	d := newDesk(t)
	b := d.booked("book", 2)
	family := d.offer(couple(2), familyID, flexID).Token
	b = d.made(d.AddRooms(d.ctx, command("add"), b, b.Version, []string{family}))
	if len(b.Stays) != 2 || b.Stays[1].State != booking.Confirmed || d.night(familyID, may1).Sold != 1 {
		t.Errorf("%d stays, %+v", len(b.Stays), d.night(familyID, may1))
	}
	if _, err := d.AddRooms(d.ctx, command("more"), b, 0, []string{family}); !errors.Is(err, inventory.ErrSoldOut) {
		t.Errorf("one more than there are: %v", err)
	}
	b = d.made(d.Cancel(d.ctx, command("cancel"), b, 0))
	if _, err := d.AddRooms(d.ctx, command("dead"), b, 0, []string{d.double(2).Token}); !errors.Is(err, booking.ErrState) {
		t.Errorf("into a cancelled booking: %v", err)
	}
}
