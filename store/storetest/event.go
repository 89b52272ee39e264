package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
)

var eventTests = []test{
	{"Events/Tailer", testTailer},
	{"Events/Wake", testWake},
	{"Events/Cursor", testCursor},
	{"Events/Prune", testPrune},
	{"Events/RoundTrip", testEventRoundTrip},
	{"Events/OfBooking", testEventsOfBooking},
	{"Events/ForgetAnswers", testForgetAnswers},
}

// Property 50: a reader that follows by cursor while many write sees every
// event exactly once, in the order that a later reader sees too.
func testTailer(t *testing.T, o Opened) {
	h := newHouse(t, o, inventory.MaxStock, inventory.MaxStock)
	writers, rounds := 8, scale(40, 10)
	done, seen := make(chan struct{}), make(chan []outbox.Stored)
	go func() { seen <- follow(t, o.Store, done) }()
	errs := together(writers, func(i int) error {
		for n := range rounds {
			if err := h.apply(h.hold(h.stay((i+n)%2, n%20, 1+i))); err != nil {
				return err
			}
		}
		return nil
	})
	close(done)
	got := <-seen
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	same(t, h.events(), got)
	ids := make(map[string]int)
	for _, e := range got {
		if e.Type == "booking.held" {
			ids[string(e.Data)]++
		}
	}
	if len(ids) != writers*rounds {
		t.Errorf("%d bookings seen, want %d", len(ids), writers*rounds)
	}
	for data, n := range ids {
		if n != 1 {
			t.Errorf("%s seen %d times", data, n)
		}
	}
}

// follow reads pages of odd sizes until the writers are done and nothing is left.
func follow(t *testing.T, log outbox.Log, done <-chan struct{}) []outbox.Stored {
	var all []outbox.Stored
	var after outbox.Position
	for size := 1; ; size = size%7 + 1 {
		last := false
		select {
		case <-done:
			last = true
		default:
		}
		page, err := log.Events(context.Background(), after, size)
		if err != nil {
			t.Errorf("events: %v", err)
			return all
		}
		for _, e := range page {
			if !after.Less(e.Position) {
				t.Errorf("position %v after %v", e.Position, after)
			}
			after = e.Position
		}
		all = append(all, page...)
		if last && len(page) == 0 {
			return all
		}
	}
}

// Every tailer in the process wakes, not just one of them.
func testWake(t *testing.T, o Opened) {
	h := newHouse(t, o, 5)
	first, second := o.Store.Committed(), o.Store.Committed()
	h.applied(h.hold(h.stay(0, 0, 1)))
	for _, wake := range []<-chan struct{}{first, second} {
		select {
		case <-wake:
		case <-time.After(5 * time.Second):
			t.Error("a tailer was not woken by a commit")
		}
	}
	for range 100 { // nobody listens: a writer must not wait for that
		h.must(h.apply(h.hold(h.stay(0, h.traceNight(), 1))))
	}
}

func testCursor(t *testing.T, o Opened) {
	ctx := t.Context()
	if got, err := o.Store.Cursor(ctx, "index"); err != nil || got != (outbox.Position{}) {
		t.Errorf("a new reader's cursor is %v, %v; want the beginning", got, err)
	}
	for _, want := range []outbox.Position{{Major: 7, Minor: 9}, {Major: 1 << 40, Minor: 1 << 41}, {}} {
		wantErr(t, o.Store.SetCursor(ctx, "index", want), nil)
		if got, err := o.Store.Cursor(ctx, "index"); err != nil || got != want {
			t.Errorf("cursor %v, %v; want %v", got, err, want)
		}
	}
	wantErr(t, o.Store.SetCursor(ctx, "mail", outbox.Position{Major: 3}), nil)
	if got, _ := o.Store.Cursor(ctx, "index"); got != (outbox.Position{}) {
		t.Errorf("another reader moved the cursor to %v", got)
	}
}

