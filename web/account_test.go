package web_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/traveller"
	"github.com/vacancyhq/vacancy/web"
)

// ask has a link mailed to an address and gives what the site says.
func (h *house) ask(email string) *visitor {
	h.t.Helper()
	return h.visitor().get("/account").wants(200, "Your bookings").form("/account").set("email", email).send()
}

// bookFor makes a booking for an address, the newest of the house.
func (h *house) bookFor(p property.Property, email string) booking.Booking {
	h.t.Helper()
	h.checkout(p).form("").fill().set("email", email).send().wants(200, "You are expected")
	return h.booked(p.ID)[0]
}

// desk is a command of the house's staff.
func desk(key string) booking.Command {
	return booking.Command{Caller: "stf_1", Key: key, Render: func(booking.Result) (int, []byte) { return 200, nil }}
}

// Property 66, of sessions. A guest signs in by mail, sees what they booked, and leaves; whoever asks for
// an address learns nothing of it.
func TestGuestAccount(t *testing.T) {
	onEachEngine(t, func(t *testing.T, h *house) {
		h.began = time.Now()
		h.open(1)
		p := h.build(5, property.Property{Name: "Hôtel du Compte", Stars: 3})
		office := h.post()
		ahead, gone := h.bookFor(p, "Ana@example.com"), h.bookFor(p, "ana@example.com")
		h.bookFor(p, "eve@example.com")
		_, err := h.bookings.Cancel(t.Context(), desk("cancel"), gone, 0)
		h.must(err)
		office.sent("eve@example.com", "Confirmed", 1)
		h.listed("ana@example.com", 2)

		known, unknown := h.ask("ANA@example.com").wants(200, "Look into your mail"), h.ask("nobody@example.com").wants(200)
		if a, b := strings.ReplaceAll(known.words(), "ANA@example.com", "X"), strings.ReplaceAll(unknown.words(), "nobody@example.com", "X"); a != b {
			t.Errorf("two answers:\n%s\n%s", a, b)
		}
		link := office.link(office.sent("ANA@example.com", "Sign in", 1)[0], "/account/enter/")

		v := h.visitor().get(link).wants(200, "ANA@example.com")
		h.visitor().get(link).wants(200) // looking uses nothing up
		door := v.form("")
		door.sendTo(link).wants(200, "Coming up", "Cancelled", "Hôtel du Compte", ahead.Code[:3])
		if cookie := v.header.Get("Set-Cookie"); cookie != "" {
			t.Errorf("the list sets a cookie: %s", cookie)
		}
		if n := strings.Count(v.words(), "Hôtel du Compte"); n != 2 {
			t.Errorf("%d bookings are listed: %s", n, v.words())
		}
		door.sendTo(link).wants(200, "Coming up") // pressed twice
		second := h.visitor()
		second.get(link).wants(404, "This link was used")
		second.do("POST", link, door.fields.Encode(), map[string][]string{"Sec-Fetch-Site": {"same-origin"}}).wants(404, "This link was used")

		v.get("/account").follow("/bookings/").wants(200, "You are expected")
		v.get("/hotels/"+p.ID).form("/hold").send().wants(200, "Your details")
		if typed := v.form("").fields; typed.Get("name") != "Ana Lima" || typed.Get("phone") == "" {
			t.Errorf("the form of who is known has %v", typed)
		}
		out := v.get("/account").form("/account/out")
		v.do("POST", out.action, out.fields.Encode(), http.Header{"Sec-Fetch-Site": {"cross-site"}}).wants(403)
		v.get("/account").wants(200, "Coming up") // another site signs nobody out
		v.form("/account/out").send().wants(200, "No password needed")
		v.get("/account").wants(200, "No password needed")

		late := h.link(office, "ana@example.com")
		h.forward(traveller.LinkLife)
		h.visitor().get(late).wants(404, "its time is over")
		for _, m := range office.all() {
			if strings.Contains(m.Header["To"], "nobody@") {
				t.Errorf("a stranger was written to: %s", m.Header["Subject"])
			}
		}
	})
}

