package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/vacancyhq/vacancy/internal/chrome"
)

// A stranger searches, books, changes and cancels in a real browser, on each
// kind of store: at a desk, on a phone, and on a phone without JavaScript.
func TestBrowserBooksChangesAndCancels(t *testing.T) {
	needBrowser(t)
	onEachKind(t, func(t *testing.T, db string) {
		base := start(t, "demo", "--db", db, "--properties", "60", "--listen", "127.0.0.1:0")
		for name, device := range map[string]chrome.Device{
			"desk": chrome.Desk, "phone": chrome.Phone, "no script": {Width: 390, Height: 844, NoScript: true},
		} {
			t.Run(name, func(t *testing.T) { stayFromEndToEnd(t, base, device) })
		}
	})
}

func needBrowser(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("drives a browser; -short")
	}
	chrome.Need(t)
}

func stayFromEndToEnd(t *testing.T, base string, device chrome.Device) {
	b := chrome.Open(t, device)
	arrival, departure := weekend()
	b.Go(base+"/", 200)
	place := b.Text(".cities strong")
	if device.NoScript {
		b.Fill("#place", place)
	} else {
		b.Type("#place", place[:len(place)-1]) // the combobox knows the rest
		b.Click("#suggestions li")
	}
	b.Fill("#arrival", arrival)
	b.Fill("#departure", departure)
	b.Press("#search button.main", 200)
	found := b.Address()
	if !strings.Contains(found, "arrival="+arrival) {
		t.Fatalf("the address does not hold the dates: %s", found)
	}
	total := b.Text(".hit .price strong")
	b.Press(".hit h3 a", 200)
	if cheapest := b.Text(".rates .amount > strong"); cheapest != total {
		t.Errorf("the list shows %s, the house %s", total, cheapest)
	}
	b.Back(".hits")
	if b.Address() != found {
		t.Errorf("back leads to %s, not to %s", b.Address(), found)
	}
	b.Press(".hit h3 a", 200)
	b.Press(".rates .choose button", 200)
	b.Wants("kept for you until", total)
	fillDetails(b, "not an address")
	b.Press("#details button.big", 422)
	b.Wants("Write one e-mail address")
	b.Fill("#email", "ada@example.com")
	b.Press("#details button.big", 200)
	b.Wants("You are expected, Ada Lovelace", total)
	changeAndCancel(t, b, departure)
}

func fillDetails(b *chrome.Tab, email string) {
	b.Fill("#name", "Ada Lovelace")
	b.Fill("#email", email)
	if b.Has("#card") {
		b.Fill("#card", "sandbox_card_ok")
	}
	b.Click("input[name=accept]")
}

// changeAndCancel leaves a day earlier, and then gives the booking up.
func changeAndCancel(t *testing.T, b *chrome.Tab, departure string) {
	t.Helper()
	booked := b.Address()
	b.Press(`.actions a[href$="/change"]`, 200)
	b.Fill("input[name=departure]", movedDay(departure, -1))
	b.Press("form.card button.main", 200)
	b.Wants("What it costs", "This price holds until")
	b.Press(".offer button.main", 200)
	if b.Address() != booked {
		t.Fatalf("the change leads to %s", b.Address())
	}
	b.Wants("1 night")
	b.Press(`.actions a[href$="/invoice"]`, 200)
	b.Wants("Charged")
	b.Go(booked+"/cancel", 200)
	b.Wants("Cancelling now costs")
	b.Press("button.danger", 200)
	b.Wants("This booking is cancelled")
}

// Two browsers race for the last room of a kind: one gets it, the other sees
// what is left, and nothing that was chosen is lost.
func TestBrowsersRaceForTheLastRoom(t *testing.T) {
	needBrowser(t)
	onEachKind(t, func(t *testing.T, db string) {
		base := start(t, "demo", "--db", db, "--properties", "40", "--listen", "127.0.0.1:0")
		first, second := chrome.Open(t, chrome.Desk), chrome.Open(t, chrome.Phone)
		house := anyHouse(t, first, base)
		arrival, departure := weekend()
		address := base + "/hotels/" + house + "?" + url.Values{"arrival": {arrival}, "departure": {departure}, "room": {"2"}}.Encode()
		first.Go(address, http.StatusOK)
		second.Go(address, http.StatusOK)
		// All but one room of the cheapest kind go to others meanwhile.
		cheapest := (&client{t: t, base: base}).offers(house).Rooms[0].Offers[0]
		for i := range cheapest.Free - 1 {
			other := &client{t: t, base: base, keys: 1000 * i}
			if status := other.bookRoom(house, cheapest.Room.RoomTypeID); status != http.StatusCreated {
				t.Fatalf("somebody else's booking: %d", status)
			}
		}
		first.Press(".rates .choose button", http.StatusOK)
		first.Wants("kept for you until")
		second.Press(".rates .choose button", http.StatusConflict)
		if !strings.Contains(second.Text(".notice"), "Somebody was faster") {
			t.Errorf("the second browser reads: %s", second.Text("main"))
		}
		fillDetails(first, "ada@example.com")
		first.Press("#details button.big", http.StatusOK)
		first.Wants("You are expected")
	})
}

// anyHouse is a property of the demo that has a room at the weekend.
func anyHouse(t *testing.T, b *chrome.Tab, base string) string {
	t.Helper()
	b.Go(base+"/", http.StatusOK)
	page := (&client{t: t, base: base}).search(b.Text(".cities strong"))
	if len(page.Hits) == 0 {
		t.Fatal("no house of the demo's first place has a room")
	}
	return page.Hits[0].PropertyID
}
