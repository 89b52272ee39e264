package scene

import "fmt"

// backdrop is the land around, by the style of the place; it gives the level of
// the ground in front.
func (c *canvas) backdrop() int {
	c.sky()
	ground := c.h * 78 / 100
	switch c.style {
	case "sea":
		c.ridge(c.h*56/100, c.h/9, 3, c.p.far)
		c.lake(c.h * 56 / 100)
		c.boats(c.h*60/100, 2)
		c.beach(c.h * 72 / 100)
	case "ski":
		c.peaks(c.h*62/100, c.h*45/100, c.p.far)
		c.ridge(c.h*64/100, c.h/6, 4, c.p.mid)
		c.plants(c.h*70/100, c.h/8, c.h/5, 12)
		c.hills(c.h*76/100, c.h/14, lighter(c.p.sky[2], 50))
	case "lake":
		c.ridge(c.h*50/100, c.h/4, 4, c.p.far)
		c.ridge(c.h*55/100, c.h/8, 4, c.p.mid)
		c.lake(c.h * 56 / 100)
		c.boats(c.h*62/100, 1)
		c.hills(c.h*80/100, c.h/16, c.p.leaf)
	case "country":
		c.hills(c.h*55/100, c.h/8, c.p.far)
		c.hills(c.h*64/100, c.h/10, c.p.mid)
		c.plants(c.h*68/100, c.h/12, c.h/6, 7)
		c.hills(c.h*78/100, c.h/12, c.p.leaf)
	default:
		tall := c.style == "business"
		c.town(c.h*60/100, c.h/12, c.h*38/100, c.p.far, tall)
		c.town(c.h*70/100, c.h/9, c.h*34/100, c.p.mid, tall)
		c.rect(0, ground, c.w, c.h-ground, darker(c.p.mid, 20))
	}
	return ground
}

func (c *canvas) boats(level, n int) {
	for range n {
		x, s := c.between(c.w/10, c.w*9/10), c.between(c.h/26, c.h/14)
		c.path(fmt.Sprintf("M%d %dl%d %dh%dl%d %dz", x-s, level, s/4, s/3, s*3/2, s/4, -s/3), c.p.near)
		c.path(fmt.Sprintf("M%d %dv%dl%d %dz", x, level-2, -s*3/2, s*4/5, s*3/2), "#ffffff", "opacity", ".9")
		c.path(fmt.Sprintf("M%d %dv%dl%d %dz", x-3, level-2, -s, -s/2, s), "#ffffff", "opacity", ".7")
	}
}

// wide is the place itself.
func (c *canvas) wide() {
	ground := c.backdrop()
	switch c.style {
	case "city", "business":
		c.town(c.h*84/100, c.h/8, c.h*30/100, c.p.near, c.style == "business")
	case "ski":
		c.chalet(c.w*c.between(25, 60)/100, c.h*84/100, c.h/5)
		c.plants(c.h, c.h/6, c.h/3, 9)
	default:
		c.chalet(c.w*c.between(55, 75)/100, ground+c.h/16, c.h/6)
		c.plants(c.h-4, c.h/6, c.h/3, 6)
	}
}

// chalet is a small house in the distance.
func (c *canvas) chalet(x, y, size int) {
	c.rect(x-size/2, y-size/2, size, size/2, c.p.wall)
	c.path(fmt.Sprintf("M%d %dL%d %dL%d %dz", x-size*2/3, y-size/2+2, x, y-size, x+size*2/3, y-size/2+2), c.p.roof)
	for i := range 3 {
		c.rect(x-size*3/8+i*size/4+2, y-size/3, size/9, size/7, c.p.lamp)
	}
	c.rect(x-size/16, y-size/4, size/8, size/4, c.p.roof)
}

// front is the house itself, a few steps away from it.
func (c *canvas) front() {
	ground := c.backdrop()
	storeys := map[string]int{"city": 5, "business": 7, "sea": 3, "ski": 3, "lake": 3, "country": 2}[c.style]
	storeys += c.between(-1, 1)
	floor := min(c.h*9/100, c.h*58/100/max(1, storeys+1))
	bays := c.between(4, 6)
	w := bays * c.between(38, 50)
	x := (c.w-w)/2 + c.between(-30, 30)
	top := ground - storeys*floor - 6
	wall := mix(c.p.wall, []string{"#d98f6b", "#e8c98a", "#9fb7c4", "#d9a7a0", "#ffffff", "#b9c4a0"}[c.dice.IntN(6)], 35)
	c.rect(x-4, top+14, w+8, ground-top, "#0b1020", "opacity", ".12")
	c.rect(x, top, w, ground-top, wall)
	c.rect(x+w-w/7, top, w/7, ground-top, "#0b1020", "opacity", ".07")
	c.houseRoof(x, top, w, bays)
	c.storeys(x, top, w, floor, storeys, bays, wall)
	c.entrance(x, w, ground, floor)
	c.forecourt(ground)
}

