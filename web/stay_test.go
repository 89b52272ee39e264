package web_test

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/web/words"
)

// booking brings a new visitor to the page of a booking of theirs.
func (h *house) guest(p property.Property) *visitor {
	h.t.Helper()
	v := h.checkout(p)
	return v.form("").fill().send().wants(200, "You are expected, Ana Lima")
}

func TestChangeShowsTheDifferenceFirst(t *testing.T) {
	h := open(t, 1)
	p := h.build(2, property.Property{Name: "Moving"})
	v := h.guest(p)
	manage := v.url.Path
	v.follow(manage+"/change").form("/change").set("departure", "2026-12-21").send().wants(200, "What it costs", "You pay more", "3 nights")
	if nights := h.booked(p.ID)[0].Stays[0].Terms.Stay.Nights(); nights != 2 {
		t.Fatalf("looking changed the stay to %d nights", nights)
	}
	change := v.form("/change") // the first form redeems
	change.send().wants(200, "3 nights")
	change.send().wants(200, "3 nights") // sent twice
	if b := h.booked(p.ID)[0]; b.Stays[0].Terms.Stay.Nights() != 3 || b.Version != 3 {
		t.Errorf("%d nights, version %d", b.Stays[0].Terms.Stay.Nights(), b.Version)
	}
	v.get(manage+"/change").form("/change").send().wants(422, "Nothing would change")
	v.get(manage+"/change").form("/change").set("arrival", "2026-12-25", "departure", "2026-12-21").send().wants(422, "must be after the arrival")
	v.get(manage+"/change").form("/change").set("departure", "2026-12-22").send().wants(200)
	late := v.form("/change")
	h.forward(booking.OfferLife + time.Minute)
	late.send().wants(409, "The price that you saw has expired")
}

func TestMessageReachesTheHouse(t *testing.T) {
	h := open(t, 1)
	p := h.build(1, property.Property{Name: "Post"})
	v := h.guest(p)
	f := v.form("/message").set("text", "We arrive late.\r\nIs there somebody?")
	f.send().wants(200, "We arrive late. Is there somebody?")
	f.send().wants(200)
	if notes := h.booked(p.ID)[0].Notes; len(notes) != 1 || notes[0].Text != "We arrive late.\nIs there somebody?" {
		t.Errorf("notes: %+v", notes)
	}
	b := h.booked(p.ID)[0]
	staff := booking.Command{Caller: "staff_1", Key: "note-0123456789", Render: func(booking.Result) (int, []byte) { return 200, nil }}
	if _, err := h.bookings.AddNote(t.Context(), staff, b, b.Version, "A difficult guest"); err != nil {
		t.Fatal(err)
	}
	if v.get(v.url.Path).wants(200); strings.Contains(v.words(), "difficult") {
		t.Error("a note of the staff is shown to the guest")
	}
}

func TestInvoice(t *testing.T) {
	h := open(t, 1)
	p := h.build(1, property.Property{Name: "Paper", Address: "12 rue du Chat"})
	v := h.guest(p)
	v.follow(v.url.Path+"/invoice").wants(200, "Invoice", "12 rue du Chat", "Ana Lima", "City tax", "Charged", "Open")
}

func TestReviewAfterTheStay(t *testing.T) {
	h := open(t, 1)
	p := h.build(1, property.Property{Name: "Remembered"})
	v := h.guest(p)
	manage := v.url.Path
	v.get(manage+"/review").wants(409, "not over yet")
	verb := func(name string) booking.Command {
		return booking.Command{Caller: "staff_1", Key: name + "-0123456789", Render: func(booking.Result) (int, []byte) { return 200, nil }}
	}
	h.forward(26 * 24 * time.Hour)
	if _, err := h.bookings.CheckIn(t.Context(), verb("in"), h.booked(p.ID)[0], 0); err != nil {
		t.Fatal(err)
	}
	h.forward(24 * time.Hour)
	if _, err := h.bookings.CheckOut(t.Context(), verb("out"), h.booked(p.ID)[0], 0); err != nil {
		t.Fatal(err)
	}
	f := v.get(manage).follow(manage + "/review").form("/review")
	f.send().wants(422, "score from 1 to 10")
	for name := range f.fields {
		if strings.HasPrefix(name, "score_") {
			f.set(name, "9")
		}
	}
	f.set("title", "Quiet", "good", "The bed").send().wants(200, "Thank you", "The bed")
	v.get("/hotels/"+p.ID).wants(200, "What guests say", "9.0", "Superb", "Quiet", "Cleanliness")
}

