package scene

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// Size of a drawing; a wide one is cut out of the same height.
const (
	width, height = 480, 360
	wideWidth     = 1600
	wideHeight    = 640
)

// canvas is a drawing under way. dice is the picture's own; p is the time of
// day, which all pictures of a property share.
type canvas struct {
	strings.Builder
	dice  *rand.Rand
	p     palette
	style string
	w, h  int
}

func newCanvas(style, view, id string) *canvas {
	c := &canvas{style: style, dice: seed(id+"/"+view, 1), w: width, h: height}
	choices := palettes[:4]
	switch style {
	case "city", "business":
		choices = palettes
	case "country", "lake":
		choices = append([]palette{palettes[5]}, palettes[:3]...)
	}
	c.p = choices[seed(id, 2).IntN(len(choices))]
	if view == "wide" {
		c.w, c.h = wideWidth, wideHeight
	}
	fmt.Fprintf(c, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" preserveAspectRatio="xMidYMid slice"><defs>`, c.w, c.h)
	c.gradient("s", c.p.sky[0], c.p.sky[1], c.p.sky[2])
	fmt.Fprintf(c, `<radialGradient id="g"><stop stop-color="%s" stop-opacity=".9"/><stop offset="1" stop-color="%s" stop-opacity="0"/></radialGradient>`, c.p.glow, c.p.glow)
	c.gradient("w", c.p.water, mix(c.p.water, c.p.near, 35), mix(c.p.water, c.p.near, 60))
	c.WriteString(`</defs>`)
	return c
}

func (c *canvas) done() string {
	c.WriteString(`</svg>`)
	return c.String()
}

func (c *canvas) gradient(id string, colours ...string) {
	fmt.Fprintf(c, `<linearGradient id="%s" x2="0" y2="1">`, id)
	for i, colour := range colours {
		fmt.Fprintf(c, `<stop offset="%d%%" stop-color="%s"/>`, 100*i/(len(colours)-1), colour)
	}
	c.WriteString(`</linearGradient>`)
}

// between is a whole number from least to most.
func (c *canvas) between(least, most int) int {
	if most <= least {
		return least
	}
	return least + c.dice.IntN(most-least+1)
}

func (c *canvas) chance(percent int) bool { return c.dice.IntN(100) < percent }

func (c *canvas) rect(x, y, w, h int, fill string, more ...string) {
	fmt.Fprintf(c, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"%s/>`, x, y, w, h, fill, attributes(more))
}

func (c *canvas) circle(x, y, r int, fill string, more ...string) {
	fmt.Fprintf(c, `<circle cx="%d" cy="%d" r="%d" fill="%s"%s/>`, x, y, r, fill, attributes(more))
}

func (c *canvas) ellipse(x, y, rx, ry int, fill string, more ...string) {
	fmt.Fprintf(c, `<ellipse cx="%d" cy="%d" rx="%d" ry="%d" fill="%s"%s/>`, x, y, rx, ry, fill, attributes(more))
}

func (c *canvas) path(d, fill string, more ...string) {
	fmt.Fprintf(c, `<path d="%s" fill="%s"%s/>`, d, fill, attributes(more))
}

// attributes are pairs of name and value.
func attributes(pairs []string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		fmt.Fprintf(&b, ` %s="%s"`, pairs[i], pairs[i+1])
	}
	return b.String()
}

// mix is a colour that is so many percent of the way from a to b.
func mix(a, b string, percent int) string {
	var out [3]int
	for i := range out {
		x, y := channel(a, i), channel(b, i)
		out[i] = x + (y-x)*percent/100
	}
	return fmt.Sprintf("#%02x%02x%02x", out[0], out[1], out[2])
}

func channel(colour string, i int) int {
	n, err := strconv.ParseInt(colour[1+2*i:3+2*i], 16, 32)
	if err != nil {
		panic("scene: not a colour: " + colour)
	}
	return int(n)
}

func lighter(colour string, percent int) string { return mix(colour, "#ffffff", percent) }
func darker(colour string, percent int) string  { return mix(colour, "#10131c", percent) }
