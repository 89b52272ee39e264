package notify

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/traveller"
)

var update = flag.Bool("update", false, "write testdata anew")

// links is the bookings of the golden mails.
type links struct{ Bookings }

func (links) ManageToken(string) string { return "TOKEN" }
func (links) ResumeToken(string) string { return "RESUME" }

// sample is a booking of two rooms, one with a child.
func sample(kind Kind, language string) letterOf {
	terms := booking.Terms{
		RoomTypeName: "Double room <lake>", Board: rate.BedAndBreakfast, Currency: "EUR", Total: 123_450, DueAtProperty: 123_450,
		Stay:  stay.Stay{Arrival: stay.DateOf(2026, time.October, 23), Departure: stay.DateOf(2026, time.October, 26)},
		Party: stay.Party{Adults: 2, ChildAges: []int{5}}, Nights: []int64{50_000, 50_000, 23_450},
		Cancellation: []rate.CancellationStep{{DaysBefore: 2, Until: 18 * 60, Percent: money.RatOf(100, 1)}},
	}
	single := terms
	single.RoomTypeName, single.Party, single.Board, single.Total = "Single room", stay.Party{Adults: 1}, rate.RoomOnly, 9_900
	single.DueAtProperty = 900
	state := map[Kind]booking.State{Cancelled: booking.Cancelled, HoldExpiring: booking.Held, ReviewRequest: booking.CheckedOut}[kind]
	if state == "" {
		state = booking.Confirmed
	}
	b := booking.Booking{
		ID: "bkg_1", PropertyID: "prop_1", Version: 2, Code: "ABCDEFGHJKM",
		Stays:     []booking.RoomStay{{ID: "stay_1", State: state, Terms: terms, Fee: map[Kind]int64{Cancelled: 50_000}[kind]}, {ID: "stay_2", State: state, Terms: single}},
		HeldUntil: time.Date(2026, 10, 1, 12, 10, 0, 0, time.UTC),
	}
	return letterOf{
		mail:    Mail{About: kind, Event: "12-7", BookingID: b.ID, Version: 2, At: time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)},
		booking: b, guest: guest.Guest{Name: "Ada Lovelace", Email: "ada@example.com", Language: language},
		house: property.Property{
			ID: "prop_1", Name: "Haus am See & Söhne", Address: "Seestraße 1", Postcode: "6900", City: "Bregenz", Country: "AT",
			Zone: "Europe/Vienna", CheckInFrom: 15 * 60, CheckOutUntil: 11 * 60,
		},
		now: time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC),
	}
}

var kinds = []Kind{Confirmed, Changed, Cancelled, HoldExpiring, ReviewRequest}

// The mails as people read them, in every language; one as a page and its calendar.
func TestMailsAsTheyRead(t *testing.T) {
	w := NewWorker(Options{Bookings: links{}, From: Address{Email: "mail@stay.example"}, BaseURL: "https://stay.example"})
	var out strings.Builder
	for _, language := range catalogue {
		for _, kind := range kinds {
			m, err := w.compose(sample(kind, language.tag.String()))
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "-- %s %s --\nSubject: %s\n\n%s", language.tag, kind, m.Subject, m.Text)
			if language.tag.String() != "en" {
				continue
			}
			if m.Calendar != nil {
				fmt.Fprintf(&out, "-- %s %s %s --\n%s", language.tag, kind, m.Calendar.ContentType, strings.ReplaceAll(string(m.Calendar.Data), "\r", ""))
			}
			if strings.Contains(m.HTML, "<lake>") || !strings.Contains(m.HTML, "Haus am See &amp; Söhne") {
				t.Errorf("%s: a name is not escaped", kind)
			}
		}
	}
	signIn := &SignInWorker{From: w.From, BaseURL: w.BaseURL}
	for _, language := range catalogue {
		m, err := signIn.compose(traveller.SignIn{ID: "sgi_1", Email: "ada@example.com", Language: language.tag.String()}, "SECRET", 1)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "-- %s %s --\nSubject: %s\n\n%s", language.tag, SignInLink, m.Subject, m.Text)
	}
	const file = "testdata/mails.txt"
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("%s (-checked in +now; -update writes it):\n%s", file, diff)
	}
}

// A mail that is sent again has the id that it had.
func TestMessageIDIsOfTheEvent(t *testing.T) {
	a, b := sample(Confirmed, "en"), sample(Confirmed, "de")
	if a.messageID("x@y.example") != b.messageID("x@y.example") {
		t.Error("the same event has two ids")
	}
	b.mail.Event = "12-8"
	if a.messageID("x@y.example") == b.messageID("x@y.example") {
		t.Error("two events share an id")
	}
}

func TestWhenCancellingIsFree(t *testing.T) {
	zone, err := stay.Zone("Europe/Vienna")
	if err != nil {
		t.Fatal(err)
	}
	of := sample(Confirmed, "en")
	say := func() string { return of.cancelling(wordsFor("en"), zone) }
	if got := say(); got != "You can cancel free of charge until Wednesday 21 October 2026, 18:00 (Europe/Vienna)." {
		t.Error(got)
	}
	of.now = time.Date(2026, 10, 21, 16, 0, 0, 0, time.UTC)
	if got := say(); !strings.Contains(got, "costs something") {
		t.Error(got)
	}
	for i := range of.booking.Stays {
		of.booking.Stays[i].Terms.Cancellation = nil
	}
	if got := say(); !strings.Contains(got, "at any time") {
		t.Error(got)
	}
	of.booking.Stays[1].Terms.Cancellation = []rate.CancellationStep{{Always: true}}
	if got := say(); !strings.Contains(got, "costs something") {
		t.Error(got)
	}
}
