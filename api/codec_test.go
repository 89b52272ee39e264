package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/search"
)

func TestCanonical(t *testing.T) {
	same := []string{`{"b":1,"a":[true,null,"é"]}`, "{ \"a\" : [ true, null, \"\\u00e9\" ],\n\"b\": 1.0 }"}
	first, err := canonical([]byte(same[0]))
	if err != nil {
		t.Fatal(err)
	}
	second, err := canonical([]byte(same[1]))
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("%s and %s, %v", first, second, err)
	}
	for _, differs := range []string{`{"b":2,"a":[true,null,"é"]}`, `{"b":1,"a":[null,true,"é"]}`, `{"b":"1","a":[true,null,"é"]}`} {
		if other, err := canonical([]byte(differs)); err != nil || bytes.Equal(first, other) {
			t.Errorf("%s was the same, %v", differs, err)
		}
	}
	deep := strings.Repeat(`{"a":`, maxDepth) + "1" + strings.Repeat("}", maxDepth)
	if _, err := canonical([]byte(deep)); err != nil {
		t.Errorf("%d levels: %v", maxDepth, err)
	}
}

// What the codec takes is JSON for everybody, is taken again in its canonical
// form, and no error quotes the body.
func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, `{"a":1,"a":2}`, "{\"a\":\"\xff\"}", `{"a":"\ud800"}`, `{} {}`, `[[[[`, ``, `{"a":1e999}`, "{}\x00", `{"é":{"b":[1,2]}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		form, err := canonical(body)
		if err != nil {
			if len(body) > 12 && strings.Contains(err.Error(), string(body)) {
				t.Error("the error quotes the body")
			}
			return
		}
		var a, b any
		if err := json.Unmarshal(body, &a); err != nil {
			t.Fatalf("accepted %q: %v", body, err)
		}
		if err := json.Unmarshal(form, &b); err != nil || !reflect.DeepEqual(a, b) {
			t.Fatalf("%q became %q, %v", body, form, err)
		}
		again, err := canonical(form)
		if err != nil || !bytes.Equal(again, form) {
			t.Fatalf("%q is not canonical: %q, %v", form, again, err)
		}
	})
}

// What parses is a possible party, and nothing panics.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{"2", "2:5,9", ":", "0:1", "999:", "2:30", "-1", "2:5,", "48.85,2.35", "NaN,1", "2027-05-15", "AAAA", "mon"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := parseParty(text); err == nil && p.Check() != nil {
			t.Errorf("party %q", text)
		}
		if p, ok := parsePoint(text); ok && !(p.Lat >= -90 && p.Lat <= 90 && p.Lon >= -180 && p.Lon <= 180) {
			t.Errorf("point %q", text)
		}
		if p, err := parseCursor(text); err == nil && text != "" && len(text) < 3 && p != (outbox.Position{}) && cursorOf(p) == "" {
			t.Errorf("cursor %q", text)
		}
		if polygon, err := parsePolygon(text); err == nil && len(polygon) > search.MaxCorners+1 {
			t.Errorf("polygon of %d corners", len(polygon))
		}
		in := Question{
			Where{Place: text, Near: text, Box: text, Polygon: text},
			When{Arrival: text, Depart: text, Party: []string{text}},
			Filters{Min: text, Currency: "EUR", MinRating: text},
		}
		if _, err := in.query(); err != nil && len(text) > 8 && strings.Contains(err.Error(), text) {
			t.Errorf("the error quotes %q", text)
		}
		_ = hasCardNumber(text)
	})
}

func TestCardNumbers(t *testing.T) {
	for text, want := range map[string]bool{
		"4111111111111111": true, "my card 5500-0055-5555-5559 please": true, "3782 822463 10005": true,
		"4111111111111112": false, "call +49 170 1234567": false, "": false, "room 12, arriving 18:30": false,
		"booking 00000000000000": false,
	} {
		if hasCardNumber(text) != want {
			t.Errorf("%q: want %v", text, want)
		}
	}
}

// Every kind is documented, once, and no error is in two.
func TestKinds(t *testing.T) {
	codes, errs := map[string]bool{}, map[error]string{}
	for _, k := range kinds {
		if codes[k.code] || k.title == "" || k.advice == "" || k.status < 400 {
			t.Errorf("kind %q", k.code)
		}
		codes[k.code] = true
		for _, err := range k.errs {
			if errs[err] != "" {
				t.Errorf("%v is in %s and %s", err, errs[err], k.code)
			}
			errs[err] = k.code
		}
	}
}

// Every rule that huma states is said in our words.
func TestRulesReadWell(t *testing.T) {
	for message, want := range map[string]string{
		"expected length >= 3":                   "must have at least 3 characters",
		`expected value to be one of "a, b"`:     "must be one of a, b",
		"expected array length <= 10":            "must have at most 10 items",
		"required query parameter is missing":    "is required",
		"expected string to be plain text":       "must be plain text",
		"invalid integer":                        "must be an integer",
		"expected object":                        "must be an object",
		"expected something that is new in huma": "must be: something that is new in huma",
	} {
		if got := adapt(&huma.ErrorDetail{Location: "body.x", Message: message, Value: "secret"}, nil); got.Rule != want || got.Location != "body.x" {
			t.Errorf("%s: %s", message, got.Rule)
		}
	}
}
