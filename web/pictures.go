package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/web/scene"
)

// sceneURL is the address of a picture. Pictures are drawn from what is in the
// address alone, so that browsers and caches may keep them.
func sceneURL(style, view, id string) string {
	return "/scenes/" + style + "/" + view + "/" + url.PathEscape(id) + ".svg"
}

func (s *site) scene(w http.ResponseWriter, r *http.Request) error {
	id, ok := strings.CutSuffix(r.PathValue("file"), ".svg")
	if !ok || len(id) > 100 || !scene.Valid(r.PathValue("style"), r.PathValue("view")) {
		return errNoPage
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "public, max-age=604800")
	send(w, r, http.StatusOK, []byte(scene.Draw(r.PathValue("style"), r.PathValue("view"), id)))
	return nil
}

// style is what kind of place a city is, for the pictures of what is there.
func (s *site) sceneStyle(country, city string) string {
	if style := s.styles[country+"/"+city]; slices.Contains(scene.Styles, style) {
		return style
	}
	return "city"
}

// picture is one of a property's gallery.
type picture struct{ URL, Text string }

// gallery is the house, a room, and what the house has to show.
func (s *site) gallery(v voice, house property.Property) []picture {
	style := s.sceneStyle(house.Country, house.City)
	views := []string{"front", "suite", "table", "wide", "bath"}
	if slices.Contains(house.Amenities, "pool") {
		views[4] = "pool"
	}
	all := make([]picture, len(views))
	for i, view := range views {
		all[i] = picture{URL: sceneURL(style, view, house.ID), Text: v.Say("picture."+view, "house", house.Name)}
	}
	return all
}

// roomScene is the picture of a room type.
func (s *site) roomScene(house property.Property, t property.RoomType) string {
	view := "room"
	if t.MaxGuests > 3 || strings.Contains(t.Name, "Suite") {
		view = "suite"
	}
	return sceneURL(s.sceneStyle(house.Country, house.City), view, t.ID)
}
