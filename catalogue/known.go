package catalogue

import (
	"context"
	"math"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/vacancyhq/vacancy/property"
)

// sameHouse is how far apart two rows of one house may be, in metres: sources
// put the pin on the door, the roof or the car park.
const sameHouse = 150

// known is the properties that a tenant has: by source id with the digest of
// what the source said, and by name with where they are.
type known struct {
	sources map[string]string
	names   map[string][]spot
}

type spot struct {
	lat, lon             float64
	propertyID, sourceID string
}

const pageSize = 500

func load(ctx context.Context, s Store, tenantID string) (*known, error) {
	k := &known{sources: make(map[string]string), names: make(map[string][]spot)}
	after := ""
	for {
		page, err := s.Properties(ctx, tenantID, after, pageSize)
		if err != nil {
			return nil, err
		}
		for _, p := range page {
			k.add(p)
			after = p.ID
		}
		if len(page) < pageSize {
			return k, nil
		}
	}
}

func (k *known) add(p property.Property) {
	if p.Source.ID != "" {
		k.sources[p.Source.ID] = p.Source.Digest
	}
	if key := normal(p.Name); key != "" {
		k.names[key] = append(k.names[key], spot{p.Lat, p.Lon, p.ID, p.Source.ID})
	}
}

// digest is what the source of a known house said last.
func (k *known) digest(sourceID string) (digest string, known bool) {
	digest, known = k.sources[sourceID]
	return digest, known
}

// near is the first house of the same name within sameHouse metres.
func (k *known) near(name string, lat, lon float64) (spot, bool) {
	for _, s := range k.names[normal(name)] {
		if metres(s.lat, s.lon, lat, lon) <= sameHouse {
			return s, true
		}
	}
	return spot{}, false
}

// normal is a name without case, accents, spaces and punctuation: "Hôtel de
// la Gare" and "HOTEL DE LA GARE" are one name.
func normal(name string) string {
	return strings.Map(func(c rune) rune {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return -1
		}
		return unicode.ToLower(c)
	}, norm.NFKD.String(name))
}

// metres between two spots that are near each other.
func metres(lat1, lon1, lat2, lon2 float64) float64 {
	const degree = 111_195
	return degree * math.Hypot(lat1-lat2, (lon1-lon2)*math.Cos(lat1*math.Pi/180))
}
