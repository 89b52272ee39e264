package catalogue

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// readAll collects what Read yields.
func readAll(t testing.TB, text string) (rows []Row, rejected []Rejection) {
	t.Helper()
	for row, err := range Read(t.Context(), strings.NewReader(text), "test.ndjson") {
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
	return rows, rejected
}

const paris = `"lat":48.86,"lon":2.34,"country":"FR"`

func TestBadRowsAreReportedAndSkipped(t *testing.T) {
	tests := []struct{ name, row, reason string }{
		{"no JSON", `{"id":"a"`, "not a JSON object"},
		{"a list", `["a"]x`, "not a JSON object"},
		{"NaN", `{"id":"a","name":"A","lat":NaN,"lon":2.3,"country":"FR"}`, "not a JSON object"},
		{"coordinates as text", `{"id":"a","name":"A","lat":"48.8","lon":2.3,"country":"FR"}`, "lat is a string"},
		{"no id", `{"name":"A",` + paris + `}`, "id missing"},
		{"no name", `{"id":"a","name":" \t ",` + paris + `}`, "name missing"},
		{"no coordinates", `{"id":"a","name":"A","country":"FR"}`, "coordinates missing"},
		{"latitude 91", `{"id":"a","name":"A","lat":91,"lon":2.3,"country":"FR"}`, "coordinates out of range"},
		{"longitude -181", `{"id":"a","name":"A","lat":1,"lon":-181,"country":"FR"}`, "coordinates out of range"},
		{"in the Atlantic", `{"id":"a","name":"A","lat":30,"lon":-40,"country":"FR"}`, "coordinates are on the open sea"},
		{"unknown country", `{"id":"a","name":"A","lat":48.86,"lon":2.34,"country":"XX"}`, "unknown country"},
		{"the other Paris", `{"id":"a","name":"A","lat":33.66,"lon":-95.55,"country":"FR"}`, "coordinates are in US, far from the country given"},
		{"nine stars", `{"id":"a","name":"A","stars":9,` + paris + `}`, "stars are not 0 to 5"},
		{"negative stars", `{"id":"a","name":"A","stars":-1,` + paris + `}`, "stars are not 0 to 5"},
		{"stars in a list", `{"id":"a","name":"A","stars":[4],` + paris + `}`, "stars are not 0 to 5"},
		{"a million rooms", `{"id":"a","name":"A","rooms":1000000,` + paris + `}`, "rooms are not a number up to 10000"},
		{"rooms in words", `{"id":"a","name":"A","rooms":"many",` + paris + `}`, "rooms are not a number up to 10000"},
		{"a camp site", `{"id":"a","name":"A","kind":"camp_site",` + paris + `}`, "not a kind of house that sells rooms"},
		{"bad UTF-8", "{\"id\":\"a\",\"name\":\"H\xf4tel\"," + paris + `}`, "not valid UTF-8"},
		{"a long name", `{"id":"a","name":"` + strings.Repeat("x", 201) + `",` + paris + `}`, "name longer than 200 characters"},
		{"a long row", `{"id":"a","name":"A","description":"` + strings.Repeat("x", MaxRow) + `",` + paris + `}`, "row longer than 1048576 bytes"},
		{"twice", `{"id":"good","name":"A",` + paris + `}`, "the id occurs on line 1 already"},
	}
	const good = `{"id":"good","name":"Good",` + paris + `}`
	const after = `{"id":"after","name":"After",` + paris + `}`
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rows, rejected := readAll(t, good+"\n\n"+test.row+"\n"+after)
			want := []Rejection{{File: "test.ndjson", Line: 3, Reason: test.reason}}
			if diff := cmp.Diff(want, rejected); diff != "" {
				t.Errorf("rejected (-want +got):\n%s", diff)
			}
			if len(rows) != 2 || rows[0].ID != "good" || rows[1].ID != "after" || rows[1].Line != 4 {
				t.Errorf("rows %+v", rows)
			}
		})
	}
}

func TestReadUnderstandsARow(t *testing.T) {
	rows, rejected := readAll(t, "\ufeff"+`{"id":"osm:1","source":"osm","licence":"ODbL-1.0","name":"ホテル さくら","lat":35.68,"lon":139.76,
"city":"TOKYO"}`[:0]+`{"id":"osm:1","source":"osm","licence":"ODbL-1.0","name":"ホテル さくら","lat":35.68,"lon":139.76,"city":"TOKYO",`+
		`"checkin":"3PM to 6PM","checkout":"noon","tags":{"name:en":"Hotel Sakura","name:ja_kana":"x","stars":"3S","internet_access":"wlan","wheelchair":"no","rooms":"42"}}`)
	if len(rows) != 1 || len(rejected) != 0 {
		t.Fatalf("%d rows, rejected %v", len(rows), rejected)
	}
	p := rows[0].Property("ten_a")
	if p.Country != "JP" || p.Zone != "Asia/Tokyo" || p.Currency != "JPY" || p.City != "Tokyo" || p.Stars != 3 || rows[0].Rooms != 42 {
		t.Errorf("property %+v", p)
	}
	if p.CheckInFrom != 15*60 || p.CheckOutUntil != 12*60 {
		t.Errorf("from %s until %s", p.CheckInFrom, p.CheckOutUntil)
	}
	if diff := cmp.Diff(map[string]string{"en": "Hotel Sakura"}, p.LocalNames); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"wifi"}, p.Amenities); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"wheelchair"}, rows[0].lacks()); diff != "" {
		t.Error(diff)
	}
	if p.Source.Licence != "ODbL-1.0" || p.Source.ID != "osm:1" || p.Source.Name != "osm" {
		t.Errorf("source %+v", p.Source)
	}
}

