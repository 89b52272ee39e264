package world

import (
	"bytes"
	"compress/gzip"
	_ "embed" // for the places
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
)

// Style is what people come to a place for; it shapes names, seasons and prices.
type Style string

// Styles of places.
const (
	Business Style = "business"
	City     Style = "city"
	Sea      Style = "sea"
	Ski      Style = "ski"
	Lake     Style = "lake"
	Country  Style = "country"
)

// Place is a city or resort (world/cities: GeoNames, CC BY 4.0).
type Place struct {
	Country    string // ISO 3166-1 alpha-2
	Name       string
	Lat, Lon   float64
	Population int
	Style      Style
	Weight     int // share of the world's hotels
	Zone       string
}

//go:embed cities/places.tsv.gz
var placesFile []byte

var places = sync.OnceValue(func() []Place {
	unzip, err := gzip.NewReader(bytes.NewReader(placesFile))
	if err != nil {
		panic("world: the places are damaged: " + err.Error())
	}
	text, err := io.ReadAll(unzip)
	if err != nil {
		panic("world: the places are damaged: " + err.Error())
	}
	var all []Place
	for line := range strings.Lines(string(text)) {
		all = append(all, parsePlace(strings.Split(strings.TrimSpace(line), "\t")))
	}
	return all
})

// Places lists the places of the world; the caller must not change them.
func Places() []Place { return places() }

func parsePlace(f []string) Place {
	lat, _ := strconv.ParseFloat(f[2], 64)
	lon, _ := strconv.ParseFloat(f[3], 64)
	population, _ := strconv.Atoi(f[4])
	weight, _ := strconv.Atoi(f[6])
	return Place{
		Country: f[0], Name: f[1], Lat: lat, Lon: lon, Population: population,
		Style: Style(f[5]), Weight: weight, Zone: f[7],
	}
}

// Near is the nearest place of a country within so many kilometres.
func Near(country string, lat, lon, within float64) (Place, bool) {
	best, at := within, -1
	for i, p := range places() {
		if p.Country != country {
			continue
		}
		if d := kilometres(lat, lon, p.Lat, p.Lon); d <= best {
			best, at = d, i
		}
	}
	if at < 0 {
		return Place{}, false
	}
	return places()[at], true
}

const degree = 111.2 // kilometres of a degree of latitude

// kilometres is the distance on a plane: right within a percent for short ways.
func kilometres(lat1, lon1, lat2, lon2 float64) float64 {
	east := math.Abs(lon1 - lon2)
	if east > 180 {
		east = 360 - east
	}
	return degree * math.Hypot(lat1-lat2, east*math.Cos((lat1+lat2)/2*math.Pi/180))
}

// scatter is a spot near the centre: half of the houses are within a quarter
// of the radius, as hotels are.
func scatter(d dice, p Place) (lat, lon float64) {
	radius := min(12, 1.2+math.Sqrt(float64(p.Population))/250)
	u, angle := d.Float64(), d.Float64()*2*math.Pi
	away := radius * u * u / degree
	lat = p.Lat + away*math.Sin(angle)
	lon = p.Lon + away*math.Cos(angle)/math.Cos(p.Lat*math.Pi/180)
	return math.Round(lat*1e5) / 1e5, math.Round(lon*1e5) / 1e5
}
