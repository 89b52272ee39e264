package gazetteer

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// little is a part of the world with hotels that are called alike.
func little(tb testing.TB, seed uint64) (*Gazetteer, *rand.Rand) {
	tb.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	var places []Place
	for _, p := range World() {
		if p.Kind == Country || random.IntN(250) == 0 || slices.Contains([]string{"Tokyo", "Paris", "Texas", "Zürich"}, p.Name) {
			places = append(places, p)
		}
	}
	g := New(places)
	for round := range 6 {
		var put []Hotel
		var removed []string
		for range 200 >> round {
			put = append(put, hotel(random, places, random.IntN(400)))
			removed = append(removed, fmt.Sprintf("prop_%d", random.IntN(400)))
		}
		g.Apply(put, removed[:len(removed)/4])
	}
	g.Settle()
	return g, random
}

var chains = []string{"Hotel %s", "Grand Hotel %s", "%s Inn", "Hilton %s", "The %s Palace", "Hôtel de la %s", "%sホテル", "Гостиница %s", "%s"}

func hotel(random *rand.Rand, places []Place, i int) Hotel {
	city := places[random.IntN(len(places))]
	h := Hotel{
		ID: fmt.Sprintf("prop_%d", i), Name: fmt.Sprintf(chains[random.IntN(len(chains))], places[random.IntN(len(places))].Name),
		Country: city.Country, City: city.Name, Lat: city.Lat, Lon: city.Lon, Weight: random.IntN(4),
	}
	switch random.IntN(6) {
	case 0:
		h.Name = "Hotel Central"
	case 1:
		h.City = "Nowhere " + fmt.Sprint(random.IntN(5))
	case 2:
		h.City, h.Names = "", city.Names
	case 3:
		h.Lat, h.Lon = 0, 0
	}
	return h
}

// typing is something that a guest may type for a name.
func typing(random *rand.Rand, name string) string {
	letters := []rune(name)
	for range random.IntN(3) {
		if len(letters) < 2 {
			break
		}
		i := random.IntN(len(letters) - 1)
		switch random.IntN(6) {
		case 0:
			letters = letters[:i+1]
		case 1:
			letters[i], letters[i+1] = letters[i+1], letters[i]
		case 2:
			letters = slices.Delete(letters, i, i+1)
		case 3:
			letters = slices.Insert(letters, i, []rune("aeioxst 東я")[random.IntN(10)])
		case 4:
			words := strings.Fields(string(letters))
			random.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
			letters = []rune(strings.Join(words, " "))
		}
	}
	return string(letters)
}

// The tables find what looking at every name finds, in the same order.
func TestFindsWhatPlainFinds(t *testing.T) {
	for seed := range uint64(3) {
		g, random := little(t, seed)
		s := g.now.Load()
		b := g.Plain()
		for range 60 {
			name := b.names[random.IntN(len(b.names))]
			text := typing(random, strings.Join(name.words, " "))
			if around := name.above; around != nowhere && random.IntN(3) == 0 {
				text += " " + typing(random, s.at(around).Name)
			}
			compareFound(t, g, b, text, 1+random.IntN(12))
		}
	}
}

func compareFound(t *testing.T, g *Gazetteer, b *Plain, text string, limit int) {
	t.Helper()
	if len(tokens(text)) == 0 {
		return
	}
	want := b.Suggest(text, limit)
	var got []string
	for _, m := range g.Suggest(text, limit) {
		got = append(got, m.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q finds\n%v, want\n%v", text, got, want)
	}
}
