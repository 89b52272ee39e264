package scene

import (
	"fmt"
	"strings"
)

// sky fills the picture and hangs a sun or moon, clouds or stars into it.
func (c *canvas) sky() {
	c.rect(0, 0, c.w, c.h, "url(#s)")
	x, y := c.between(c.w/6, c.w*5/6), c.between(c.h/6, c.h*2/5)
	r := c.between(c.h/20, c.h/14)
	c.circle(x, y, 5*r, "url(#g)", "opacity", ".55")
	c.circle(x, y, r, c.p.sun)
	if c.p.sky[0] == "#0f1a38" {
		for range c.w / 12 {
			c.circle(c.between(0, c.w), c.between(0, c.h/2), 1, "#fff", "opacity", fmt.Sprintf(".%d", c.between(3, 8)))
		}
		return
	}
	for range c.between(2, 3) + c.w/500 {
		c.cloud(c.between(0, c.w), c.between(c.h/12, c.h/3), c.between(c.h/14, c.h/8))
	}
}

func (c *canvas) cloud(x, y, size int) {
	colour := lighter(c.p.sky[2], 35)
	for range 3 {
		c.ellipse(x+c.between(-size, size), y+c.between(-size/8, size/8), size*2, size/4, colour, "opacity", ".5")
	}
}

// ridge is a line of hills or mountains with its foot at the bottom.
func (c *canvas) ridge(level, rise, steps int, colour string) {
	var d strings.Builder
	fmt.Fprintf(&d, "M-20 %d", c.h)
	points := c.ridgeLine(level, rise, steps)
	for i, y := range points {
		x := -20 + i*(c.w+40)/(len(points)-1)
		fmt.Fprintf(&d, "L%d %d", x, y)
	}
	fmt.Fprintf(&d, "L%d %dz", c.w+20, c.h)
	c.path(d.String(), colour, "stroke", colour, "stroke-width", "2", "stroke-linejoin", "round")
}

// ridgeLine displaces midpoints, as mountains do.
func (c *canvas) ridgeLine(level, rise, steps int) []int {
	line := []int{level + c.between(-rise/3, rise/3), level - c.between(0, rise), level + c.between(-rise/3, rise/3)}
	for range steps {
		var finer []int
		for i := range len(line) - 1 {
			middle := (line[i]+line[i+1])/2 - c.between(-rise/2, rise/2)
			finer = append(finer, line[i], middle)
		}
		line = append(finer, line[len(line)-1])
		rise = rise * 5 / 9
	}
	return line
}

// hills are soft and round.
func (c *canvas) hills(level, rise int, colour string) {
	var d strings.Builder
	fmt.Fprintf(&d, "M-40 %dV%d", c.h, level)
	for x := -40; x < c.w+40; {
		step := c.between(c.w/6, c.w/3)
		up := c.between(rise/3, rise)
		fmt.Fprintf(&d, "q%d %d %d 0", step/2, -2*up, step)
		x += step
	}
	fmt.Fprintf(&d, "V%dz", c.h)
	c.path(d.String(), colour)
}

// peaks are mountains with snow on them.
func (c *canvas) peaks(level, rise int, colour string) {
	step := c.w / 5
	for x := -step / 2; x < c.w+step; x += c.between(step*2/3, step) {
		top, half := level-c.between(rise/2, rise), c.between(step*3/4, step*5/4)
		c.path(fmt.Sprintf("M%d %dL%d %dL%d %dz", x-half, c.h, x, top, x+half, c.h), colour)
		c.path(fmt.Sprintf("M%d %dL%d %dL%d %dz", x, top, x+half, c.h, x+half/5, c.h), "#0c1424", "opacity", ".14")
		// The snow ends in teeth, at a third of the way down.
		snow := (c.h - top) / 4
		at := func(t int) int { return half * t / (c.h - top) }
		c.path(fmt.Sprintf("M%d %dL%d %dl%d %dl%d %dl%d %dL%d %dz", x, top, x-at(snow), top+snow,
			at(snow)/2, -snow/5, at(snow)/2, snow/3, at(snow)/2, -snow/3, x+at(snow), top+snow), lighter(c.p.sky[2], 55), "opacity", ".92")
	}
}

// lake is water from a level down, with light on it.
func (c *canvas) lake(level int) {
	c.rect(0, level, c.w, c.h-level, "url(#w)")
	for y := level + 4; y < c.h; y += c.between(6, 14) {
		x, w := c.between(0, c.w), c.between(c.w/16, c.w/5)
		c.rect(x-w/2, y, w, 2, lighter(c.p.water, 45), "opacity", ".35", "rx", "1")
	}
}

func (c *canvas) beach(level int) {
	c.path(fmt.Sprintf("M0 %dQ%d %d %d %dT%d %dV%dH0z", level+10, c.w/4, level-14, c.w/2, level+6, c.w, level-6, c.h), c.p.shore)
	c.path(fmt.Sprintf("M0 %dQ%d %d %d %dT%d %d", level+6, c.w/4, level-18, c.w/2, level+2, c.w, level-10), "none", "stroke", "#fff", "stroke-width", "5", "opacity", ".6")
}