func TestReadUnderstandsClocks(t *testing.T) {
	tests := map[string]string{
		"3PM": "15:00", "noon": "12:00", "Noon": "12:00", "3PM to 6PM": "15:00", "2.00pm": "14:00", "from 3pm": "15:00",
		"1600 - 1630, 2145 - 2215": "16:00", "17.00 - 22.00": "17:00", "2:30PM": "14:30", "14pm": "14:00", "12": "12:00",
		"12.00pm": "12:00", "15:00": "15:00", "11AM. Front Desk hours: 7:30AM-11PM": "11:00", "midday": "12:00", "12AM": "00:00",
		"from £35": "", "Any time": "", "": "", "99:99": "", "25pm": "",
	}
	for text, want := range tests {
		at, ok := clockIn(text)
		if got := at.String(); ok && got != want || !ok && want != "" {
			t.Errorf("clockIn(%q) = %s, %v; want %q", text, got, ok, want)
		}
	}
}

func TestReadUnderstandsPrices(t *testing.T) {
	for text, want := range map[string]int64{
		"from £79": 7_900, "Rooms £40-£55": 4_000, "£265-£670 per week": 0, "£15 pppn": 0, "$99+": 0, "270-600": 0, "": 0,
	} {
		if got := (Row{Country: "GB", Price: text}).price(); got.Minor != want {
			t.Errorf("price of %q = %v; want %d", text, got, want)
		}
	}
}

func TestReadGzipAndArrays(t *testing.T) {
	const array = `[
 {"id":"0","name":"a and b guest house","address":"124 tenison road","postcode":"cb12dp","location":[52.19,0.19],
  "stars":"4","type":"guesthouse","internet":"yes","parking":"no","price":{"double":"70"},"phone":"1"},
 {"id":"1","name":"","location":[52.2,0.1]}
]`
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := zip.Write([]byte(array)); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	rows, rejected := readAll(t, packed.String())
	if len(rows) != 1 || len(rejected) != 1 || rejected[0].Line != 4 || rejected[0].Reason != "name missing" {
		t.Fatalf("%d rows, rejected %v", len(rows), rejected)
	}
	p := rows[0].Property("ten_a")
	if p.Name != "A And B Guest House" || p.Country != "GB" || p.Zone != "Europe/London" || p.Postcode != "CB1 2DP" || p.Kind != "guest_house" {
		t.Errorf("property %+v", p)
	}
	if price := rows[0].price(); price.Minor != 7_000 {
		t.Errorf("price %v", price)
	}
}

func TestReadStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	const row = `{"id":"ID","name":"A",` + paris + "}\n"
	text := strings.Replace(row, "ID", "1", 1) + strings.Replace(row, "ID", "2", 1)
	rows := 0
	var last error
	for _, err := range Read(ctx, strings.NewReader(text), "x") {
		if last = err; err == nil {
			rows++
			cancel()
		}
	}
	if rows != 1 || !errors.Is(last, context.Canceled) {
		t.Errorf("%d rows, then %v", rows, last)
	}
	for range Read(t.Context(), strings.NewReader(text), "x") {
		break // must not be called again
	}
	truncated := "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	last = nil
	for _, err := range Read(t.Context(), strings.NewReader(truncated), "x") {
		last = err
	}
	if last == nil {
		t.Error("a truncated file ends without an error")
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"id":"a","name":"A",` + paris + `,"stars":"4.5","tags":{"name:fr":"B"},"checkin":"3PM"}`))
	f.Add([]byte("[{\"id\":\"1\",\"location\":[52.2,0.1],\"name\":\"b\"}]"))
	f.Add([]byte("\ufeff\n\n{}\n[1]\nnull\n"))
	f.Add([]byte(collected))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for row, err := range Read(t.Context(), bytes.NewReader(text), "fuzz") {
			var rejection *Rejection
			if errors.As(err, &rejection) && (rejection.Line < 1 || rejection.Reason == "" || !utf8.ValidString(rejection.Reason)) {
				t.Errorf("rejection %+v", rejection)
			}
			if err != nil {
				continue
			}
			// What Read lets through, the noun takes once it is complete.
			p := row.Property("ten_a")
			if err := p.Check(); err != nil {
				t.Errorf("row %+v: %v", row, err)
			}
			row.price()
		}
	})
}