func testPrune(t *testing.T, o Opened) {
	h := newHouse(t, o, 50)
	add := func(key string) {
		change := h.hold(h.stay(0, 0, 1))
		change.Request = h.request("key_a", key, "{}")
		h.applied(change)
	}
	for i := range 3 {
		add(fmt.Sprint("old", i))
	}
	o.Shift(outbox.Retention - time.Minute)
	add("new")
	events := len(h.events())
	if n, err := o.Store.Prune(h.ctx); n != 0 || err != nil {
		t.Errorf("pruned %d, %v before the time", n, err)
	}
	o.Shift(2 * time.Minute)
	if n, err := o.Store.Prune(h.ctx); n != 3 || err != nil {
		t.Errorf("pruned %d, %v; want the 3 old answers", n, err)
	}
	if stored, err := o.Store.Request(h.ctx, h.property.ID, "key_a", "new"); stored == nil || err != nil {
		t.Errorf("the new answer is gone: %v", err)
	}
	if n := len(h.events()); n != events {
		t.Errorf("%d events, were %d: none is ever pruned", n, events)
	}
}

func testEventRoundTrip(t *testing.T, o Opened) {
	h := newHouse(t, o, 5)
	before := len(h.events())
	change := h.hold(h.stay(0, 0, 1))
	data := []byte(`{"b": 1, "a":"<é>",  "a":2}`) // kept byte for byte: signed webhooks carry it
	change.Events = []outbox.Event{
		{PropertyID: h.property.ID, Type: "test.first", Version: 3, Data: data},
		{PropertyID: h.property.ID, Type: "test.second", Version: 4, Data: []byte(`{}`)},
	}
	h.applied(change)
	var got []outbox.Event
	for _, e := range h.events()[before:] {
		if e.Type == "test.first" || e.Type == "test.second" {
			got = append(got, e.Event)
		}
	}
	same(t, change.Events, got)
}

func testEventsOfBooking(t *testing.T, o Opened) {
	h := newHouse(t, o, 9)
	b := h.applied(h.hold(h.stay(0, 0, 1)))
	other := h.applied(h.book(h.stay(0, 1, 1)))
	b = h.applied(h.confirm(b))
	h.applied(h.cancel(b))
	var want []outbox.Stored
	for _, e := range h.events() {
		if strings.Contains(string(e.Data), b.ID) {
			want = append(want, e)
		}
	}
	got, err := o.Store.BookingEvents(h.ctx, h.property.ID, b.ID)
	h.must(err)
	same(t, want, got)
	if len(got) != 3 {
		t.Errorf("%d events, want 3", len(got))
	}
	for _, none := range [][2]string{{h.property.ID, "bkg_none"}, {"prop_other", b.ID}} {
		if got, err := o.Store.BookingEvents(h.ctx, none[0], none[1]); err != nil || len(got) != 0 {
			t.Errorf("events of %v: %v, %v", none, got, err)
		}
	}
	if got, err := o.Store.BookingEvents(h.ctx, h.property.ID, other.ID); err != nil || len(got) != 1 {
		t.Errorf("events of the other: %v, %v", got, err)
	}
}

// Property 69: who repeats a request gets nothing of what was forgotten.
func testForgetAnswers(t *testing.T, o Opened) {
	h := newHouse(t, o, 9)
	for _, answer := range []string{`{"id":"bkg_a","name":"Zoë"}`, `{"id":"bkg_b","name":"Ada"}`} {
		c := h.book(h.stay(0, 0, 1))
		c.Request = h.request("key_a", answer[7:12], answer)
		h.applied(c)
	}
	h.must(o.Store.ForgetAnswers(h.ctx, h.property.ID, "bkg_a", []byte("{}")))
	h.must(o.Store.ForgetAnswers(h.ctx, "prop_other", "bkg_b", []byte("{}")))
	for key, want := range map[string]string{"bkg_a": "{}", "bkg_b": `{"id":"bkg_b","name":"Ada"}`} {
		stored, err := o.Store.Request(h.ctx, h.property.ID, "key_a", key)
		h.must(err)
		if stored == nil || string(stored.Answer) != want || stored.Status != 201 {
			t.Errorf("%s: %+v", key, stored)
		}
	}
}