// Every language shows every page without a name of a message or an open place
// for a fact in it.
func TestEveryPageInEveryLanguage(t *testing.T) {
	h := open(t, 6)
	p := h.build(5, property.Property{Name: "Babel", Stars: 3})
	v := h.guest(p)
	manage := v.url.Path
	unsaid := regexp.MustCompile(`\{[a-z]+\}|\b(?:booking|form|filter|trouble|cancel|hotel|why|count)\.[a-z_]+\b`)
	for _, code := range words.Codes {
		for path, status := range map[string]int{
			"/": 200, "/?place=Paris&arrival=2026-12-18&departure=2026-12-20&room=2-5": 200, "/?place=Paris&view=map&arrival=2026-12-18&departure=2026-12-20&room=2": 200,
			"/hotels/" + p.ID + "?arrival=2026-12-18&departure=2026-12-20&room=9": 200, manage: 200, manage + "/change": 200, manage + "/invoice": 200,
			manage + "/cancel": 200, "/find": 200, "/nothing": 404, "/?place=Paris&arrival=2020-01-01": 422, "/days?month=2026-12&place=Paris": 200, "/places?q=Pari": 200,
		} {
			v.do("GET", path, "", http.Header{"Accept-Language": {code}})
			if v.status != status || v.header.Get("Content-Language") != code && v.header.Get("Content-Language") != "" {
				t.Errorf("%s %s: status %d in %q", code, path, v.status, v.header.Get("Content-Language"))
			}
			if found := unsaid.FindString(v.words()); found != "" {
				t.Errorf("%s %s says %q", code, path, found)
			}
		}
	}
}

func TestPreferences(t *testing.T) {
	h := open(t, 1)
	h.build(1, property.Property{Name: "Choice"})
	v := h.visitor().get("/find?lang=de").wants(200, "Buchung finden")
	v.get("/find").wants(200, "Buchung finden") // it is remembered
	v.form("/preferences").set("lang", "fr", "currency", "JPY", "back", "/?place=Paris&arrival=2026-12-18&departure=2026-12-20&room=2").send().wants(200, "¥", "Trier par")
	for _, back := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, ""} {
		v.form("/preferences").set("back", back).send()
		if v.url.Host != strings.TrimPrefix(h.server.URL, "http://") {
			t.Errorf("%q leads to %s", back, v.url)
		}
	}
}

// The address holds what was chosen, and each filter in force can be taken off.
func TestFiltersAreInTheAddress(t *testing.T) {
	h := open(t, 1)
	h.build(3, property.Property{Name: "Filtered", Stars: 3})
	const dates = "&arrival=2026-12-18&departure=2026-12-20&room=2"
	v := h.visitor().get("/?place=Paris&stars=3&free=1&kind=hotel&min=1&max=9999&in=EUR"+dates).wants(200, "Filtered", "Clear all", "Up to €9,999")
	for _, part := range []string{"stars=3", "free=1", "kind=hotel", "min=1", "max=9999", "in=EUR"} {
		if !strings.Contains(v.url.RawQuery, part) {
			t.Errorf("%s is lost: %s", part, v.url)
		}
	}
	v.get("/?place=Paris&max=1&in=EUR"+dates).wants(200, "Nothing fits", "Your filters leave nothing over")
	v.get("/?place=Paris&box=48,2,49,3~Paris"+dates).wants(200, "1 place in this part of the map")
	if v.get("/?place=Lyon&box=48,2,49,3~Paris" + dates); strings.Contains(v.url.RawQuery, "box") {
		t.Errorf("the map of Paris came along to Lyon: %s", v.url)
	}
}

func TestSearchEnginesRead(t *testing.T) {
	h := open(t, 1)
	p := h.build(1, property.Property{Name: "Findable", Stars: 4})
	v := h.visitor().get("/hotels/" + p.ID)
	var facts struct {
		Type   string `json:"@type"`
		Name   string
		Offers []struct{ Price string } `json:"makesOffer"`
	}
	languages := 0
	for n := range v.page.Descendants() {
		if n.Type == html.ElementNode && n.Data == "script" && attribute(n, "type") == "application/ld+json" {
			h.must(json.Unmarshal([]byte(n.FirstChild.Data), &facts))
		}
		if n.Data == "link" && attribute(n, "hreflang") != "" {
			languages++
		}
		if n.Data == "link" && attribute(n, "rel") == "canonical" && attribute(n, "href") != h.server.URL+"/hotels/"+url.PathEscape(p.ID) {
			t.Errorf("canonical %s", attribute(n, "href"))
		}
	}
	if facts.Type != "Hotel" || facts.Name != "Findable" || len(facts.Offers) == 0 || languages != len(words.Codes)+1 {
		t.Errorf("%+v in %d languages", facts, languages)
	}
	if v.get("/robots.txt"); !strings.Contains(v.text, "Disallow: /bookings/") || !strings.Contains(v.text, "/sitemap.xml") {
		t.Errorf("robots: %s", v.text)
	}
	v.get("/sitemap.xml")
	var pages struct {
		URL []struct {
			Loc string `xml:"loc"`
		} `xml:"url"`
	}
	h.must(xml.Unmarshal([]byte(v.text), &pages))
	if !strings.Contains(v.text, "/hotels/"+p.ID) || len(pages.URL) < 3 {
		t.Errorf("sitemap: %s", v.text)
	}
}
