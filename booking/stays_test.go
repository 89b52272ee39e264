package booking_test

import (
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/payment/ledger"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

// contract is n nights in a double from the first of May, 80.00 each.
func contract(nights int) booking.Contract {
	c := booking.Contract{
		PropertyID: houseID, RoomTypeID: doubleID, PlanID: flexID, Party: stay.Party{Adults: 1}, Currency: "EUR",
		Stay: stay.Stay{Arrival: may1, Departure: may1.Add(nights)}, Reason: "regular guest",
	}
	for range nights {
		c.Nights = append(c.Nights, 8_000)
	}
	return c
}

func (d *desk) contracted(key string, stays ...booking.Contract) booking.Booking {
	d.t.Helper()
	return d.made(d.BookContract(d.ctx, command(key), stays, booking.Purchase{}))
}

// at moves the clock to a wall time in Lindau.
func (d *desk) at(night stay.Date, clock string) {
	d.t.Helper()
	zone, err := stay.Zone("Europe/Berlin")
	d.must(err)
	c, err := stay.ParseClock(clock)
	d.must(err)
	d.clock.forward(stay.Instant(night, c, zone, stay.Earlier).Sub(d.clock.now()))
}

// sold is the sold doubles on each night from the first of May.
func (d *desk) sold(nights int) []int {
	d.t.Helper()
	var all []int
	for n := range nights {
		all = append(all, d.night(doubleID, may1.Add(n)).Sold)
	}
	return all
}

func (d *desk) wantSold(want ...int) {
	d.t.Helper()
	for n, got := range d.sold(len(want)) {
		if got != want[n] {
			d.t.Errorf("%d doubles sold on %s, want %d", got, may1.Add(n), want[n])
		}
	}
}

// wantLedger checks that the postings balance and sum to what the stays owe.
//
// Property 37.
func (d *desk) wantLedger(b booking.Booking, want map[ledger.Account]int64) {
	d.t.Helper()
	postings, err := d.store.Postings(d.ctx, houseID, b.ID)
	d.must(err)
	got, owed := make(map[ledger.Account]int64), make(map[ledger.Account]int64)
	for _, p := range postings {
		d.must(p.Check())
		for _, e := range p.Entries {
			got[e.Account] += e.Amount.Minor
		}
	}
	for _, r := range b.Stays {
		for _, e := range r.Owes() {
			owed[e.Account] += e.Amount.Minor
		}
	}
	for account, minor := range got {
		if minor != want[account] {
			d.t.Errorf("the ledger holds %d in %s, want %d", minor, account, want[account])
		}
		if account != ledger.GuestReceivable && owed[account] != 0 && owed[account] != minor {
			d.t.Errorf("the stays owe %d in %s, the ledger holds %d", owed[account], account, minor)
		}
	}
	for account, minor := range want {
		if got[account] != minor {
			d.t.Errorf("the ledger holds %d in %s, want %d", got[account], account, minor)
		}
	}
}

func TestContractIsSoldAtItsPrice(t *testing.T) {
	d := newDesk(t)
	c := contract(3)
	c.Adjustment = -500
	b := d.contracted("phone", c)
	d.wantSold(1, 1, 1, 0)
	terms := b.Stays[0].Terms
	if b.State() != booking.Confirmed || b.Code == "" || b.GuestID != "" || !terms.Contract || terms.Reason != "regular guest" ||
		terms.Total != 24_000 || len(terms.Cancellation) != 2 || terms.RoomTypeName != "Double" {
		t.Errorf("booked %+v", b)
	}
	d.wantLedger(b, map[ledger.Account]int64{
		ledger.GuestReceivable: 23_500, ledger.RoomRevenue: -24_000, ledger.Adjustment: 500,
	})
	postings, err := d.store.Postings(d.ctx, houseID, b.ID)
	d.must(err)
	if postings[0].Reason != "regular guest" {
		t.Errorf("the posting's reason is %q", postings[0].Reason)
	}
	b = d.made(d.Cancel(d.ctx, command("cancel"), b, b.Version))
	d.wantSold(0, 0, 0)
	d.wantLedger(b, map[ledger.Account]int64{})
}

func TestDayUseTakesNoStock(t *testing.T) {
	d := newDesk(t)
	c := contract(0)
	c.DayUse, c.Nights = true, []int64{4_000}
	b := d.contracted("day use", c, c, c)
	d.wantSold(0)
	d.wantLedger(b, map[ledger.Account]int64{ledger.GuestReceivable: 12_000, ledger.RoomRevenue: -12_000})
	d.at(may1, "09:00")
	b = d.made(d.CheckIn(d.ctx, command("in"), b, 0))
	b = d.made(d.CheckOut(d.ctx, command("out"), b, 0))
	b = d.made(d.Undo(d.ctx, command("undo"), b, 0))
	if b.State() != booking.InHouse {
		t.Errorf("state %s", b.State())
	}
	d.wantSold(0)
}

func TestContractsThatCannotBe(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct {
		spoil func(*booking.Contract)
		want  error
	}{
		"no reason":        {func(c *booking.Contract) { c.Reason = " " }, booking.ErrContract},
		"a price missing":  {func(c *booking.Contract) { c.Nights = c.Nights[:1] }, booking.ErrContract},
		"negative price":   {func(c *booking.Contract) { c.Nights[0] = -1 }, booking.ErrContract},
		"nobody":           {func(c *booking.Contract) { c.Party.Adults = 0 }, booking.ErrContract},
		"no nights":        {func(c *booking.Contract) { c.Stay.Departure = may1; c.Nights = nil }, stay.ErrStay},
		"day use by night": {func(c *booking.Contract) { c.DayUse = true }, booking.ErrContract},
		"past":             {func(c *booking.Contract) { c.Stay = stay.Stay{Arrival: may1 - 40, Departure: may1 - 38} }, booking.ErrPast},
		"currency":         {func(c *booking.Contract) { c.Currency = "USD" }, booking.ErrContract},
		"room type":        {func(c *booking.Contract) { c.RoomTypeID = "room_x" }, inventory.ErrRoomType},
		"plan":             {func(c *booking.Contract) { c.PlanID = "rate_x" }, rate.ErrNotFound},
		"not on sale":      {func(c *booking.Contract) { c.Stay = stay.Stay{Arrival: may1 + 100, Departure: may1 + 102} }, inventory.ErrNotOnSale},
	} {
		spoiled := contract(2)
		c.spoil(&spoiled)
		if _, err := d.BookContract(d.ctx, command(name), []booking.Contract{spoiled}, booking.Purchase{}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if d.events() != 0 {
		t.Errorf("refusals left %d events", d.events())
	}
}

func TestStaffGuestNeedsOnlyAName(t *testing.T) {
	d := newDesk(t)
	p := booking.Purchase{Guest: guest.Guest{Name: "Walk-in Müller"}}
	b := d.made(d.BookContract(d.ctx, command("walk in"), []booking.Contract{contract(1)}, p))
	if who, err := d.Guest(d.ctx, b); err != nil || who.Name != "Walk-in Müller" {
		t.Errorf("guest %+v, %v", who, err)
	}
	p.Guest = guest.Guest{Email: "x@example.com"}
	if _, err := d.BookContract(d.ctx, command("nameless"), []booking.Contract{contract(1)}, p); !errors.Is(err, guest.ErrInvalid) {
		t.Errorf("a guest without a name: %v", err)
	}
}

// Property 55: a sale that a channel has made already is taken, and somebody has to answer for it.
func TestForcedSaleOpensACase(t *testing.T) {
	d := newDesk(t)
	c := contract(2)
	d.contracted("full", c, c)
	if _, err := d.BookContract(d.ctx, command("refused"), []booking.Contract{c}, booking.Purchase{}); !errors.Is(err, inventory.ErrSoldOut) {
		t.Fatalf("one more: %v", err)
	}
	c.Forced = true
	b := d.contracted("forced", c)
	d.wantSold(3, 3, 0)
	cases, err := d.store.Cases(d.ctx, houseID)
	d.must(err)
	if n := d.night(doubleID, may1); len(cases) != 2 || n.Oversold != 1 || cases[0].Oversold != 1 || cases[0].By != "checkout:1" {
		t.Errorf("oversold %d, cases %+v", n.Oversold, cases)
	}
	d.made(d.Cancel(d.ctx, command("cancel"), b, 0))
	if n := d.night(doubleID, may1); n.Oversold != 0 || n.Sold != 2 {
		t.Errorf("after the cancellation %+v", n)
	}
}

// Property 55: a hold past its time does not make an overbooking of a forced sale.
func TestForcedSaleEndsDeadHoldsFirst(t *testing.T) {
	d := newDesk(t)
	token := d.double(1).Token
	d.made(d.Hold(d.ctx, command("hold"), []string{token, token}))
	d.clock.forward(booking.HoldLife)
	c := contract(1)
	c.Forced = true
	d.contracted("forced", c)
	if cases, err := d.store.Cases(d.ctx, houseID); err != nil || len(cases) != 0 {
		t.Errorf("cases %+v, %v", cases, err)
	}
}

func TestStayFromArrivalToDeparture(t *testing.T) {
	d := newDesk(t)
	b := d.contracted("b", contract(3))
	d.at(may1-1, "23:59")
	if _, err := d.CheckIn(d.ctx, command("early"), b, 0); !errors.Is(err, booking.ErrDay) {
		t.Errorf("a day early: %v", err)
	}
	d.at(may1, "00:01")
	if _, err := d.CheckOut(d.ctx, command("not in"), b, 0); !errors.Is(err, booking.ErrState) {
		t.Errorf("leaving before arriving: %v", err)
	}
	b = d.made(d.CheckIn(d.ctx, command("in"), b, b.Version))
	if b.State() != booking.InHouse || !b.Stays[0].CheckedInAt.Equal(d.clock.now()) {
		t.Errorf("checked in: %+v", b.Stays[0])
	}
	d.at(may1+3, "10:00")
	b = d.made(d.CheckOut(d.ctx, command("out"), b, b.Version))
	d.wantSold(1, 1, 1, 0)
	if b.State() != booking.CheckedOut || b.Stays[0].Uses != b.Stays[0].Terms.Stay || b.Stays[0].EndedAt.IsZero() {
		t.Errorf("checked out: %+v", b.Stays[0])
	}
	d.wantLedger(b, map[ledger.Account]int64{ledger.GuestReceivable: 24_000, ledger.RoomRevenue: -24_000})
}

func TestEarlyDepartureReturnsTheNights(t *testing.T) {
	d := newDesk(t)
	b := d.contracted("b", contract(4))
	d.at(may1, "18:00")
	b = d.made(d.CheckIn(d.ctx, command("in"), b, 0))
	d.at(may1+2, "09:00")
	b = d.made(d.CheckOut(d.ctx, command("out"), b, 0))
	d.wantSold(1, 1, 0, 0)
	next := contract(2)
	next.Stay = stay.Stay{Arrival: may1 + 2, Departure: may1 + 4}
	d.contracted("others", next, next)
	if _, err := d.Undo(d.ctx, command("undo"), b, 0); !errors.Is(err, inventory.ErrSoldOut) {
		t.Errorf("the nights were sold meanwhile: %v", err)
	}
}

func TestUndoIsForTheSameDay(t *testing.T) {
	d := newDesk(t)
	b := d.contracted("b", contract(4))
	d.at(may1, "23:30")
	b = d.made(d.CheckIn(d.ctx, command("in"), b, 0))
	b = d.made(d.Undo(d.ctx, command("undo in"), b, 0))
	if b.State() != booking.Confirmed || !b.Stays[0].CheckedInAt.IsZero() {
		t.Errorf("after the undo: %+v", b.Stays[0])
	}
	b = d.made(d.CheckIn(d.ctx, command("in again"), b, 0))
	d.at(may1+1, "00:30")
	if _, err := d.Undo(d.ctx, command("late"), b, 0); !errors.Is(err, booking.ErrDay) {
		t.Errorf("on the next day: %v", err)
	}
	b = d.made(d.CheckOut(d.ctx, command("out"), b, 0))
	d.wantSold(1, 0, 0, 0)
	b = d.made(d.Undo(d.ctx, command("undo out"), b, 0))
	d.wantSold(1, 1, 1, 1)
	if b.State() != booking.InHouse {
		t.Errorf("state %s", b.State())
	}
}

// Property 39: a no-show costs what the terms disclosed, not more.
func TestNoShow(t *testing.T) {
	d := newDesk(t)
	b := d.contracted("b", contract(3))
	d.at(may1, "14:59")
	if _, err := d.NoShow(d.ctx, command("early"), b, 0); !errors.Is(err, booking.ErrDay) {
		t.Errorf("before check-in time: %v", err)
	}
	d.at(may1, "23:00")
	b = d.made(d.NoShow(d.ctx, command("no-show"), b, b.Version))
	d.wantSold(1, 0, 0)
	if b.State() != booking.NoShow || b.Stays[0].Fee != 24_000 {
		t.Errorf("%+v", b.Stays[0])
	}
	d.wantLedger(b, map[ledger.Account]int64{ledger.GuestReceivable: 24_000, ledger.NoShowFee: -24_000})
	b = d.made(d.Undo(d.ctx, command("came at last"), b, 0))
	d.wantSold(1, 1, 1)
	d.wantLedger(b, map[ledger.Account]int64{ledger.GuestReceivable: 24_000, ledger.RoomRevenue: -24_000})

	free := contract(3)
	free.Cancellation = []rate.CancellationStep{{Always: true, Amount: money.RatOf(1_000, 1)}}
	late := d.contracted("late", free)
	d.at(may1+booking.NoShowDays+1, "00:00")
	if _, err := d.NoShow(d.ctx, command("too late"), late, 0); !errors.Is(err, booking.ErrDay) {
		t.Errorf("a week and a day later: %v", err)
	}
	d.clock.forward(-time.Minute)
	late = d.made(d.NoShow(d.ctx, command("late no-show"), late, 0))
	if late.Stays[0].Fee != 1_000 {
		t.Errorf("fee %d", late.Stays[0].Fee)
	}
}

func TestMoveRoomLeavesTheStock(t *testing.T) {
	d := newDesk(t)
	b := d.contracted("b", contract(2))
	if _, err := d.MoveRoom(d.ctx, command("nowhere"), b, 0, b.Stays[0].ID, "room_x"); !errors.Is(err, property.ErrNotFound) {
		t.Errorf("a room type that is not: %v", err)
	}
	if _, err := d.MoveRoom(d.ctx, command("nobody"), b, 0, "stay_x", familyID); !errors.Is(err, booking.ErrNoStay) {
		t.Errorf("a stay that is not: %v", err)
	}
	b = d.made(d.MoveRoom(d.ctx, command("move"), b, b.Version, b.Stays[0].ID, familyID))
	d.wantSold(1, 1)
	if b.Stays[0].RoomTypeID != familyID || d.night(familyID, may1).Sold != 0 {
		t.Errorf("%+v", b.Stays[0])
	}
	b = d.made(d.MoveRoom(d.ctx, command("back"), b, 0, b.Stays[0].ID, doubleID))
	if b.Stays[0].RoomTypeID != "" {
		t.Errorf("%+v", b.Stays[0])
	}
}

// Property 10: of two writers who saw one version, one wins; the room returns once.
func TestCancelOneStayOfSeveral(t *testing.T) {
	d := newDesk(t)
	b := d.contracted("b", contract(2), contract(3))
	seen := b.Version
	first, second := b.Stays[0].ID, b.Stays[1].ID
	b = d.made(d.Cancel(d.ctx, command("one"), b, seen, first))
	d.wantSold(1, 1, 1)
	if b.State() != booking.Confirmed || !b.CancelledAt.IsZero() {
		t.Errorf("%s, cancelled at %v", b.State(), b.CancelledAt)
	}
	if _, err := d.Cancel(d.ctx, command("stale"), b, seen, second); !errors.Is(err, booking.ErrStale) {
		t.Errorf("with the version of before: %v", err)
	}
	if _, err := d.Cancel(d.ctx, command("twice"), b, 0, first); !errors.Is(err, booking.ErrState) {
		t.Errorf("the same stay again: %v", err)
	}
	if _, err := d.Cancel(d.ctx, command("both"), b, 0, first, second); !errors.Is(err, booking.ErrState) {
		t.Errorf("with one that has ended: %v", err)
	}
	d.wantSold(1, 1, 1)
	b = d.made(d.Cancel(d.ctx, command("rest"), b, 0))
	d.wantSold(0, 0, 0)
	if b.State() != booking.Cancelled || b.CancelledAt.IsZero() {
		t.Errorf("%s, cancelled at %v", b.State(), b.CancelledAt)
	}
}

func TestVerbsReplay(t *testing.T) {
	d := newDesk(t)
	b := d.contracted("b", contract(2))
	d.at(may1, "16:00")
	first, err := d.CheckIn(d.ctx, command("in"), b, b.Version)
	d.must(err)
	again, err := d.CheckIn(d.ctx, command("in"), b, b.Version)
	d.must(err)
	if !again.Replayed || string(again.Body) != string(first.Body) {
		t.Errorf("again: %+v", again)
	}
	other := command("in")
	other.Fingerprint = sha256.Sum256([]byte("other"))
	if _, err := d.CheckIn(d.ctx, other, b, 0); err == nil {
		t.Error("another request with the same key was taken")
	}
}
