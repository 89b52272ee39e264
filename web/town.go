package web

import (
	"cmp"
	"context"
	"net/http"
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

func aroundURL(id string, w wish) string {
	return "/hotels/" + url.PathEscape(id) + "/around?" + w.stayValues().Encode()
}

// neighbours leads to the other houses in the town of one, at the same dates. The
// town is looked for when somebody goes there: among namesakes that takes longer
// than everything else on the page of a house.
func (s *site) neighbours(w http.ResponseWriter, r *http.Request) error {
	house, err := s.Houses.Property(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	town, wanted := s.townOf(r.Context(), house), s.wishOf(s.voice(r), r.URL.Query())
	return seeOther(w, r, searchURL(wish{
		Place: town.Name, PlaceID: town.ID, Arrival: wanted.Arrival, Departure: wanted.Departure, Parties: wanted.Parties, Sort: search.ByRecommended,
	}))
}

// placePath is the address of a place without dates, for search engines.
func placePath(name, id string) string {
	q := url.Values{"place": {name}}
	if id != "" {
		q.Set("at", id+"~"+name)
	}
	return "/?" + q.Encode()
}
