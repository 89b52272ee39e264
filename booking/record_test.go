package booking_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/payment/ledger"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
)

func cash(minor int64) booking.Receipt {
	return booking.Receipt{Method: booking.Cash, Amount: money.Of(minor, "EUR"), Reference: "till 2"}
}

// Property 34, at the desk: what is paid back is at most what was received.
func TestMoneyAtTheDesk(t *testing.T) {
	d := newDesk(t)
	b := d.contracted("b", contract(2)) // 160.00
	for name, r := range map[string]booking.Receipt{
		"nothing": cash(0), "negative": cash(-1), "too much": cash(16_001),
		"dollars": {Method: booking.Cash, Amount: money.Of(1, "USD")}, "cheque": {Method: "cheque", Amount: money.Of(1, "EUR")},
	} {
		if _, err := d.Receive(d.ctx, command(name), b, 0, r); !errors.Is(err, booking.ErrReceipt) && !errors.Is(err, booking.ErrTooMuch) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b = d.made(d.Receive(d.ctx, command("deposit"), b, b.Version, cash(6_000)))
	card := cash(10_000)
	card.Method = booking.Card
	b = d.made(d.Receive(d.ctx, command("rest"), b, b.Version, card))
	d.wantLedger(b, map[ledger.Account]int64{
		ledger.RoomRevenue: -16_000, ledger.Cash: 6_000, ledger.CardTerminal: 10_000, ledger.GuestReceivable: 0,
	})
	b = d.made(d.Cancel(d.ctx, command("cancel"), b, 0)) // free
	account, err := d.Account(d.ctx, b)
	d.must(err)
	if account.Open.Minor != -16_000 || account.Charged.Minor != 0 || account.Received.Minor != 16_000 {
		t.Errorf("account %+v", account)
	}
	errs := make([]error, 4)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { _, errs[i] = d.PayBack(d.ctx, command(fmt.Sprint("back", i)), b, 0, cash(8_000)) })
	}
	all.Wait()
	done := 0
	for _, err := range errs {
		switch {
		case err == nil:
			done++
		case !errors.Is(err, booking.ErrTooMuch):
			t.Error(err)
		}
	}
	if account, err = d.Account(d.ctx, b); err != nil || done != 2 || account.Open.Minor != 0 || account.Received.Minor != 0 {
		t.Errorf("%d of four were paid back: %+v, %v", done, account, err)
	}
}

func TestTimelineTellsEverything(t *testing.T) {
	d := newDesk(t)
	hold := d.made(d.Hold(d.ctx, command("hold"), []string{d.double(2).Token}))
	b := d.made(d.BookHold(d.ctx, command("book"), hold, purchase()))
	b = d.made(d.AddNote(d.ctx, command("note"), b, b.Version, "Arrives late, knows Mr Hill"))
	b = d.changed("change", b, to(b, 0, 3))
	d.at(may1, "16:00")
	b = d.made(d.CheckIn(d.ctx, command("in"), b, 0))
	b = d.made(d.MoveRoom(d.ctx, command("move"), b, 0, b.Stays[0].ID, familyID))
	b = d.made(d.Receive(d.ctx, command("pay"), b, 0, cash(1_000)))
	d.at(may1+3, "10:00")
	b = d.made(d.CheckOut(d.ctx, command("out"), b, 0))
	entries, err := d.Timeline(d.ctx, b)
	d.must(err)
	var got []string
	for i, e := range entries {
		got = append(got, e.Kind)
		if e.Version != int64(i+1) || e.At.IsZero() || e.By != "checkout:1" {
			t.Errorf("entry %+v", e)
		}
	}
	want := []string{"held", "confirmed", "noted", "changed", "checked_in", "room_moved", "paid", "checked_out"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
	if entries[2].Note != "Arrives late, knows Mr Hill" || entries[6].Paid.Minor != 1_000 || entries[6].Method != booking.Cash ||
		entries[6].Reason != "till 2" || entries[5].Stays[0].MovedTo != familyID || entries[3].Stays[0].Departure != "2027-05-04" {
		t.Errorf("entries %+v", entries)
	}
	all, err := d.store.Events(d.ctx, outboxStart, 1_000)
	d.must(err)
	for _, e := range all {
		if strings.Contains(string(e.Data), "Hill") || strings.Contains(string(e.Data), "Ada") {
			t.Errorf("an event names people: %s", e.Data)
		}
	}
}

func TestNotesHaveLimits(t *testing.T) {
	d := newDesk(t)
	b := d.contracted("b", contract(1))
	for _, text := range []string{"", " \n", strings.Repeat("x", booking.MaxNote+1), "\xff", "a\x00b"} {
		if _, err := d.AddNote(d.ctx, command("note"), b, 0, text); !errors.Is(err, booking.ErrNote) {
			t.Errorf("a note of %d bytes: %v", len(text), err)
		}
	}
	for i := range booking.MaxNotes {
		b = d.made(d.AddNote(d.ctx, command(fmt.Sprint("note", i)), b, b.Version, "x"))
	}
	if _, err := d.AddNote(d.ctx, command("one more"), b, 0, "x"); !errors.Is(err, booking.ErrNote) {
		t.Errorf("one more: %v", err)
	}
}

// Property 69.
func TestErasureLeavesTheBooksBalanced(t *testing.T) {
	d := newDesk(t)
	p := withOffers(purchase(), d.offer(couple(2), doubleID, cardID).Token)
	p.CardToken, p.Requests = sandboxpay.TokenOK, "Ada is allergic to nuts"
	named := command("book")
	named.Render = func(r booking.Result) (int, []byte) {
		return 201, fmt.Appendf(nil, `{"id":%q,"name":%q,"email":%q}`, r.Booking.ID, r.Guest.Name, r.Guest.Email)
	}
	b := d.made(d.BookOffers(d.ctx, named, p))
	b = d.made(d.AddNote(d.ctx, command("note"), b, 0, "Ada called"))
	if _, err := d.Erase(d.ctx, command("early"), b, 0); !errors.Is(err, booking.ErrState) {
		t.Errorf("erasing a guest who is to come: %v", err)
	}
	b = d.made(d.Cancel(d.ctx, command("cancel"), b, 0))
	dossier, err := d.Dossier(d.ctx, b)
	d.must(err)
	if dossier.Guest.Name != "Ada Lovelace" || len(dossier.Postings) != 2 || len(dossier.Timeline) != 3 || dossier.Booking.ID != b.ID {
		t.Errorf("dossier %+v", dossier)
	}
	b = d.made(d.Erase(d.ctx, command("erase"), b, b.Version))
	after, err := d.Dossier(d.ctx, b)
	d.must(err)
	if diff := cmp.Diff(dossier.Postings, after.Postings); diff != "" {
		t.Errorf("the books changed:\n%s", diff)
	}
	d.wantLedger(b, map[ledger.Account]int64{})
	replayed, err := d.BookOffers(d.ctx, named, p)
	d.must(err)
	left := fmt.Sprintf("%+v %+v %s", after, *after.Guest, replayed.Body)
	if strings.Contains(left, "Ada") || strings.Contains(left, "ada@") || strings.Contains(left, "nuts") || b.Guarantee != "" || !replayed.Replayed {
		t.Errorf("what is left: %s", left)
	}
	if *after.Guest != (guest.Guest{ID: b.GuestID, PropertyID: houseID}) {
		t.Errorf("guest %+v", after.Guest)
	}
	if _, err := d.Find(d.ctx, b.Code, "ada@example.com"); !errors.Is(err, booking.ErrNotFound) {
		t.Errorf("the erased guest finds the booking: %v", err)
	}
}