// listed waits until the list of an address has so many bookings.
func (h *house) listed(email string, n int) {
	h.t.Helper()
	silent := slog.New(slog.DiscardHandler)
	h.must(traveller.NewTailer(h.store, h.store, h.bookings, silent).CatchUp(context.Background()))
	all, err := h.guests.Bookings(context.Background(), traveller.PersonOf(email))
	h.must(err)
	if len(all) != n {
		h.t.Fatalf("%d bookings are listed, want %d", len(all), n)
	}
}

// secretLink is a link as it would be mailed to a guest who has booked, and
// cancelled another booking.
func (h *house) secretLink(p property.Property, email string) string {
	h.t.Helper()
	ctx := context.Background()
	_, err := h.bookings.Cancel(ctx, desk(email), h.bookFor(p, email), 0)
	h.must(err)
	h.must(traveller.NewTailer(h.store, h.store, h.bookings, slog.New(slog.DiscardHandler)).CatchUp(ctx))
	id, err := h.guests.Ask(ctx, email, "en")
	h.must(err)
	_, secret, err := h.guests.Link(ctx, id)
	h.must(err)
	return "/account/enter/" + secret
}

// link asks for a link and takes the newest from the mail.
func (h *house) link(office post, email string) string {
	h.t.Helper()
	before := len(office.sent(email, "Sign in", 0))
	h.ask(email).wants(200, "Look into your mail")
	mails := office.sent(email, "Sign in", before+1)
	return office.link(mails[len(mails)-1], "/account/enter/")
}

// Property 69, by the guest: what is over is erased, what lies ahead is kept and
// said, and every session ends.
func TestGuestIsForgotten(t *testing.T) {
	onEachEngine(t, func(t *testing.T, h *house) {
		h.began = time.Now()
		h.open(1)
		p := h.build(5, property.Property{Name: "Hôtel de l'Oubli", Stars: 3})
		stayed := h.bookFor(p, "ana@example.com")
		office := h.post()
		zone, err := stay.Zone(p.Zone)
		h.must(err)
		h.forward(stay.Instant(stayed.Stays[0].Terms.Stay.Arrival, 16*60, zone, stay.Earlier).Sub(h.now()))
		_, err = h.bookings.CheckIn(t.Context(), desk("in"), stayed, 0)
		h.must(err)
		_, err = h.bookings.CheckOut(t.Context(), desk("out"), stayed, 0)
		h.must(err)
		ahead := h.bookFor(p, "ana@example.com")
		h.listed("ana@example.com", 2)

		link := h.link(office, "ana@example.com")
		v := h.visitor().get(link)
		v.form("").sendTo(link).wants(200, "Coming up", "Past stays")
		other := h.link(office, "ana@example.com")
		phone := h.visitor().get(other)
		phone.form("").sendTo(other).wants(200, "Coming up")
		v.get("/account/forget").wants(200, "This cannot be undone").form("/forget").send()
		v.wants(200, "erased from 1 booking", "These bookings still need you", "Hôtel de l'Oubli")
		phone.get("/account").wants(200, "No password needed")
		for _, of := range []struct {
			b    booking.Booking
			name string
		}{{stayed, ""}, {ahead, "Ana Lima"}} {
			b, err := h.bookings.Booking(t.Context(), of.b.ID)
			h.must(err)
			known, err := h.bookings.Guest(t.Context(), b)
			h.must(err)
			if known.Name != of.name {
				t.Errorf("the guest of the booking that is %s is called %q", b.State(), known.Name)
			}
		}
		h.listed("ana@example.com", 1)
	})
}

