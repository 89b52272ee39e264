// Package scene draws pictures of places and rooms as SVG. Properties have no
// photographs, so each gets views of its own, drawn from nothing but its id and
// what kind of place it is in: the same house is the same picture everywhere.
package scene

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
)

// Styles of places and views of a property.
var (
	Styles = []string{"city", "business", "sea", "ski", "lake", "country"}
	Views  = []string{"front", "wide", "room", "suite", "bath", "table", "pool"}
)

// Valid tells whether there is such a picture.
func Valid(style, view string) bool {
	return slices.Contains(Styles, style) && slices.Contains(Views, view)
}

// Draw is the picture of a view, as an SVG document.
func Draw(style, view, id string) string {
	c := newCanvas(style, view, id)
	switch view {
	case "front":
		c.front()
	case "wide":
		c.wide()
	case "bath":
		c.bath()
	case "table":
		c.table()
	case "pool":
		c.pool()
	default:
		c.room(view == "suite")
	}
	return c.done()
}

// palette is a time of day: colours that go together.
type palette struct {
	sky              [3]string // top, middle, horizon
	sun, glow        string
	far, mid, near   string
	water, shore     string
	leaf, leafDark   string
	wall, roof, lamp string
	night            bool
}

var palettes = []palette{
	{ // morning
		sky: [3]string{"#7fb2d9", "#b9d8ea", "#f6ead9"}, sun: "#fff6df", glow: "#fff1cf",
		far: "#a9c2cf", mid: "#7fa0ad", near: "#4f7480", water: "#7fb4c4", shore: "#e9d9b8",
		leaf: "#5f8f6b", leafDark: "#3f6b52", wall: "#f3ece0", roof: "#b9654a", lamp: "#fff0c2",
	},
	{ // noon
		sky: [3]string{"#5aa2d6", "#98c9e8", "#e3f1f5"}, sun: "#fffbe9", glow: "#ffffff",
		far: "#9dbcc7", mid: "#6d9a98", near: "#3f7268", water: "#3f9fb5", shore: "#efdfb9",
		leaf: "#58955f", leafDark: "#356b49", wall: "#faf5ea", roof: "#a8503c", lamp: "#fff3c9",
	},
	{ // golden hour
		sky: [3]string{"#5f7fae", "#d9a58c", "#fbdca8"}, sun: "#fff0c4", glow: "#ffdf9e",
		far: "#b68f8f", mid: "#8a6a78", near: "#594a5e", water: "#c99a86", shore: "#e6c08f",
		leaf: "#6f7a52", leafDark: "#494f45", wall: "#f4d9b6", roof: "#8d4a41", lamp: "#ffe6a3",
	},
	{ // dusk
		sky: [3]string{"#38406e", "#8a6a94", "#eeb09a"}, sun: "#ffd7b0", glow: "#f6b79a",
		far: "#6f6590", mid: "#4e4a76", near: "#33335a", water: "#6b6593", shore: "#a98a92",
		leaf: "#3f5560", leafDark: "#2b3b4b", wall: "#c9b4b8", roof: "#4d3a55", lamp: "#ffd98a", night: true,
	},
	{ // night
		sky: [3]string{"#0f1a38", "#23325c", "#4d5a86"}, sun: "#f4f0dc", glow: "#8f9cc4",
		far: "#303f6b", mid: "#223056", near: "#161f3d", water: "#26386a", shore: "#4b5575",
		leaf: "#1f3847", leafDark: "#152735", wall: "#5a628a", roof: "#1b2343", lamp: "#ffd782", night: true,
	},
	{ // autumn light
		sky: [3]string{"#86a7c0", "#c9d3cf", "#f4e4c6"}, sun: "#fff3d6", glow: "#ffe8bf",
		far: "#a8b0a4", mid: "#8f8a68", near: "#6a6547", water: "#8fb0b2", shore: "#dcc9a0",
		leaf: "#b0793f", leafDark: "#7d5634", wall: "#f1e6d2", roof: "#8c5142", lamp: "#ffeab5",
	},
}

func seed(text string, salt uint64) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	return rand.New(rand.NewPCG(h.Sum64(), salt))
}
