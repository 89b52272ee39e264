package web_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/internal/chrome"
	"github.com/vacancyhq/vacancy/property"
)

const weekend = "arrival=2026-12-18&departure=2026-12-20&room=2"

// slow is a guest in a browser who has typed everything when the time is up.
func slow(t *testing.T, h *house, p property.Property) *chrome.Tab {
	b := chrome.Open(t, chrome.Phone)
	b.Go(h.server.URL+"/hotels/"+p.ID+"?"+weekend, 200)
	b.Press(".rates .choose button", 200)
	if left := b.Text("[data-clock]"); !regexp.MustCompile(`^(10:00|9:5\d) left$`).MatchString(left) {
		t.Errorf("the countdown says %q", left)
	}
	b.Fill("#name", "Ana Lima")
	b.Fill("#email", "ana@example.com")
	b.Fill("#requests", "A quiet room")
	return b
}

// kept fails when anything would have to be typed again, and books.
func kept(t *testing.T, b *chrome.Tab) {
	t.Helper()
	if name, email, wish := b.Value("#name"), b.Value("#email"), b.Value("#requests"); name != "Ana Lima" || email != "ana@example.com" || wish != "A quiet room" {
		t.Errorf("left of what was typed: %q, %q, %q", name, email, wish)
	}
	if b.Has("#card") {
		b.Fill("#card", "sandbox_card_ok")
	}
	b.Click("input[name=accept]")
	b.Press("#details button.big", 200)
	b.Wants("You are expected, Ana Lima", "A quiet room")
}

// The hold ends while the guest types. Whatever was typed comes along, the way
// on is one click, and a room is booked: the same one, another one of the house
// when it is gone, or another day when the house is full.
func TestHoldExpiresInTheBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("drives a browser; -short")
	}
	chrome.Need(t)
	onEachEngine(t, func(t *testing.T, h *house) {
		h.open(1)
		for name, journey := range map[string]func(t *testing.T, h *house, p property.Property){
			"sent too late": sentTooLate, "the countdown ends": countdownEnds, "the room is gone": roomGone, "the house is full": houseFull,
		} {
			t.Run(name, func(t *testing.T) {
				journey(t, h, h.build(1, property.Property{Name: name, Source: property.Source{ID: name}}))
			})
		}
	})
}

func sentTooLate(t *testing.T, h *house, p property.Property) {
	b := slow(t, h, p)
	h.forward(booking.HoldLife + time.Second)
	b.Press("#details button.big", 409)
	b.Wants("The time for this room has passed", "What you typed is kept")
	b.Press("button.big", 200)
	kept(t, b)
}

// The page that is looked at says when the time is up, and needs no other page
// to go on from there.
func countdownEnds(t *testing.T, h *house, p property.Property) {
	b := slow(t, h, p)
	h.forward(booking.HoldLife - time.Second)
	b.Go(b.Address(), 200)
	b.Wait("[data-over] button")
	b.Wants("The time for this room has passed")
	if b.Has("[data-live]:not([hidden])") {
		t.Error("the page still offers what is over")
	}
	h.forward(2 * time.Second)
	b.Press("[data-over] button", 200)
	b.Wants("kept for you until")
	kept(t, b)
}

func roomGone(t *testing.T, h *house, p property.Property) {
	b := slow(t, h, p)
	h.forward(booking.HoldLife + time.Second)
	_, err := h.bookings.Sweep(t.Context(), 10)
	h.must(err)
	h.checkout(p) // somebody else has it now
	b.Press("#details button.big", 409)
	b.Press("button.big", 409)
	if said := b.Text(".notice"); !strings.Contains(said, "Somebody was faster") {
		t.Errorf("the page says %q", said)
	}
	b.Press(".rates .choose button", 200)
	kept(t, b)
}

func houseFull(t *testing.T, h *house, p property.Property) {
	b := slow(t, h, p)
	h.forward(booking.HoldLife + time.Second)
	_, err := h.bookings.Sweep(t.Context(), 10)
	h.must(err)
	for others := h.visitor(); ; {
		others.get("/hotels/" + p.ID + "?" + weekend)
		if strings.Contains(others.words(), "No room is free here on these dates") {
			break
		}
		others.form("/hold").send().wants(200, "Your details")
	}
	b.Press("#details button.big", 409)
	b.Press("button.big", 409)
	b.Wants("No room is free here on these dates")
	b.Press(".days a", 200)
	b.Press(".rates .choose button", 200)
	kept(t, b)
}
