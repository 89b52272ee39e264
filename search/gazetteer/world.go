package gazetteer

import (
	"bytes"
	"compress/gzip"
	_ "embed" // for the places
	"io"
	"strconv"
	"strings"
	"sync"
)

//go:embed places/places.tsv.gz
var worldFile []byte

// World lists the places that the product knows: countries, regions, cities of
// 5,000 inhabitants and more, and airports. places/README.md says where from.
// The caller must not change them.
var World = sync.OnceValue(func() []Place {
	unzip, err := gzip.NewReader(bytes.NewReader(worldFile))
	if err != nil {
		panic("gazetteer: the places are damaged: " + err.Error())
	}
	text, err := io.ReadAll(unzip)
	if err != nil {
		panic("gazetteer: the places are damaged: " + err.Error())
	}
	var places []Place
	for line := range strings.Lines(string(text)) {
		places = append(places, parsePlace(strings.Split(strings.TrimSuffix(line, "\n"), "\t")))
	}
	return places
})

func parsePlace(f []string) Place {
	lat, _ := strconv.ParseFloat(f[5], 64)
	lon, _ := strconv.ParseFloat(f[6], 64)
	population, _ := strconv.Atoi(f[7])
	p := Place{
		ID: f[0] + "_" + f[1], Kind: Kind(f[0]), Country: f[2], Region: f[3], Name: f[4],
		Lat: lat, Lon: lon, Population: population,
	}
	if f[8] != "" {
		p.Names = strings.Split(f[8], "|")
	}
	return p
}