func (c *canvas) houseRoof(x, top, w, bays int) {
	roof := c.p.roof
	switch {
	case c.style == "ski" || c.style == "country":
		c.path(fmt.Sprintf("M%d %dL%d %dL%d %dz", x-18, top+6, x+w/2, top-w/4, x+w+18, top+6), roof)
		if c.style == "ski" {
			c.path(fmt.Sprintf("M%d %dL%d %dL%d %dl%d 8L%d %dL%d %dz", x-18, top+4, x+w/2, top-w/4-2, x+w+18, top+4, -12, x+w/2, top-w/4+10, x-6, top+12), "#ffffff", "opacity", ".92")
		}
	case c.style == "business" || c.style == "sea" && c.chance(60):
		c.rect(x-4, top-6, w+8, 8, darker(c.p.wall, 18))
	default:
		c.path(fmt.Sprintf("M%d %dl18 -26h%dl18 26z", x-6, top+2, w-24), roof)
		for i := range bays - 1 { // dormers
			dx := x + (i+1)*w/bays - 7
			c.rect(dx, top-18, 14, 14, lighter(roof, 30))
			c.rect(dx+3, top-15, 8, 10, c.p.lamp, "opacity", ".85")
		}
	}
}

func (c *canvas) storeys(x, top, w, floor, storeys, bays int, wall string) {
	for s := range storeys {
		y := top + 8 + s*floor
		if s == storeys-1 {
			break // the ground floor has the door
		}
		for b := range bays {
			bay := w / bays
			wx, ww, wh := x+b*bay+bay/4, bay/2, floor*3/5
			glass := mix(c.p.sky[1], c.p.near, 35)
			if c.p.night && c.chance(60) || c.chance(12) {
				glass = c.p.lamp
			}
			c.rect(wx-2, y-2, ww+4, wh+4, lighter(wall, 40))
			c.rect(wx, y, ww, wh, glass)
			c.rect(wx+ww/2, y, 1, wh, lighter(wall, 30))
			switch c.style {
			case "sea", "lake", "ski":
				c.rect(wx-6, y+wh, ww+12, 3, darker(wall, 35))
				for i := range 5 {
					c.rect(wx-5+i*(ww+8)/4, y+wh-8, 1, 8, darker(wall, 35))
				}
				c.rect(wx-6, y+wh-9, ww+12, 2, darker(wall, 35))
			case "country":
				c.rect(wx-7, y, 5, wh, c.p.leafDark)
				c.rect(wx+ww+2, y, 5, wh, c.p.leafDark)
			case "city":
				c.rect(wx-4, y+wh+2, ww+8, 2, darker(wall, 20))
			}
		}
	}
}

func (c *canvas) entrance(x, w, ground, floor int) {
	middle, high := x+w/2, floor+4
	c.rect(middle-22, ground-high, 44, high, c.p.lamp, "opacity", ".95")
	c.rect(middle-1, ground-high, 2, high, c.p.roof)
	awning := []string{"#b8503f", "#2f6f66", "#3d5a86", "#7a5a86"}[c.dice.IntN(4)]
	c.path(fmt.Sprintf("M%d %dh64l8 14h-80z", middle-32, ground-high-8), awning)
	for i := range 5 {
		c.path(fmt.Sprintf("M%d %dh8l1 14h-9z", middle-30+i*13, ground-high-8), "#ffffff", "opacity", ".35")
	}
	for _, dx := range []int{-w/2 + 18, -w / 4, w/4 - 20, w/2 - 44} { // shop windows
		if abs(dx) > 30 {
			c.rect(middle+dx, ground-high+4, 28, high-12, mix(c.p.lamp, c.p.near, 20), "rx", "2")
		}
	}
	for _, dx := range []int{-34, 34} { // plants beside the door
		c.rect(middle+dx-5, ground-10, 10, 10, darker(c.p.roof, 15))
		c.circle(middle+dx, ground-16, 9, c.p.leaf)
	}
}

func (c *canvas) forecourt(ground int) {
	switch c.style {
	case "sea":
		c.plants(c.h-6, c.h/3, c.h/2, 2)
	case "ski", "lake", "country":
		c.plants(c.h-8, c.h/5, c.h/3, 4)
	default:
		c.rect(0, ground, c.w, c.h-ground, mix(c.p.shore, c.p.near, 55))
		c.rect(0, ground, c.w, 5, lighter(c.p.shore, 10), "opacity", ".6")
		for x := c.between(-20, 10); x < c.w; x += c.between(90, 140) {
			c.tree(x, ground+10, c.h/5)
		}
	}
}
