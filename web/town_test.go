package web_test

import (
	"strings"
	"testing"

	"github.com/vacancyhq/vacancy/property"
)

// Two towns of one name are not mixed: a house leads to its own town's, and so
// does what search engines keep.
func TestTownsOfOneName(t *testing.T) {
	h := open(t, 1)
	french := h.build(1, property.Property{Name: "Rive Gauche", Source: property.Source{ID: "a"}})
	texan := h.build(1, property.Property{Name: "Lone Star", City: "Paris", Country: "US", Lat: 33.66, Lon: -95.56, Source: property.Source{ID: "b"}})
	for _, of := range []struct{ here, there property.Property }{{french, texan}, {texan, french}} {
		v := h.visitor().get("/hotels/"+of.here.ID+"?"+weekend).follow("/hotels/"+of.here.ID+"/around?").wants(200, "Paris", of.here.Name)
		if strings.Contains(v.words(), of.there.Name) {
			t.Errorf("the places of %s's town list %s", of.here.Name, of.there.Name)
		}
		if !strings.Contains(v.url.RawQuery, "at=city_") {
			t.Errorf("the address does not say which Paris: %s", v.url)
		}
		if !strings.Contains(v.text, `rel="canonical" href="`+h.server.URL+"/?at=city_") {
			t.Errorf("nor does the one that search engines keep: %s", v.text[:600])
		}
	}
	v := h.visitor().get("/sitemap.xml")
	for _, p := range []property.Property{french, texan} {
		if strings.Count(v.text, "/hotels/"+p.ID) != 1 {
			t.Errorf("the sitemap lists %s %d times", p.Name, strings.Count(v.text, "/hotels/"+p.ID))
		}
	}
}
