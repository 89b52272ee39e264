// Package zones tells the time zone of a coordinate, and the country that a zone
// belongs to. The boundaries are those of OpenStreetMap as package tzf ships
// them (NOTICE); reading them takes about a second and 60 MB, so it happens on
// the first question and never for a program that asks none.
package zones

import (
	_ "embed" // for the zone table
	"math"
	"strings"
	"sync"

	"github.com/ringsaturn/tzf"
)

var finder = sync.OnceValues(tzf.NewDefaultFinder)

// At is the IANA zone at a coordinate in degrees; false when it is no place on
// land or in a country's waters.
func At(lat, lon float64) (string, bool) {
	f, err := finder()
	if err != nil || !valid(lat, lon) {
		return "", false
	}
	name := f.GetTimezoneName(lon, lat)
	return name, name != "" && !strings.HasPrefix(name, "Etc/")
}

// valid refuses what is no coordinate; NaN fails every comparison.
func valid(lat, lon float64) bool {
	return math.Abs(lat) <= 90 && math.Abs(lon) <= 180
}

// countries.tsv is made from zone.tab of the tz database, which is in the public
// domain: each zone belongs to exactly one country there.
//
//go:embed countries.tsv
var countryTable string

var countries = sync.OnceValue(func() map[string]string {
	all := make(map[string]string, 420)
	for line := range strings.Lines(countryTable) {
		if country, zone, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			all[zone] = country
		}
	}
	return all
})

// Country is the ISO 3166-1 country of a zone; false for a zone of no one country.
func Country(zone string) (string, bool) {
	country, ok := countries()[zone]
	return country, ok
}
