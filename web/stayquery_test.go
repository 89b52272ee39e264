package web

import (
	"net/url"
	"reflect"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

func TestDefaultArrival(t *testing.T) {
	for day := range 14 {
		today := stay.DateOf(2026, time.November, 23).Add(day)
		got := defaultArrival(today)
		if got.Weekday() != time.Friday || got < today.Add(defaultAhead) || got >= today.Add(defaultAhead+7) {
			t.Errorf("on %s: %s", today, got)
		}
	}
}

// FuzzWish holds that whatever is in an address, the short form of what was
// understood is understood as the same: else the page would redirect for ever.
func FuzzWish(f *testing.F) {
	for _, seed := range []string{
		"", "place=Paris&arrival=2026-12-18&departure=2026-12-20&room=2-5-9&stars=4&free=1&sort=total&page=x",
		"a1=2&c1=&c1=7&a2=&a3=1&board=bed_and_breakfast", "room=0-17", "room=02", "room=21", "arrival=x&stars=-3&sort=%00", "place=%ff%fe",
	} {
		f.Add(seed)
	}
	s := &site{Options: Options{Now: func() time.Time { return time.Unix(1_795_000_000, 0) }}}
	f.Fuzz(func(t *testing.T, query string) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		w := s.wishOf(english(t), q)
		if len(w.Parties) == 0 || len(w.Parties) > search.MaxRooms {
			t.Fatalf("%d parties", len(w.Parties))
		}
		if len(w.Problems) > 0 {
			return
		}
		if err := w.Stay().Check(); err != nil {
			t.Fatal(err)
		}
		if again := s.wishOf(english(t), w.values()); !reflect.DeepEqual(again, w) {
			t.Fatalf("%+v\nagain %+v", w, again)
		}
	})
}
