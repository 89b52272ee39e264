package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/internal/chrome"
	"github.com/vacancyhq/vacancy/property"
)

// look is a guest's way through every page, in a browser; see is called on each.
func look(t *testing.T, h *house, p property.Property, device chrome.Device, see func(name string, b *chrome.Tab)) {
	b := chrome.Open(t, device)
	h.looks++
	email := fmt.Sprintf("ana.%d@example.com", h.looks) // the list of bookings is this look's
	visit := func(name, path string, status int) {
		b.Go(h.server.URL+path, status)
		see(name, b)
	}
	const dates = "arrival=2026-12-18&departure=2026-12-20&room=2"
	visit("front", "/", 200)
	visit("results", "/?place=Paris&"+dates, 200)
	visit("map", "/?place=Paris&view=map&"+dates, 200)
	visit("nothing", "/?place=Paris&"+dates+"&stars=1", 200)
	visit("nowhere", "/?place=Paris&"+dates+"&room=8-7", 200)
	visit("hotel", "/hotels/"+p.ID+"?"+dates, 200)
	visit("rooms", "/hotels/"+p.ID+"?"+dates+"&room=2#choose", 200)
	b.Go(h.server.URL+"/hotels/"+p.ID+"?"+dates, 200)
	b.Press(".rates tr:last-child .choose button", 200)
	see("checkout", b)
	h.forward(booking.HoldLife)
	b.Go(b.Address(), 409)
	see("expired", b)
	b.Press("button.big", 200)
	b.Press("#details button.big", 422)
	see("errors", b)
	b.Fill("#name", "Ana Lima")
	b.Fill("#email", email)
	if b.Has("#card") {
		b.Fill("#card", "sandbox_card_ok")
	}
	b.Click("input[name=accept]")
	b.Press("#details button.big", 200)
	see("booking", b)
	booked := strings.TrimPrefix(b.Address(), h.server.URL)
	visit("change", booked+"/change?stay="+h.booked(p.ID)[0].Stays[0].ID+"&arrival=2026-12-18&departure=2026-12-21", 200)
	visit("invoice", booked+"/invoice", 200)
	visit("cancel", booked+"/cancel", 200)
	visit("find", "/find", 200)
	visit("signin", "/account", 200)
	b.Fill("#email", email)
	b.Press("form.card button.main", 200)
	see("sent", b)
	visit("enter", h.secretLink(p, email), 200)
	b.Press("button.big", 200)
	see("account", b)
	visit("forget", "/account/forget", 200)
	visit("trouble", "/nowhere", 404)
}

// shown is a house that is made for looking at, among others in Paris.
func shown(h *house) property.Property {
	var last property.Property
	for i, name := range []string{"Hôtel du Pont Neuf", "Maison Saint-Louis", "Hôtel de l'Escalier"} {
		last = h.build(3, property.Property{Name: name, Stars: 3 + i%2, Lat: 48.86 - .02*float64(i), Lon: 2.33 + .03*float64(i*i), Address: "12 rue du Chat-qui-Pêche", Postcode: "75005", Source: property.Source{ID: name}})
	}
	return last
}

// No page has a fault that axe-core calls serious, in the light, in the dark, on
// a phone and from right to left.
func TestAxe(t *testing.T) {
	if testing.Short() {
		t.Skip("drives a browser; -short")
	}
	h := open(t, 60)
	p := shown(h)
	dark, arabic := chrome.Phone, chrome.Desk
	dark.Dark, arabic.Language = true, "ar"
	for name, device := range map[string]chrome.Device{"desk": chrome.Desk, "dark phone": dark, "arabic": arabic} {
		t.Run(name, func(t *testing.T) {
			look(t, h, p, device, func(page string, b *chrome.Tab) {
				for _, fault := range b.Axe() {
					t.Errorf("%s: %s", page, fault)
				}
				if over := b.Number("document.documentElement.scrollWidth - innerWidth"); over > 0 {
					t.Errorf("%s is %v pixels wider than the window", page, over)
				}
			})
		})
	}
}

// List and map move together, and the address goes with them.
func TestMapMovesTheList(t *testing.T) {
	if testing.Short() {
		t.Skip("drives a browser; -short")
	}
	h := open(t, 60)
	shown(h)
	b := chrome.Open(t, chrome.Desk)
	b.Go(h.server.URL+"/?place=Paris&view=map&arrival=2026-12-18&departure=2026-12-20&room=2", 200)
	before := b.Address()
	b.Click("[data-zoom=out]")
	b.Wait(".taken")
	after := b.Address()
	if after == before || !strings.Contains(after, "box=") || !strings.Contains(after, "view=map") {
		t.Errorf("the address is %s", after)
	}
	b.Go(before, 200)
	b.Press(".pin[data-hit]", 200)
	if !strings.Contains(b.Address(), "/hotels/") {
		t.Errorf("a price on the map leads to %s", b.Address())
	}
}
