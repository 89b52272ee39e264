package catalogue

import (
	"errors"
	"strings"
	"testing"
)

const collected = `{
 "type": "FeatureCollection",
 "generator": "overpass-turbo",
 "features": [
  {"type": "Feature", "id": "node/1", "properties": {"tourism": "hotel", "name": "Hôtel du Port", "stars": "3", "addr:city": "LORIENT",
    "addr:housenumber": "4", "addr:street": "Quai des Indes"}, "geometry": {"type": "Point", "coordinates": [-3.36, 47.75]}},
  {"type": "Feature", "properties": {"@id": "way/2", "tourism": "guest_house", "name": "Ker Avel"},
   "geometry": {"type": "Polygon", "coordinates": [[[-3.0, 47.6], [-3.0, 47.8], [-2.8, 47.8], [-3.0, 47.6]]]}},
  {"type": "Feature", "id": "node/3", "properties": {"tourism": "museum", "name": "M"}, "geometry": {"type": "Point", "coordinates": [-3, 47]}},
  {"type": "Feature", "id": "node/4", "properties": {"tourism": "hotel", "name": "No place"}, "geometry": null}
 ]
}`

func TestReadGeoJSON(t *testing.T) {
	var rows []Row
	var rejected []Rejection
	for row, err := range Read(t.Context(), strings.NewReader(collected), "osm-brittany.geojson") {
		var rejection *Rejection
		switch {
		case errors.As(err, &rejection):
			rejected = append(rejected, *rejection)
		case err != nil:
			t.Fatal(err)
		default:
			rows = append(rows, row)
		}
	}
	if len(rows) != 2 || len(rejected) != 2 {
		t.Fatalf("%d rows, rejected %v", len(rows), rejected)
	}
	hotel, house := rows[0], rows[1]
	if hotel.ID != "osm-brittany:node/1" || hotel.Country != "FR" || hotel.Stars != 3 || hotel.Address != "4 Quai des Indes" || hotel.Licence != "ODbL-1.0" {
		t.Errorf("%+v", hotel)
	}
	if house.Kind != "guest_house" || house.Lat != 47.7 || house.Lon != -2.9 || house.Line != 7 {
		t.Errorf("%+v", house)
	}
	if rejected[0].Line != 9 || rejected[1].Reason != "coordinates missing" {
		t.Errorf("rejected %+v", rejected)
	}
}
