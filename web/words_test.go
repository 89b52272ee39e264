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
	"github.com/vacancyhq/vacancy/web/words"
)

// english is the voice of who asks for no language.
func english(t testing.TB) voice {
	t.Helper()
	tongues, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	return voice{Language: tongues[0], currency: "EUR", site: &site{tongues: words.NewChooser(tongues)}}
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
		{[]rate.Stage{half, all}, at.Add(-time.Hour), "Free cancellation until Wed 16 Dec 2026, 18:00 (Europe/Paris); After that it costs €100.00; From Thu 17 Dec 2026, 18:00 (Europe/Paris) it costs the whole price, €200.00"},
		{[]rate.Stage{half, all}, at, "Cancelling now costs €100.00; From Thu 17 Dec 2026, 18:00 (Europe/Paris) it costs the whole price, €200.00"},
	} {
		said, _ := english(t).cancelling(c.stages, total, paris, c.now)
		if got := strings.Join(said, "; "); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestCalendar(t *testing.T) {
	b := booking.Booking{Code: "ABCDEFGHJKM", Version: 2, Stays: []booking.RoomStay{{ID: "stay_1", State: booking.Confirmed}}}
	b.Stays[0].Terms.Stay = stay.Stay{Arrival: stay.DateOf(2026, 12, 31), Departure: stay.DateOf(2027, 1, 2)}
	b.Stays[0].Terms.Party = stay.Party{Adults: 2}
	house := property.Property{Name: "Zum Löwen; am See, " + strings.Repeat("Größe", 20), Zone: "Europe/Berlin", City: "Ulm"}
	text := english(t).calendar(b, house)
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
