package bench

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"github.com/vacancyhq/vacancy/search/gazetteer"
)

// Sizes of the world that places are looked for in.
const (
	manyPlaces     = 135_000
	manyProperties = 1_000_000
)

// townsfolk is a world of names: the places that the product knows, villages
// made up beside them, and properties named as hotels are.
type townsfolk struct {
	random *rand.Rand
	places []gazetteer.Place
	cities []gazetteer.Place // most visited first
	names  []string          // made up
	hotels []gazetteer.Hotel
}

func newTownsfolk(known []gazetteer.Place, places, properties int) *townsfolk {
	w := &townsfolk{random: rand.New(rand.NewPCG(4, 4)), places: slices.Clone(known)}
	for i := range 60_000 {
		w.names = append(w.names, w.syllables(2+i%3))
	}
	for i := len(w.places); i < places; i++ {
		near := w.places[w.random.IntN(len(w.places))]
		near.ID, near.Kind, near.Name, near.Names = fmt.Sprintf("city_made%d", i), gazetteer.City, w.name(), nil
		near.Lat, near.Lon, near.Population = near.Lat+w.random.Float64()-0.5, near.Lon+w.random.Float64()-0.5, 1000
		w.places = append(w.places, near)
	}
	for _, p := range w.places {
		if p.Kind == gazetteer.City {
			w.cities = append(w.cities, p)
		}
	}
	for i := range properties {
		w.hotels = append(w.hotels, w.hotel(i))
	}
	return w
}

func (w *townsfolk) syllables(n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte("bcdfghklmnprstvz"[w.random.IntN(16)])
		b.WriteByte("aeiou"[w.random.IntN(5)])
	}
	return b.String()
}

// few is a number below n, smaller ones more often.
func (w *townsfolk) few(n int) int {
	return min(w.random.IntN(n), w.random.IntN(n), w.random.IntN(n))
}

func (w *townsfolk) name() string {
	name := w.names[w.few(len(w.names))]
	return strings.ToUpper(name[:1]) + name[1:]
}

var signs = []string{
	"Hotel %s", "Grand Hotel %s", "%s Inn", "Pension %s", "Hilton %s", "Ibis %s Centre", "The %s Palace", "Hostal %s", "%s Suites",
	"Casa %s", "Villa %s", "Residence %s & Spa", "Best Western %s", "Apartments %s", "Hôtel de %s", "%sホテル", "Hotel Central", "Гостиница %s",
}

func (w *townsfolk) hotel(i int) gazetteer.Hotel {
	city := w.cities[w.few(len(w.cities))]
	name := w.name()
	if w.random.IntN(3) == 0 {
		name = city.Name
	}
	return gazetteer.Hotel{
		ID: fmt.Sprintf("prop_eu%026d", i), Name: strings.ReplaceAll(signs[w.random.IntN(len(signs))], "%s", name),
		Country: city.Country, City: city.Name, Lat: city.Lat, Lon: city.Lon, Weight: w.random.IntN(300),
	}
}

// kindsTyped are the kinds of text that a guest types.
var kindsTyped = []string{"city", "prefix", "city with a typo", "name", "name with a typo", "two words", "city and country", "other script"}

// typed is what a guest types, with the kind of query that it is.
func (w *townsfolk) typed() (kind, text string) {
	hotel, city := w.hotels[w.random.IntN(len(w.hotels))], w.cities[w.few(len(w.cities)/20+1)]
	kind = kindsTyped[w.random.IntN(len(kindsTyped))]
	switch kind {
	case "city":
		text = city.Name
	case "prefix":
		letters := []rune(city.Name)
		text = string(letters[:1+w.random.IntN(len(letters))])
	case "city with a typo":
		text = w.mistype(city.Name)
	case "name":
		text = hotel.Name
	case "name with a typo":
		text = w.mistype(hotel.Name)
	case "two words":
		first, _, _ := strings.Cut(hotel.Name, " ")
		text = first + " " + hotel.City
	case "city and country":
		text = city.Name + " " + city.Country
	default:
		text = otherScript(city)
	}
	return kind, text
}

func (w *townsfolk) mistype(name string) string {
	letters := []rune(name)
	i := w.random.IntN(len(letters))
	switch {
	case len(letters) < 2:
	case w.random.IntN(2) == 0 && i > 0:
		letters[i-1], letters[i] = letters[i], letters[i-1]
	default:
		letters = append(letters[:i:i], letters[i+1:]...)
	}
	return string(letters)
}

// otherScript is a name of the city that is not in Latin letters, if it has one.
func otherScript(city gazetteer.Place) string {
	for _, name := range city.Names {
		if first := []rune(name)[0]; unicode.IsLetter(first) && !unicode.Is(unicode.Latin, first) {
			return name
		}
	}
	return city.Name
}
