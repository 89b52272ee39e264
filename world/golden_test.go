package world

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/store"
)

// absent is a field that restricts nothing.
var absent = regexp.MustCompile(`,"[A-Za-z]+":(null|false)`)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden keeps one hotel for people to look at: what a change of the model
// does to it is part of the change's review.
func TestGolden(t *testing.T) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(readable(newWorld(t, 300).Bundle(7))); err != nil {
		t.Fatal(err)
	}
	const path = "testdata/hotel.json"
	if *update {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", path, diff)
	}
}

// readable is a bundle with one line for what has a line's worth to say.
func readable(b store.Bundle) any {
	type calendar struct {
		Plan, RoomType string
		Prices, Rules  []string
	}
	var calendars []calendar
	for _, c := range b.Rates.Calendars {
		one := calendar{Plan: c.PlanID, RoomType: c.RoomTypeID}
		for _, p := range c.Prices {
			one.Prices = append(one.Prices, fmt.Sprintf("%s..%s days %07b %v", p.From, p.Through, p.Days, p.Base))
		}
		for _, r := range c.Rules {
			text, _ := json.Marshal(r)
			one.Rules = append(one.Rules, absent.ReplaceAllString(string(text), ""))
		}
		calendars = append(calendars, one)
	}
	stock := make(map[string]string)
	for _, s := range b.Inventory.Settings {
		if s.Night < today.Add(28) {
			stock[s.RoomTypeID] = strings.TrimSpace(fmt.Sprint(stock[s.RoomTypeID], " ", *s.Stock))
		}
	}
	return map[string]any{
		"property": b.Property.Property, "room_types": b.Property.RoomTypes, "plans": b.Rates.Plans,
		"calendars": calendars, "stock_of_four_weeks": stock,
	}
}
