package web

import "html/template"

// icons are drawn on a field of 24 by 24 with one stroke, so that they look
// like one family. A name without a drawing gets a dot.
var icons = map[string]string{
	"search":   `<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>`,
	"pin":      `<path d="M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11z"/><circle cx="12" cy="10" r="2.3"/>`,
	"globe":    `<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c3 3 3 14 0 17M12 3.5c-3 3-3 14 0 17"/>`,
	"key":      `<circle cx="8" cy="15" r="4"/><path d="m11 12 8-8m-3 3 2.5 2.5M14 9l2 2"/>`,
	"calendar": `<rect x="4" y="5.5" width="16" height="14.5" rx="2"/><path d="M4 10h16M8.5 3v4M15.5 3v4"/>`,
	"guests":   `<circle cx="9" cy="8.5" r="3.2"/><path d="M3.5 19c.4-3.4 2.5-5.2 5.5-5.2s5.1 1.8 5.5 5.2M16 5.6a3 3 0 0 1 0 5.8M17.6 14c1.7.6 2.7 2.3 2.9 5"/>`,
	"filter":   `<path d="M4 7h9m4 0h3M4 17h3m4 0h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>`,
	"map":      `<path d="m9 5-5.5 2v12L9 17l6 2 5.5-2V5L15 7zM9 5v12M15 7v12"/>`,
	"list":     `<path d="M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01"/>`,
	"clock":    `<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.3l3.4 2"/>`,
	"total":    `<path d="M6 3.5h12v17l-3-2-3 2-3-2-3 2zM9.5 8h5M9.5 12h5"/>`,
	"back":     `<path d="M9 6 4.5 10.500 9 15M5 10.500h9a5 5 0 0 1 0 10h-3"/>`,
	"check":    `<path d="m5 12.500 4.500 4.500L19 7.500"/>`,
	"cross":    `<path d="m6.500 6.500 11 11m0-11-11 11"/>`,
	"plus":     `<rect x="4" y="5.5" width="16" height="14.5" rx="2"/><path d="M4 10h16M12 12.500v5M9.500 15h5"/>`,
	"paper":    `<path d="M7 3.500h7l4 4v13H7zM14 3.500v4h4M10 12h5M10 16h5"/>`,

	"wifi":             `<path d="M3.500 9.500a12 12 0 0 1 17 0M6.500 12.800a8 8 0 0 1 11 0M9.500 16a4 4 0 0 1 5 0"/><circle cx="12" cy="19" r=".6"/>`,
	"parking":          `<rect x="4" y="4" width="16" height="16" rx="3"/><path d="M10 17V7.500h3a2.800 2.800 0 0 1 0 5.600h-3"/>`,
	"restaurant":       `<path d="M7 3.500v6a2 2 0 0 0 4 0v-6M9 11.500v9M16 3.500c-2 1-2.500 4-2.500 7H16zm0 7v10"/>`,
	"bar":              `<path d="M5 4.500h14l-7 8zM12 12.500v7M8 19.500h8"/>`,
	"elevator":         `<rect x="5" y="3.500" width="14" height="17" rx="2"/><path d="m9.500 10 2.500-3 2.500 3M9.500 14l2.500 3 2.500-3"/>`,
	"air_conditioning": `<path d="M12 3.500v17M4.600 7.800l14.800 8.500M19.400 7.800 4.600 16.300M9.500 4.500 12 7l2.500-2.500M9.500 19.500 12 17l2.500 2.500"/>`,
	"gym":              `<path d="M3.500 12h1.500m14 0h1.500M7 7v10M17 7v10M5 9v6M19 9v6M7 12h10"/>`,
	"spa":              `<path d="M12 20c-5 0-8-3-8-8 3 0 5 1 6.500 3C10 11 10.500 7 12 4c1.500 3 2 7 1.500 11C15 13 17 12 20 12c0 5-3 8-8 8z"/>`,
	"pool":             `<path d="M3.500 17c1.400 1.300 2.800 1.300 4.200 0s2.800-1.300 4.300 0 2.800 1.300 4.200 0 2.800-1.300 4.300 0M8 14.500V6a2 2 0 0 1 4 0M15.500 14.500V6a2 2 0 0 1 4 0M8 10h7.500"/>`,
	"sauna":            `<path d="M8 4c2 2-2 4 0 6.500M12 4c2 2-2 4 0 6.500M16 4c2 2-2 4 0 6.500M4 14h16v6H4zM8 14v6M16 14v6"/>`,
	"ski_storage":      `<path d="m4 19 15-7M8 19l12-5M17 4.500a1.500 1.500 0 1 1-.01 0M15 8l-4 3 3 2.500-1 3.500"/>`,
	"beach":            `<path d="M5 12a7.500 7.500 0 0 1 13-5zM11.500 9.500 16 20M3.500 20h17"/>`,
	"garden":           `<path d="M12 20v-9M12 13c-4 0-6-2-6-6 4 0 6 2 6 6zM12 15c0-3 2-5 6-5 0 3-2 5-6 5zM6 20.500h12"/>`,
	"kitchen":          `<path d="M4.500 10h15v7a3 3 0 0 1-3 3h-9a3 3 0 0 1-3-3zM3 13h1.500m15 0H21M9 7V4.500m3 2.500V4.500M15 7V4.500"/>`,
	"shared_kitchen":   `<path d="M4.500 10h15v7a3 3 0 0 1-3 3h-9a3 3 0 0 1-3-3zM3 13h1.500m15 0H21M8 6.500h8"/>`,
	"laundry":          `<rect x="5" y="3.500" width="14" height="17" rx="2"/><circle cx="12" cy="13.500" r="4"/><path d="M8 6.500h.01M11 6.500h.01"/>`,
	"family_rooms":     `<circle cx="8" cy="7" r="2.600"/><circle cx="16.500" cy="11" r="2"/><path d="M3.500 19.500c.3-4.500 2-7 4.500-7s4.200 2.500 4.500 7M13.500 19.500c.2-3 1.300-4.500 3-4.500s2.800 1.500 3 4.500"/>`,
	"pets":             `<circle cx="6.500" cy="11" r="1.700"/><circle cx="10" cy="7" r="1.700"/><circle cx="14" cy="7" r="1.700"/><circle cx="17.500" cy="11" r="1.700"/><path d="M12 11.500c2.600 0 5 3.200 5 5.500 0 3-3.300 1.700-5 1.700s-5 1.300-5-1.700c0-2.300 2.400-5.500 5-5.500z"/>`,
	"wheelchair":       `<circle cx="11" cy="4.500" r="1.500"/><path d="M11 7.500V13h5l2.500 6M9.500 10.500a5.300 5.300 0 1 0 6 7"/>`,
	"ev_charging":      `<path d="M13 3.500 6.500 13H12l-1 7.500L17.500 11H12z"/>`,
	"reception_24h":    `<path d="M4 18h16M6 18a6 6 0 0 1 12 0M12 12v-2.500M10 9.500h4M3.500 20.500h17"/>`,
	"airport_shuttle":  `<path d="M4 7h12l4 5v5H4zM16 7v5h4M4 12h12M9.500 7v5"/><circle cx="8" cy="17.500" r="1.800"/><circle cx="16" cy="17.500" r="1.800"/>`,
}

// icon is a drawing that says nothing of its own: words stand beside it.
func icon(name string) template.HTML {
	drawing, ok := icons[name]
	if !ok {
		drawing = `<circle cx="12" cy="12" r="2.500"/>`
	}
	return template.HTML(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">` + drawing + `</svg>`)
}
