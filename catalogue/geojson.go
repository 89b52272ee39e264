package catalogue

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"regexp"
	"strings"
)

var collection = regexp.MustCompile(`"type"\s*:\s*"FeatureCollection"`)

// isCollection tells whether a file that begins so is GeoJSON.
func isCollection(in *bufio.Reader) bool {
	const enough = 4 << 10
	head, _ := in.Peek(enough)
	return collection.Match(head)
}

// features reads a GeoJSON file of OpenStreetMap objects.
func (f *file) features() error {
	text, err := f.whole()
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	source := strings.SplitN(filepath.Base(f.name), ".", 2)[0]
	decode := func(text []byte) (Row, error) { return decodeFeature(source, text) }
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return f.reject("not JSON from here on")
		}
		if key != "features" {
			var skipped json.RawMessage
			if err := decoder.Decode(&skipped); err != nil {
				return f.reject("not JSON from here on")
			}
			continue
		}
		if open, err := decoder.Token(); err != nil || open != json.Delim('[') {
			return f.reject("features is not a list")
		}
		return f.elements(text, decoder, decode)
	}
	return f.reject("no features")
}

// feature is one object of OpenStreetMap as Overpass, osmium and ohsome write it.
type feature struct {
	ID         any            `json:"id"`
	Properties map[string]any `json:"properties"`
	Geometry   struct {
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

func decodeFeature(source string, text []byte) (Row, error) {
	var one feature
	if err := json.Unmarshal(text, &one); err != nil {
		return Row{}, jsonReason(err)
	}
	tags := make(map[string]string, len(one.Properties))
	for tag, value := range one.Properties {
		if written, ok := value.(string); ok {
			tags[tag] = written
		}
	}
	if tags["tourism"] == "" {
		return Row{}, errors.New("not a kind of house that sells rooms")
	}
	w := wireRow{
		ID: featureID(one.ID, tags), Source: source, Licence: "ODbL-1.0", Name: tags["name"], Tags: tags,
		Country: tags["addr:country"], City: tags["addr:city"], Postcode: tags["addr:postcode"],
		Address: strings.TrimSpace(tags["addr:housenumber"] + " " + tags["addr:street"]),
	}
	if w.ID != "" {
		w.ID = source + ":" + w.ID
	}
	if lat, lon, ok := middle(one.Geometry.Coordinates); ok {
		w.Lat, w.Lon = &lat, &lon
	}
	return w.check()
}

func featureID(id any, tags map[string]string) string {
	if written, ok := id.(string); ok && written != "" {
		return written
	}
	for _, tag := range []string{"@id", "osm_id", "id"} {
		if tags[tag] != "" {
			return tags[tag]
		}
	}
	return first(id, "")
}

// middle is the middle of the box around a geometry of any kind.
func middle(coordinates json.RawMessage) (lat, lon float64, ok bool) {
	var nested any
	if err := json.Unmarshal(coordinates, &nested); err != nil {
		return 0, 0, false
	}
	b := box{south: 91, west: 181, north: -91, east: -181}
	ok = b.add(nested)
	return (b.south + b.north) / 2, (b.west + b.east) / 2, ok
}

type box struct{ south, west, north, east float64 }

// add widens the box by a position or a list of lists of them.
func (b *box) add(nested any) bool {
	list, ok := nested.([]any)
	if !ok || len(list) < 1 {
		return false
	}
	lon, isPosition := list[0].(float64)
	if isPosition && len(list) >= 2 {
		lat, ok := list[1].(float64)
		b.south, b.north = min(b.south, lat), max(b.north, lat)
		b.west, b.east = min(b.west, lon), max(b.east, lon)
		return ok
	}
	for _, inner := range list {
		if !b.add(inner) {
			return false
		}
	}
	return true
}
