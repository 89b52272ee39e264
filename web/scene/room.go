package scene

import "fmt"

// decor is the colours of a room that go together.
type decor struct{ wall, floor, wood, cloth, accent string }

var decors = []decor{
	{"#efe6d8", "#b98f66", "#8a5f3f", "#fbf8f2", "#2f6f66"},
	{"#e3e8e6", "#a9835f", "#6f4e37", "#ffffff", "#b8503f"},
	{"#dfe6ee", "#c2a077", "#7d5c42", "#fbfbf8", "#3d5a86"},
	{"#f2e4dc", "#9f7a5a", "#6b4a38", "#fffaf4", "#c08a3e"},
	{"#dfe5d8", "#b4946c", "#75563b", "#fdfcf6", "#7a5a86"},
	{"#d9d3ca", "#8f7355", "#54402f", "#f7f3ea", "#3f6b52"},
}

func (c *canvas) decor() decor { return decors[c.dice.IntN(len(decors))] }

// shell is a wall and a floor, with light that falls in.
func (c *canvas) shell(d decor) int {
	edge := c.h * 68 / 100
	c.rect(0, 0, c.w, edge, d.wall)
	c.path(fmt.Sprintf("M0 0H%dL%d %dL0 %dz", c.w/3, c.w/6, edge, edge), "#ffffff", "opacity", ".14")
	c.rect(0, edge, c.w, c.h-edge, d.floor)
	for i := range 7 { // boards
		x := c.w * (i*20 - 10) / 100
		c.path(fmt.Sprintf("M%d %dL%d %d", c.w/2+(x-c.w/2)*2/3, edge, x, c.h), "none", "stroke", darker(d.floor, 14), "stroke-width", "1.5")
	}
	c.rect(0, edge-7, c.w, 7, lighter(d.wall, 45))
	return edge
}

// outlook is a window with the place behind it.
func (c *canvas) outlook(x, y, w, h int, d decor) {
	fmt.Fprintf(c, `<svg x="%d" y="%d" width="%d" height="%d" viewBox="60 60 360 230" preserveAspectRatio="xMidYMid slice">`, x, y, w, h)
	c.backdrop()
	c.WriteString(`</svg>`)
	frame := lighter(d.wood, 8)
	fmt.Fprintf(c, `<rect x="%d" y="%d" width="%d" height="%d" fill="none" stroke="%s" stroke-width="6"/>`, x, y, w, h, frame)
	c.rect(x+w/2-2, y, 4, h, frame)
	cloth := lighter(d.accent, 55)
	for _, side := range []int{x - 20, x + w - 6} {
		c.rect(side, y-12, 26, h+40, cloth)
		for i := range 3 {
			c.rect(side+4+i*8, y-12, 2, h+40, darker(cloth, 14), "opacity", ".5")
		}
	}
	c.rect(x-30, y-16, w+60, 5, d.wood, "rx", "2")
}

func (c *canvas) room(suite bool) {
	d := c.decor()
	edge := c.shell(d)
	left := c.chance(50)
	windowX, bedX := c.w*60/100, c.w*8/100
	if left {
		windowX, bedX = c.w*12/100, c.w*48/100
	}
	c.outlook(windowX, c.h*14/100, c.w*27/100, c.h*40/100, d)
	c.rug(bedX+c.w/5, c.h*88/100, d)
	c.bed(bedX, edge, c.w*42/100, d)
	if suite {
		c.armchair(windowX+c.w*5/100, c.h*90/100, d)
	} else {
		c.plantPot(windowX+c.w*24/100, edge+c.h*6/100, d)
	}
}

func (c *canvas) rug(x, y int, d decor) {
	c.ellipse(x, y, c.w*26/100, c.h*8/100, lighter(d.accent, 40))
	c.ellipse(x, y, c.w*22/100, c.h*6/100, lighter(d.accent, 55))
}

