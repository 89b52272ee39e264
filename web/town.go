package web

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
)

// namesakes is how many places of a name are looked through for the right one.
const namesakes = 20

// townOf is the town of a house among all that are called the same. An index that
// cannot say gives its name alone.
func (s *site) townOf(ctx context.Context, house property.Property) search.Place {
	found, err := s.Search.Places(ctx, house.City+", "+house.Country, namesakes)
	if err != nil {
		found = nil // the link by name is better than none
	}
	here := search.Point{Lat: house.Lat, Lon: house.Lon}
	found = slices.DeleteFunc(found, func(p search.Place) bool { return p.Kind != "city" || p.Country != house.Country })
	if same := slices.DeleteFunc(slices.Clone(found), func(p search.Place) bool { return !strings.EqualFold(p.Name, house.City) }); len(same) > 0 {
		found = same
	}
	if len(found) == 0 {
		return search.Place{Name: house.City}
	}
	return slices.MinFunc(found, func(a, b search.Place) int {
		return cmp.Compare(here.KM(search.Point{Lat: a.Lat, Lon: a.Lon}), here.KM(search.Point{Lat: b.Lat, Lon: b.Lon}))
	})
}

// nearby is the search for other houses in the town of one, at the same dates.
func (s *site) nearby(ctx context.Context, house property.Property, w wish) string {
	town := s.townOf(ctx, house)
	return searchURL(wish{
		Place: town.Name, PlaceID: town.ID, Arrival: w.Arrival, Departure: w.Departure, Parties: w.Parties, Sort: search.ByRecommended,
	})
}

// placePath is the address of a place without dates, for search engines.
func placePath(name, id string) string {
	q := url.Values{"place": {name}}
	if id != "" {
		q.Set("at", id+"~"+name)
	}
	return "/?" + q.Encode()
}
