package main

import "github.com/vacancyhq/vacancy/search"

// settle gives areas their people, and the middle of their people as the place
// where they are: the weight of a city is its population.
func settle(areas, cities []place, key func(place) string) {
	type people struct {
		population int
		points     []search.Point
	}
	in := map[string]*people{}
	for _, c := range cities {
		at := in[key(c)]
		if at == nil {
			at = new(people)
			in[key(c)] = at
		}
		at.population += max(1, c.population)
		for range 1 + c.population/20_000 {
			at.points = append(at.points, search.Point{Lat: c.lat, Lon: c.lon})
		}
	}
	for i := range areas {
		if at := in[key(areas[i])]; at != nil {
			middle := search.Middle(at.points)
			areas[i].population, areas[i].lat, areas[i].lon = at.population, middle.Lat, middle.Lon
		}
	}
}
