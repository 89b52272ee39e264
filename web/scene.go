package web

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"strings"
)

// Properties have no pictures, so each gets a small scene of its own, drawn
// from nothing but its id: the same house is the same picture everywhere.

// skies are top, bottom, sun, far and near colours that go together.
var skies = [][5]string{
	{"#f7c59f", "#fdeedc", "#fff4d6", "#b9877a", "#6b4f5b"}, // dusk
	{"#9cc9e3", "#e8f3f6", "#fffbe8", "#88aab5", "#3f6474"}, // morning
	{"#1f2b4d", "#56608f", "#f4ecd0", "#303a62", "#161d38"}, // night
	{"#b7d6c4", "#f1f5e4", "#fff6d8", "#8aae98", "#41695a"}, // hills
	{"#e6b3b9", "#f9e9e4", "#fff2e0", "#b98792", "#714c62"}, // rose
	{"#8fb8de", "#f6dcc4", "#ffe9b8", "#7d93b5", "#33486e"}, // coast
}

// Size of a scene's drawing.
const sceneWidth, sceneHeight = 320, 200

func (s *site) scene(w http.ResponseWriter, r *http.Request) error {
	id, ok := strings.CutSuffix(r.PathValue("file"), ".svg")
	if !ok || len(id) > 100 {
		return errNoPage
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "public, max-age=604800")
	_, _ = w.Write([]byte(drawScene(id)))
	return nil
}

func drawScene(id string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id))
	chance := rand.New(rand.NewPCG(h.Sum64(), 1))
	sky := skies[chance.IntN(len(skies))]
	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" preserveAspectRatio="xMidYMax slice">`, sceneWidth, sceneHeight)
	fmt.Fprintf(&svg, `<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="%s"/><stop offset="1" stop-color="%s"/></linearGradient></defs>`, sky[0], sky[1])
	fmt.Fprintf(&svg, `<rect width="%d" height="%d" fill="url(#s)"/>`, sceneWidth, sceneHeight)
	fmt.Fprintf(&svg, `<circle cx="%d" cy="%d" r="%d" fill="%s"/>`, 50+chance.IntN(220), 40+chance.IntN(50), 14+chance.IntN(12), sky[2])
	drawHills(&svg, chance, sky[3], 118)
	drawTown(&svg, chance, sky[3], sky[2], 120, 0.75)
	drawTown(&svg, chance, sky[4], sky[2], 168, 1)
	svg.WriteString(`</svg>`)
	return svg.String()
}

func drawHills(svg *strings.Builder, chance *rand.Rand, colour string, level int) {
	fmt.Fprintf(svg, `<path opacity=".45" fill="%s" d="M0 %d`, colour, level)
	for x := 0; x < sceneWidth; x += 80 {
		rise := 10 + chance.IntN(40)
		fmt.Fprintf(svg, `q40 %d 80 0`, -rise)
	}
	fmt.Fprintf(svg, `V%dH0z"/>`, sceneHeight)
}

// drawTown draws a row of houses of different height and roof, with some
// windows lit.
func drawTown(svg *strings.Builder, chance *rand.Rand, wall, light string, level int, scale float64) {
	for x := -10; x < sceneWidth; {
		wide := int(float64(26+chance.IntN(34)) * scale)
		high := int(float64(24+chance.IntN(64)) * scale)
		top := level - high
		fmt.Fprintf(svg, `<path fill="%s" d="M%d %dV%dh%dV%dz`, wall, x, sceneHeight, top, wide, sceneHeight)
		switch chance.IntN(3) {
		case 0: // gable
			fmt.Fprintf(svg, `M%d %dl%d %dl%d %dz`, x-2, top+1, wide/2+2, -wide/3, wide/2+2, wide/3)
		case 1: // dome
			fmt.Fprintf(svg, `M%d %da%d %d 0 0 1 %d 0z`, x+4, top+1, (wide-8)/2, (wide-8)/2, wide-8)
		}
		svg.WriteString(`"/>`)
		for wy := top + 9; wy < level+16; wy += 13 {
			for wx := x + 6; wx < x+wide-7; wx += 10 {
				if chance.IntN(5) == 0 {
					fmt.Fprintf(svg, `<rect x="%d" y="%d" width="4" height="6" rx="1" fill="%s" opacity=".8"/>`, wx, wy, light)
				}
			}
		}
		x += wide + chance.IntN(7)
	}
}
