package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// known is what a catalogue says of a house.
type known struct {
	Source string  `json:"source"`
	Kind   string  `json:"kind"`
	Stars  int     `json:"stars"`
	Rooms  float64 `json:"rooms"`
}

// enough houses of a source say something of its rooms.
const enough = 15

func fitCatalogue(data string) ([]marginal, error) {
	houses, err := readCatalogue(data)
	if err != nil {
		return nil, err
	}
	stars := make([]float64, 5)
	sized := make(map[string][]float64) // logarithms of hotels' rooms, by source
	var small, byStars, ofStars []float64
	for _, h := range houses {
		if h.Kind == "hotel" && h.Stars > 0 {
			stars[h.Stars-1]++
		}
		switch {
		case h.Rooms < 1:
		case h.Kind == "guest_house":
			small = append(small, math.Log(h.Rooms))
		case h.Kind == "hotel":
			sized[h.Source] = append(sized[h.Source], math.Log(h.Rooms))
			if h.Stars > 0 {
				byStars, ofStars = append(byStars, float64(h.Stars)), append(ofStars, math.Log(h.Rooms))
			}
		}
	}
	rated := 0.0
	for _, n := range stars {
		rated += n
	}
	for i := range stars {
		stars[i] /= rated
	}
	slope := slopeOf(byStars, ofStars)
	var middles, spreads []float64
	for _, source := range slices.Sorted(maps.Keys(sized)) {
		if all := sized[source]; len(all) >= enough {
			middles, spreads = append(middles, mean(all)), append(spreads, variance(all))
		}
	}
	// Stars explain a part of the spread; the model gives that part by itself.
	sigma := math.Sqrt(mean(spreads) - slope*slope*variance(byStars))
	return []marginal{
		{name: "stars", values: stars, about: "Shares of 1 to 5 stars among hotels that have any. Hotel catalogue."},
		{name: "rooms.hotel", values: []float64{mean(middles), slope, sigma}, about: "Rooms of a hotel: mean of the logarithm at three stars (each source counts alike), what a star adds, sigma. Hotel catalogue."},
		{name: "rooms.guest_house", values: []float64{mean(small), math.Sqrt(variance(small))}, about: "Rooms of a guest house: mean and sigma of the logarithm. Hotel catalogue, the Maldives."},
	}, nil
}

// slopeOf is how much y grows with x.
func slopeOf(x, y []float64) float64 {
	mx, my, xy := mean(x), mean(y), 0.0
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
	}
	return xy / (variance(x) * float64(len(x)))
}

func readCatalogue(data string) ([]known, error) {
	files, err := filepath.Glob(filepath.Join(data, "hotel-catalogue", "*.ndjson*"))
	if err != nil {
		return nil, err
	}
	var all []known
	for _, path := range files {
		err := lines(path, func(line []byte) error {
			var h known
			err := json.Unmarshal(line, &h)
			all = append(all, h)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// lines gives each line of a file, plain or gzipped.
func lines(path string, each func(line []byte) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	var in io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(file); err != nil {
			return err
		}
	}
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, 4<<20)
	for scanner.Scan() {
		if err := each(scanner.Bytes()); err != nil {
			return err
		}
	}
	return scanner.Err()
}