func (c *canvas) tree(x, y, size int) {
	c.rect(x-size/14, y-size/3, max(2, size/7), size/3, darker(c.p.leafDark, 25))
	for _, part := range [][3]int{{0, 60, 36}, {-20, 48, 26}, {20, 46, 26}, {4, 78, 24}} {
		c.circle(x+size*part[0]/100, y-size*part[1]/100, size*part[2]/100, c.p.leaf)
	}
	c.circle(x+size/8, y-size*45/100, size/4, c.p.leafDark, "opacity", ".45")
}

func (c *canvas) fir(x, y, size int) {
	for i := range 3 {
		half, top := size*(22-5*i)/100, y-size*(45+25*i)/100
		c.path(fmt.Sprintf("M%d %dL%d %dL%d %dz", x-half, top+size*30/100, x, top-size*12/100, x+half, top+size*30/100), mix(c.p.leafDark, c.p.leaf, 25*i))
	}
	c.rect(x-size/30, y-size*18/100, max(2, size/15), size*18/100, darker(c.p.leafDark, 30))
}

func (c *canvas) cypress(x, y, size int) {
	c.path(fmt.Sprintf("M%d %dQ%d %d %d %dQ%d %d %d %dz", x-size/9, y, x-size/7, y-size/2, x, y-size, x+size/7, y-size/2, x+size/9, y), c.p.leafDark)
}

func (c *canvas) palm(x, y, size int) {
	lean := c.between(-size/5, size/5)
	c.path(fmt.Sprintf("M%d %dQ%d %d %d %d", x, y, x+lean/4, y-size/2, x+lean, y-size), "none", "stroke", darker(c.p.shore, 45), "stroke-width", fmt.Sprint(max(3, size/16)), "stroke-linecap", "round")
	for i := range 7 {
		dx := (i - 3) * size / 7
		c.path(fmt.Sprintf("M%d %dQ%d %d %d %dQ%d %d %d %dz", x+lean, y-size, x+lean+dx/2, y-size-size/4, x+lean+dx, y-size+abs(dx)/2,
			x+lean+dx/2, y-size-size/8, x+lean, y-size), mix(c.p.leaf, c.p.leafDark, c.between(0, 70)))
	}
}

// plants is what grows at such a place, along a level.
func (c *canvas) plants(level, least, most, n int) {
	for range n {
		x, size := c.between(0, c.w), c.between(least, most)
		switch {
		case c.style == "ski":
			c.fir(x, level, size)
		case c.style == "sea" && c.chance(70):
			c.palm(x, level, size)
		case c.style == "country" && c.chance(35), c.style == "sea":
			c.cypress(x, level, size)
		default:
			c.tree(x, level, size)
		}
	}
}

// town is a row of houses of different height and roof, with some windows lit.
func (c *canvas) town(level, least, most int, colour string, tall bool) {
	for x := -10; x < c.w; {
		w := c.between(least*2/3, least*3/2)
		h := c.between(least, most)
		top, wall := level-h, mix(colour, c.p.wall, c.between(0, 30))
		c.rect(x, top, w, c.h-top, wall)
		if !tall || h < most/2 {
			c.roof(x, top, w, darker(wall, 25))
		} else if c.chance(40) {
			c.rect(x+w/2-1, top-h/6, 3, h/6, wall)
		}
		c.windows(x, top, w, level-top)
		x += w + c.between(0, 4)
	}
}

func (c *canvas) roof(x, top, w int, colour string) {
	switch c.dice.IntN(4) {
	case 0, 1: // gable
		c.path(fmt.Sprintf("M%d %dl%d %dl%d %dz", x-2, top, w/2+2, -w/3, w/2+2, w/3), colour)
	case 2: // hipped
		c.path(fmt.Sprintf("M%d %dl%d %dh%dl%d %dz", x-2, top, w/5, -w/5, w*3/5+4, w/5, w/5), colour)
	default: // flat, with a ledge
		c.rect(x-1, top-3, w+2, 4, colour)
	}
}

// windows are two paths, those with a light and those without.
func (c *canvas) windows(x, top, w, h int) {
	size := max(4, min(w/7, 9))
	var lit, dark strings.Builder
	for wy := top + size; wy < top+h-size; wy += size * 2 {
		for wx := x + size; wx < x+w-size; wx += size * 2 {
			switch {
			case c.p.night && c.chance(45), !c.p.night && c.chance(8):
				fmt.Fprintf(&lit, "M%d %dh%dv%dh-%dz", wx, wy, size, size*4/3, size)
			case c.chance(75):
				fmt.Fprintf(&dark, "M%d %dh%dv%dh-%dz", wx, wy, size, size*4/3, size)
			}
		}
	}
	if lit.Len() > 0 {
		c.path(lit.String(), c.p.lamp, "opacity", ".92")
	}
	if dark.Len() > 0 {
		c.path(dark.String(), c.p.near, "opacity", ".28")
	}
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
