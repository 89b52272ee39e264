// Command pack makes places.tsv.gz, the places that package gazetteer knows, of
// the packages that make.sh fetches. The same packages give the same bytes.
package main

import (
	"cmp"
	"compress/gzip"
	"fmt"
	"log"
	"os"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/search"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: pack FOLDER FILE")
	}
	places, err := gather(source(os.Args[1]))
	if err != nil {
		log.Fatal(err)
	}
	if err := write(os.Args[2], places); err != nil {
		log.Fatal(err)
	}
}

// place is one line of the file.
type place struct {
	kind       string // country, region, city, landmark
	code       string // GeoNames number, ISO 3166-1 code or IATA code
	country    string
	region     string // code of GeoNames within the country
	name       string
	lat, lon   float64
	population int
	names      []string // in other languages and scripts
}

const maxName = 60 // bytes; longer ones are addresses and sentences

// distinct drops the names that fold to what another one folds to, and those
// that nobody types.
func distinct(name string, others []string) []string {
	seen := map[string]bool{search.Fold(name): true, "": true}
	var kept []string
	for _, other := range others {
		other = strings.TrimSpace(other)
		folded := search.Fold(other)
		if seen[folded] || len(other) > maxName || strings.ContainsAny(other, "|\t\n/") {
			continue
		}
		seen[folded] = true
		kept = append(kept, other)
	}
	return kept
}

// gather lists countries, regions, cities and landmarks. What has no point of
// its own lies in the middle of its people.
func gather(s source) ([]place, error) {
	cities, err := s.cities()
	if err != nil {
		return nil, err
	}
	countries, err := s.countries()
	if err != nil {
		return nil, err
	}
	regions, err := s.regions()
	if err != nil {
		return nil, err
	}
	landmarks, err := s.airports()
	if err != nil {
		return nil, err
	}
	settle(countries, cities, func(p place) string { return p.country })
	settle(regions, cities, func(p place) string { return p.country + "." + p.region })
	empty := func(p place) bool { return p.population == 0 }
	regions, countries = slices.DeleteFunc(regions, empty), slices.DeleteFunc(countries, empty)
	places := slices.Concat(countries, regions, cities, landmarks)
	slices.SortStableFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(order[a.kind], order[b.kind]), cmp.Compare(a.country, b.country), cmp.Compare(a.region, b.region),
			-cmp.Compare(a.population, b.population), cmp.Compare(a.code, b.code))
	})
	return places, nil
}

var order = map[string]int{"country": 0, "region": 1, "city": 2, "landmark": 3}

func write(path string, places []place) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	// No name and no time in the header: the same places give the same bytes.
	out, err := gzip.NewWriterLevel(file, gzip.BestCompression)
	if err != nil {
		return err
	}
	for _, p := range places {
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%.3f\t%.3f\t%d\t%s\n",
			p.kind, p.code, p.country, p.region, p.name, p.lat, p.lon, p.population, strings.Join(distinct(p.name, p.names), "|"))
	}
	if err := out.Close(); err != nil {
		return err
	}
	return file.Close()
}
