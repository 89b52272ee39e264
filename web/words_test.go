package web

import (
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
)

func TestAmountWords(t *testing.T) {
	for want, a := range map[string]money.Amount{
		"€1,234.50": money.Of(123450, "EUR"), "¥12,000": money.Of(12000, "JPY"), "−€5.00": money.Of(-500, "EUR"),
		"CHF\u00a0999.00": money.Of(99900, "CHF"), "KWD\u00a01.250": money.Of(1250, "KWD"), "US$1,000,000.00": money.Of(100000000, "USD"),
	} {
		if got := amountWords(a); got != want {
			t.Errorf("%v: %q, want %q", a, got, want)
		}
	}
}

func TestCancelWords(t *testing.T) {
	paris, err := stay.Zone("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	total := money.Of(20000, "EUR")
	at := time.Date(2026, time.December, 16, 17, 0, 0, 0, time.UTC)
	half, all := rate.Stage{Since: at, Fee: money.Of(10000, "EUR")}, rate.Stage{Since: at.Add(24 * time.Hour), Fee: total}
	for _, c := range []struct {
		stages []rate.Stage
		now    time.Time
		want   string
	}{
		{nil, at, "Free cancellation until you arrive"},
		{[]rate.Stage{{Fee: total}}, at, "Not refundable: cancelling costs the whole price"},
		{[]rate.Stage{half, all}, at.Add(-time.Hour), "Free cancellation until Wed 16 Dec 2026, 18:00 (Europe/Paris); After that it costs €100.00; From Thu 17 Dec 2026, 18:00 (Europe/Paris) it costs the whole price, €200.00"},
		{[]rate.Stage{half, all}, at, "Cancelling now costs €100.00; From Thu 17 Dec 2026, 18:00 (Europe/Paris) it costs the whole price, €200.00"},
	} {
		words, _ := cancelWords(c.stages, total, paris, c.now)
		if got := strings.Join(words, "; "); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestCalendar(t *testing.T) {
	b := booking.Booking{Code: "ABCDEFGHJKM", Version: 2, Stays: []booking.RoomStay{{ID: "stay_1", State: booking.Confirmed}}}
	b.Stays[0].Terms.Stay = stay.Stay{Arrival: stay.DateOf(2026, 12, 31), Departure: stay.DateOf(2027, 1, 2)}
	b.Stays[0].Terms.Party = stay.Party{Adults: 2}
	house := property.Property{Name: "Zum Löwen; am See, " + strings.Repeat("Größe", 20), Zone: "Europe/Berlin", City: "Ulm"}
	text := calendar(b, house)
	for _, want := range []string{"DTSTART;VALUE=DATE:20261231\r\n", "DTEND;VALUE=DATE:20270102\r\n", `Löwen\; am See\,`, "UID:stay_1@vacancy\r\n", "STATUS:CONFIRMED\r\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") || !strings.HasPrefix(strings.ToValidUTF8(line, "?"), line) {
			t.Errorf("bad line (%d): %q", len(line), line)
		}
	}
	if unfolded := strings.ReplaceAll(text, "\r\n ", ""); !strings.Contains(unfolded, strings.Repeat("Größe", 20)) {
		t.Error("folding loses text")
	}
}

func TestScene(t *testing.T) {
	first, again, other := drawScene("prop_1"), drawScene("prop_1"), drawScene("prop_2")
	if first != again || first == other {
		t.Error("a house has one picture of its own")
	}
}
