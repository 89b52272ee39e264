package gazetteer

import (
	"fmt"
	"testing"
	"time"
)

func TestTry(t *testing.T) {
	start := time.Now()
	places := World()
	fmt.Println("read", time.Since(start), len(places))
	start = time.Now()
	g := New(places)
	fmt.Println("new", time.Since(start))
	fmt.Printf("%+v\n", g.Stats())
	var hotels []Hotel
	for i, c := range places {
		if c.Kind == City && c.Population > 100000 {
			for j := range 1 + c.Population/1000000 {
				hotels = append(hotels, Hotel{ID: fmt.Sprintf("prop_%d_%d", i, j), Name: "Hotel " + c.Name, Country: c.Country, City: c.Name, Lat: c.Lat, Lon: c.Lon})
			}
		}
	}
	hotels = append(hotels, Hotel{ID: "prop_hil", Name: "Hilton Odaiba", Country: "JP", City: "Tokyo", Lat: 35.7, Lon: 139.7})
	start = time.Now()
	g.Apply(hotels, nil)
	fmt.Println("apply", len(hotels), time.Since(start))
	for _, text := range []string{"", "paris", "pari", "paris texas", "paris fr", "texas", "tokio", "toyko", "東京", "東", "москва", "Αθήνα", "newyork", "new yrok", "barclona", "hilton tokyo", "tokyo hilton", "a", "cdg", "zurich", "munchen", "münchen germany", "bangkok", "القاهرة", "서울", "porto", "pariz", "hotels in tokyo", "hotel paris", "londn", "bavaria", "georgia", "barcelo", "bercelo"} {
		start := time.Now()
		got := g.Suggest(text, 6)
		took := time.Since(start)
		fmt.Printf("%-16s %8s ", text, took.Round(time.Microsecond))
		for _, m := range got {
			fmt.Printf(" | %s %s, %s, %s (%d) %d", m.Kind, m.Name, m.Region, m.Country, m.Properties, m.Degree)
		}
		r, ok := g.Resolve(text)
		fmt.Println("  =>", r.ID, r.Confidence, len(r.Properties), ok)
	}
}