// Who asks for many links is stopped; who asks for many links to one address is
// told what everybody is told, and the address is left in peace.
func TestLinksAreFew(t *testing.T) {
	h := open(t, 1, func(o *web.Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	for range 8 {
		h.ask("ana@example.com").wants(200, "Look into your mail")
	}
	h.ask("b@example.com").wants(200)
	h.ask("c@example.com").wants(200)
	h.ask("d@example.com").wants(429, "Too many mails were asked for")
	h.ask("no address").wants(422, "Write one e-mail address")
	if h.asked != 7 {
		t.Errorf("%d mails, want 5 to one address and 2 more", h.asked)
	}
	h.forward(time.Hour)
	h.ask("d@example.com").wants(200)
}

// Without mail there are no accounts, and nothing promises them.
func TestNoAccountsWithoutMail(t *testing.T) {
	h := open(t, 1, func(o *web.Options) { o.MailSignIn, o.Mails = nil, false })
	h.visitor().get("/account").wants(404)
	v := h.visitor().get("/").wants(200, "Find your booking")
	if strings.Contains(v.text, "/account") {
		t.Error("a link leads to accounts that are not there")
	}
	p := h.build(1, property.Property{Name: "Quiet"})
	if v := h.checkout(p); strings.Contains(v.words(), "Mail me") {
		t.Error("a mail is promised")
	}
}

// A link that is made again, because its mail did not get through, takes the
// earlier one back; the store knows neither.
func TestLinkIsMadeAgain(t *testing.T) {
	h := open(t, 1)
	p := h.build(2, property.Property{Name: "Again"})
	h.bookFor(p, "ana@example.com")
	h.listed("ana@example.com", 1)
	ctx := t.Context()
	id, err := h.guests.Ask(ctx, " Ana@example.com ", "en")
	h.must(err)
	_, first, err := h.guests.Link(ctx, id)
	h.must(err)
	asked, second, err := h.guests.Link(ctx, id)
	h.must(err)
	if asked.Email != "Ana@example.com" || strings.Contains(string(asked.Hash[:]), second) {
		t.Errorf("kept: %+v", asked)
	}
	if _, err := h.guests.Opened(ctx, first); !errors.Is(err, traveller.ErrNotFound) {
		t.Errorf("the earlier link: %v", err)
	}
	if _, err := h.guests.Enter(ctx, second); err != nil {
		t.Error(err)
	}
	if _, _, err := h.guests.Link(ctx, id); !errors.Is(err, traveller.ErrNotFound) {
		t.Errorf("a link for a wish that was used: %v", err)
	}
	late, err := h.guests.Ask(ctx, "ana@example.com", "en")
	h.must(err)
	h.forward(traveller.LinkLife)
	if _, _, err := h.guests.Link(ctx, late); !errors.Is(err, traveller.ErrNotFound) {
		t.Errorf("a mail that comes too late: %v", err)
	}
	h.must(h.guests.Prune(ctx))
	if _, err := h.store.SignIn(ctx, late); !errors.Is(err, traveller.ErrNotFound) {
		t.Errorf("the address is kept: %v", err)
	}
	if _, err := h.guests.Ask(ctx, "nobody", "en"); !errors.Is(err, traveller.ErrInvalid) {
		t.Errorf("no address: %v", err)
	}
}

// Who still owes a fee is not forgotten before it is paid.
func TestFeeKeepsTheGuest(t *testing.T) {
	h := open(t, 1)
	p := h.build(2, property.Property{Name: "Strict"})
	b := h.bookFor(p, "ana@example.com")
	_, err := h.bookings.Cancel(t.Context(), desk("cancel"), b, 0)
	h.must(err)
	h.listed("ana@example.com", 1)
	owed, err := h.bookings.Account(t.Context(), b)
	h.must(err)
	if owed.Open.Minor <= 0 {
		t.Fatalf("cancelling was free: %+v", owed)
	}
	ana := traveller.PersonOf("ana@example.com")
	if erased, needed, err := h.guests.Forget(t.Context(), desk("first"), ana); err != nil || erased != 0 || len(needed) != 1 {
		t.Errorf("with a fee open %d erased, %d kept, %v", erased, len(needed), err)
	}
	b, err = h.bookings.Booking(t.Context(), b.ID)
	h.must(err)
	_, err = h.bookings.Receive(t.Context(), desk("pay"), b, 0, booking.Receipt{Method: booking.Cash, Amount: owed.Open})
	h.must(err)
	for range 2 { // the second time there is nothing left
		if _, needed, err := h.guests.Forget(t.Context(), desk("second"), ana); err != nil || len(needed) != 0 {
			t.Errorf("with the fee paid %d kept, %v", len(needed), err)
		}
	}
	known, err := h.bookings.Guest(t.Context(), b)
	h.must(err)
	if known.Email != "" {
		t.Error("the guest is still known")
	}
	h.listed("ana@example.com", 0)
}
