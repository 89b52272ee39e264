package bench

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/stay"
)

func TestPeerWorldCanBeSold(t *testing.T) {
	first, err := firstNight(time.Date(2027, 3, 1, 3, 0, 0, 0, time.UTC)) // still February there
	if err != nil || first != stay.DateOf(2027, time.February, 28) {
		t.Fatalf("%v, %v", first, err)
	}
	w := peerWorld{first: first}
	rooms := 0
	for _, b := range w.bundles() {
		p := *b.Property.Property
		p.TenantID = "ten_a"
		if err := p.Check(); err != nil {
			t.Error(err)
		}
		if err := b.Rates.Plans[0].Check(); err != nil {
			t.Error(err)
		}
		if err := b.Rates.Calendars[0].Check(); err != nil {
			t.Error(err)
		}
		rooms += b.Property.RoomTypes[0].Stock
	}
	if rooms != 27*200+27*300+26*250 {
		t.Errorf("%d rooms in 80 houses", rooms)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		s := w.stayFor(r)
		if s.Nights() < 1 || s.Arrival < first.Add(peerLead) || s.Departure >= first.Add(peerLead+peerWindow) {
			t.Fatalf("stay %v", s)
		}
	}
}

// TestMixHasThePeersShares in thousandths, which the draw relies on.
func TestMixHasThePeersShares(t *testing.T) {
	sum := 0
	for _, k := range kinds {
		sum += k.share
	}
	if sum != 1000 || kinds[0].share != 600 || kinds[1].share != 390 {
		t.Errorf("shares of %d thousandths", sum)
	}
}