func (c *canvas) bed(x, edge, w int, d decor) {
	head := c.h * 34 / 100
	c.rect(x, head, w, edge-head+20, d.accent, "rx", "10")
	for i := range 4 {
		c.rect(x+8+i*(w-16)/4, head+10, (w-16)/4-4, edge-head-34, lighter(d.accent, 12), "rx", "5")
	}
	top := edge - c.h*9/100
	c.rect(x+6, top, w-12, c.h*20/100, d.cloth, "rx", "12")
	c.path(fmt.Sprintf("M%d %dh%dv%dq%d 14 %d 0z", x+6, top+c.h*9/100, w-12, c.h*12/100, -(w-12)/2, -(w-12)), lighter(d.accent, 35))
	c.rect(x+6, top+c.h*8/100, w-12, 9, lighter(d.accent, 60))
	for i := range 2 {
		px := x + w*9/100 + i*w*43/100
		c.rect(px, top-c.h*7/100, w*38/100, c.h*11/100, "#ffffff", "rx", "11")
		c.rect(px+w*8/100, top-c.h*3/100, w*22/100, c.h*8/100, mix(d.accent, "#ffffff", 20+20*i), "rx", "9")
	}
	c.rect(x+10, edge+c.h*11/100, 8, 14, d.wood)
	c.rect(x+w-18, edge+c.h*11/100, 8, 14, d.wood)
	for i, lx := range []int{x - c.w*6/100, x + w + c.w*6/100} { // a table with a lamp on each side
		if lx < 14 || lx > c.w-14 {
			continue
		}
		c.rect(lx-18, edge-c.h*5/100, 36, c.h*14/100, d.wood, "rx", "3")
		c.rect(lx-2, edge-c.h*16/100, 4, c.h*11/100, darker(d.wood, 20))
		c.path(fmt.Sprintf("M%d %dh20l8 24h-36z", lx-10, edge-c.h*16/100-22), "#fbe7b5")
		c.circle(lx, edge-c.h*16/100-8, 46, "#ffedb8", "opacity", ".22")
		if i == 0 {
			c.rect(lx+7, edge-c.h*5/100-5, 9, 5, d.accent)
		}
	}
	c.picture(x+w/2, c.h*17/100, w*44/100, d)
}

func (c *canvas) picture(x, y, w int, d decor) {
	h := w * 55 / 100
	c.rect(x-w/2, y-h/2, w, h, d.wood, "rx", "2")
	c.rect(x-w/2+4, y-h/2+4, w-8, h-8, lighter(d.wall, 55))
	c.circle(x+w/6, y-h/10, h/6, lighter(d.accent, 30))
	c.path(fmt.Sprintf("M%d %dl%d %dl%d %dl%d %dl%d %dz", x-w/2+8, y+h/2-8, w/4, -h/3, w/6, h/6, w/6, -h/4, w/4, h*5/12), mix(d.accent, d.floor, 45))
}

func (c *canvas) plantPot(x, y int, d decor) {
	for i := range 7 {
		dx := (i - 3) * 11
		c.path(fmt.Sprintf("M%d %dQ%d %d %d %dQ%d %d %d %dz", x, y-24, x+dx, y-70, x+dx*2, y-92+abs(dx), x+dx/2, y-52, x, y-24), mix("#5f8f6b", "#3f6b52", i*14))
	}
	c.path(fmt.Sprintf("M%d %dh34l-5 30h-24z", x-17, y-28), lighter(d.wood, 25))
}

func (c *canvas) armchair(x, y int, d decor) {
	c.rect(x-42, y-78, 84, 56, d.accent, "rx", "18")
	c.rect(x-52, y-48, 24, 40, darker(d.accent, 12), "rx", "11")
	c.rect(x+28, y-48, 24, 40, darker(d.accent, 12), "rx", "11")
	c.rect(x-34, y-40, 68, 22, lighter(d.accent, 16), "rx", "8")
	c.rect(x-40, y-10, 6, 14, d.wood)
	c.rect(x+34, y-10, 6, 14, d.wood)
	c.rect(x-16, y-62, 34, 26, lighter(d.accent, 60), "rx", "8")
}

func (c *canvas) bath() {
	d := c.decor()
	c.shell(d)
	edge := c.h * 68 / 100
	tile := lighter(d.wall, 40)
	for y := 0; y < edge-8; y += 24 {
		for x := y / 24 % 2 * -22; x < c.w; x += 44 {
			c.rect(x+1, y+1, 42, 22, mix(tile, d.accent, c.between(0, 9)), "rx", "2")
		}
	}
	c.outlook(c.w*60/100, c.h*12/100, c.w*24/100, c.h*32/100, d)
	c.circle(c.w*26/100, c.h*26/100, c.h*16/100, d.wood)
	c.circle(c.w*26/100, c.h*26/100, c.h*14/100, mix(c.p.sky[1], "#ffffff", 45))
	c.path(fmt.Sprintf("M%d %dl30 -40h10l-34 46z", c.w*22/100, c.h*30/100), "#ffffff", "opacity", ".5")
	c.rect(c.w*10/100, c.h*52/100, c.w*32/100, c.h*28/100, d.wood, "rx", "4")
	c.ellipse(c.w*26/100, c.h*52/100, c.w*10/100, c.h*4/100, "#ffffff")
	c.path(fmt.Sprintf("M%d %dh%dq-6 %d -40 %dh%dq-34 0 -40 %dz", c.w*52/100, c.h*62/100, c.w*42/100, c.h*24/100, c.h*24/100, -(c.w*42/100-80), -c.h*24/100), "#ffffff")
	c.rect(c.w*51/100, c.h*60/100, c.w*44/100, 10, "#f4f1ea", "rx", "5")
	c.path(fmt.Sprintf("M%d %dv-44q0 -12 -14 -12h-6", c.w*90/100, c.h*60/100), "none", "stroke", "#8f9aa0", "stroke-width", "5", "stroke-linecap", "round")
	c.rect(c.w*44/100, c.h*38/100, 26, c.h*24/100, lighter(d.accent, 40), "rx", "3")
	c.plantPot(c.w*95/100, c.h*90/100, d)
}

