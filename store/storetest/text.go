package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/stay"
)

var textTests = []test{
	{"Text/Reads", testNoTextIsNotFound},
	{"Text/Writes", testNoTextIsNotWritten},
}

// noTexts are what one engine or another does not keep: a NUL, and what is not UTF-8.
var noTexts = []string{"\x00", "prop_house\x00", "\xff", "prop_\xc3("}

// Nothing is called by what is no text: it is not found, and that is no fault of the store's.
func testNoTextIsNotFound(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	h.applied(h.book(h.stay(0, 1, 1)))
	for _, text := range noTexts {
		_, err := o.Store.Property(h.ctx, text)
		wantErr(t, err, property.ErrNotFound)
		_, err = o.Store.PropertyBySource(h.ctx, "ten_a", text)
		wantErr(t, err, property.ErrNotFound)
		_, err = o.Store.Booking(h.ctx, text)
		wantErr(t, err, booking.ErrNotFound)
		_, err = o.Store.BookingByCode(h.ctx, text)
		wantErr(t, err, booking.ErrNotFound)
		_, err = o.Store.Guest(h.ctx, h.property.ID, text)
		wantErr(t, err, guest.ErrNotFound)
		_, err = o.Store.Review(h.ctx, h.property.ID, text)
		wantErr(t, err, review.ErrNotFound)
		_, err = o.Store.ReviewOf(h.ctx, h.property.ID, text)
		wantErr(t, err, review.ErrNotFound)
		_, err = o.Store.Staff(h.ctx, text)
		wantErr(t, err, account.ErrNotFound)
		_, err = o.Store.StaffByEmail(h.ctx, text)
		wantErr(t, err, account.ErrNotFound)
		_, err = o.Store.Sellable(h.ctx, text, stay.Stay{Arrival: opening, Departure: opening.Add(1)})
		wantErr(t, err, property.ErrNotFound)
		stored, err := o.Store.Request(h.ctx, h.property.ID, "key_a", text)
		if stored != nil || err != nil {
			t.Errorf("a request called %q: %v, %v", text, stored, err)
		}
		h.must(none(o.Store.Properties(h.ctx, "ten_a", text, 10)))
		h.must(none(o.Store.Properties(h.ctx, "", text, 10)))
		h.must(none(o.Store.RoomTypes(h.ctx, text)))
		h.must(none(o.Store.Plans(h.ctx, text)))
		h.must(none(o.Store.Calendars(h.ctx, text)))
		h.must(none(o.Store.Nights(h.ctx, text, opening, opening.Add(2))))
		h.must(none(o.Store.Bookings(h.ctx, h.property.ID, text, 10)))
		h.must(none(o.Store.Postings(h.ctx, h.property.ID, text)))
		h.must(none(o.Store.BookingEvents(h.ctx, h.property.ID, text)))
		h.must(none(o.Store.Keys(h.ctx, text)))
		h.must(none(o.Store.Reviews(h.ctx, review.Page{PropertyID: text, Limit: 10})))
		h.must(none(o.Store.ReviewTallies(h.ctx, text+"zzz", 10)))
	}
}

// none wants a list without anything in it. It is generic over what is listed.
func none[T any](all []T, err error) error {
	if err == nil && len(all) > 0 {
		err = fmt.Errorf("%d are listed, want none", len(all))
	}
	return err
}

// Every engine refuses such a text in a write, and leaves nothing of it.
func testNoTextIsNotWritten(t *testing.T, o Opened) {
	h := newHouse(t, o, 2)
	before := h.traces()
	for _, text := range noTexts {
		p := h.property
		p.ID, p.Version = text, 0
		wantErr(t, o.Store.ApplyProperty(h.ctx, property.Change{PropertyID: p.ID, Property: &p}), outbox.ErrText)
		plan := h.plan
		plan.ID, plan.Version = text, 0
		change := rate.Change{PropertyID: h.property.ID, Plans: []rate.Plan{plan}}
		wantErr(t, o.Store.ApplyRate(h.ctx, change), outbox.ErrText)
		tenant := account.Tenant{ID: text, Name: "Inn", CreatedAt: time.Unix(0, 0)}
		wantErr(t, o.Store.ApplyAccount(h.ctx, account.Change{Tenants: []account.Tenant{tenant}}), outbox.ErrText)
		asked := h.book(h.stay(0, 1, 1))
		asked.Request = h.request("key_a", text, "{}")
		wantErr(t, h.apply(asked), outbox.ErrText)
		named := h.book(h.stay(0, 1, 1))
		named.Guest = &guest.Guest{ID: h.id("gst"), PropertyID: h.property.ID, Name: text, Email: "a@b.example"}
		wantErr(t, h.apply(named), outbox.ErrText)
	}
	if after := h.traces(); after != before {
		t.Errorf("refused writes left %+v, before them %+v", after, before)
	}
	if _, err := o.Store.Property(h.ctx, h.property.ID); errors.Is(err, property.ErrNotFound) {
		t.Error("the house is gone")
	}
}
