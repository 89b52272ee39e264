package web_test

import (
	"strings"
	"testing"

	"github.com/vacancyhq/vacancy/property"
)

// Where only the filters leave nothing the page says so, counts what each of them
// keeps out, and offers other days that fit them all.
func TestFiltersLeaveNothing(t *testing.T) {
	h := open(t, 1)
	h.build(2, property.Property{Name: "Three", Stars: 3, Source: property.Source{ID: "3"}})
	h.build(2, property.Property{Name: "Four", Stars: 4, Source: property.Source{ID: "4"}})
	five := h.build(1, property.Property{Name: "Five", Stars: 5, Source: property.Source{ID: "5"}})
	for others := h.visitor(); ; {
		others.get("/hotels/" + five.ID + "?" + weekend)
		if strings.Contains(others.words(), "No room is free here on these dates") {
			break
		}
		others.form("/hold").send().wants(200, "Your details")
	}
	h.must(h.index.Load(t.Context()))
	const paris = "/?place=Paris&" + weekend
	v := h.visitor().get(paris+"&stars=5&kind=hotel").wants(200,
		"Your filters leave nothing over", "2 places are free on these dates", "Without “5 stars” 2 places to stay", "Clear all 2 places to stay",
		"The nearest days on which something fits your filters")
	if strings.Contains(v.words(), "Without “Hotel”") {
		t.Error("a filter is offered that keeps nothing out")
	}
	v.followText("Without “5 stars”").wants(200, "Three", "Four")
	if q := v.url.Query(); q.Has("stars") || q.Get("kind") != "hotel" {
		t.Errorf("the way there is %s", v.url)
	}
	v.get(paris+"&stars=5").followIn("days").wants(200, "Five")
	if q := v.url.Query(); q.Get("stars") != "5" || q.Get("arrival") == "2026-12-18" {
		t.Errorf("the day leads to %s", v.url)
	}
	// With two in the way there is nothing to be had from leaving out one.
	v.get(paris+"&stars=5&kind=hostel").wants(200, "Clear all 2 places to stay")
	if strings.Contains(v.words(), "Without “") {
		t.Errorf("one filter is said to be enough: %s", v.words())
	}
	v.get(paris + "&stars=1&room=9")
	if strings.Contains(v.words(), "are free on these dates") {
		t.Error("the filters are blamed for what nothing fits")
	}
}
