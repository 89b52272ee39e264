package api

import (
	"net/url"
	"strconv"
	"unicode/utf8"

	"github.com/vacancyhq/vacancy/search"
)

// defaultLimit is what searchInput declares.
const defaultLimit = 20

// plainSearch reads the parameters that most searches have, within the bounds
// that searchInput declares; anything else, and anything wrong, is left to huma.
// TestPlainSearch holds the two together.
func plainSearch(query url.Values) (*searchInput, bool) {
	in := &searchInput{Sort: string(search.ByRecommended), Limit: defaultLimit}
	for name, given := range query {
		if name == "party" {
			in.Party = given
			continue
		}
		if len(given) != 1 || given[0] == "" || !in.plain(name, given[0]) {
			return nil, false
		}
	}
	return in, len(in.Party) <= search.MaxRooms && within(10, in.Party...)
}

// plain sets one parameter, if it can.
func (in *searchInput) plain(name, value string) bool {
	switch name {
	case "place":
		in.Place = value
		return within(100, value)
	case "place_id":
		in.PlaceID = value
		return within(200, value)
	case "arrival":
		in.Arrival = value
		return within(10, value)
	case "departure":
		in.Depart = value
		return within(10, value)
	case "facets":
		in.Facets = true
		return value == "true"
	case "limit":
		n, err := strconv.Atoi(value)
		in.Limit = n
		return err == nil && n > 0 && n <= search.MaxPage && strconv.Itoa(n) == value
	}
	return false
}

// within tells whether texts have 1 to so many characters.
func within(most int, texts ...string) bool {
	for _, text := range texts {
		if n := utf8.RuneCountInString(text); n == 0 || n > most {
			return false
		}
	}
	return true
}