// table is breakfast by the window.
func (c *canvas) table() {
	d := c.decor()
	c.shell(d)
	c.outlook(c.w*14/100, c.h*8/100, c.w*72/100, c.h*48/100, d)
	y := c.h * 74 / 100
	c.rect(c.w*10/100, y, c.w*80/100, 14, d.wood, "rx", "4")
	c.path(fmt.Sprintf("M%d %dh%dv34q%d 18 %d 0z", c.w*14/100, y, c.w*72/100, -c.w*36/100, -c.w*72/100), d.cloth)
	for i, x := range []int{c.w * 28 / 100, c.w * 52 / 100, c.w * 74 / 100} {
		c.ellipse(x, y-2, 38, 8, "#ffffff")
		c.ellipse(x, y-4, 26, 5, lighter(d.accent, 70-10*i))
	}
	c.path(fmt.Sprintf("M%d %dq-2 -16 18 -16t18 16q-18 8 -36 0z", c.w*28/100-18, y-4), "#c98f4e") // a croissant
	c.rect(c.w*52/100-15, y-26, 26, 22, d.accent, "rx", "4")                                      // a cup
	c.path(fmt.Sprintf("M%d %dq12 2 0 14", c.w*52/100+11, y-22), "none", "stroke", d.accent, "stroke-width", "4")
	c.path(fmt.Sprintf("M%d %dq-6 -10 0 -20M%d %dq-6 -10 0 -20", c.w*52/100-6, y-30, c.w*52/100+4, y-30), "none", "stroke", "#ffffff", "stroke-width", "2", "opacity", ".7")
	for i := range 3 { // fruit
		c.circle(c.w*74/100-13+i*13, y-12-i%2*8, 9, []string{"#d9703f", "#e0b04a", "#8fa84f"}[i])
	}
	c.rect(c.w*40/100, y-40, 12, 40, mix(c.p.sky[1], "#ffffff", 50), "rx", "3")
	for i := range 4 {
		c.circle(c.w*40/100+6+(i-1)*8, y-48-i%2*9, 7, []string{d.accent, "#d98f6b", "#e8c98a", "#d9a7a0"}[i])
	}
}

func (c *canvas) pool() {
	ground := c.backdrop()
	deck := mix(c.p.shore, "#ffffff", 25)
	c.rect(0, ground-c.h*10/100, c.w, c.h, deck)
	c.path(fmt.Sprintf("M%d %dH%dL%d %dH%dz", c.w*16/100, c.h*76/100, c.w*84/100, c.w, c.h*98/100, 0), "#4fb3c4")
	c.path(fmt.Sprintf("M%d %dH%dl8 6H%dz", c.w*16/100, c.h*76/100, c.w*84/100, c.w*16/100-8), lighter(deck, 40))
	for range 16 {
		x, y := c.between(c.w*14/100, c.w*86/100), c.between(c.h*80/100, c.h*96/100)
		c.path(fmt.Sprintf("M%d %dq9 -5 18 0t18 0", x, y), "none", "stroke", "#dff6f8", "stroke-width", "2", "opacity", ".7")
	}
	for i := range 3 {
		x, y := c.w*(16+i*30)/100, c.h*73/100
		cloth := []string{"#b8503f", "#e0b04a", "#2f6f66"}[(i+c.dice.IntN(3))%3]
		c.rect(x+22, y-62, 3, 64, "#8a5f3f")
		c.path(fmt.Sprintf("M%d %dq36 -34 72 0z", x-12, y-56), cloth)
		c.path(fmt.Sprintf("M%d %dl40 0l14 -16", x-6, y), "none", "stroke", "#ffffff", "stroke-width", "6", "stroke-linecap", "round", "stroke-linejoin", "round")
		c.rect(x-2, y+3, 3, 9, "#8a5f3f")
		c.rect(x+32, y+3, 3, 9, "#8a5f3f")
	}
}
