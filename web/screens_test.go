package web_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/vacancyhq/vacancy/internal/chrome"
)

const screens = "../docs/screens"

// The pictures of every page, light, dark and on a phone, are those of today:
// `./dev screens` takes them anew. They are compared where the fonts are the
// same, which is in CI, and with a tolerance: codes and times differ.
func TestScreens(t *testing.T) {
	mode := os.Getenv("VACANCY_SCREENS")
	if mode == "" && os.Getenv("CI") != "true" {
		t.Skip("VACANCY_SCREENS is not set: write or compare; fonts differ between machines")
	}
	h := open(t, 60)
	p := shown(h)
	dark, german, japanese, arabic := chrome.Desk, chrome.Phone, chrome.Desk, chrome.Phone
	dark.Dark, german.Language, japanese.Language, arabic.Language = true, "de", "ja", "ar"
	for name, device := range map[string]chrome.Device{"light": chrome.Desk, "dark": dark, "phone": chrome.Phone} {
		look(t, h, p, device, func(page string, b *chrome.Tab) { compare(t, page+"-"+name, b.Shot(), mode == "write") })
	}
	for name, device := range map[string]chrome.Device{"phone-de": german, "light-ja": japanese, "phone-ar": arabic} {
		b := chrome.Open(t, device)
		b.Go(h.server.URL+"/?place=Paris&arrival=2026-12-18&departure=2026-12-20&room=2", 200)
		compare(t, "results-"+name, b.Shot(), mode == "write")
	}
}

// Two pictures are the same when few of their points are far apart.
const (
	farApart  = 60   // of 255, in any colour
	tolerated = 0.04 // of the points
)

func compare(t *testing.T, name string, shot []byte, write bool) {
	t.Helper()
	taken, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	small := fewColours(halved(taken))
	file := filepath.Join(screens, name+".png")
	if write {
		var out bytes.Buffer
		encoder := png.Encoder{CompressionLevel: png.BestCompression}
		if err := encoder.Encode(&out, small); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.Open(file)
	if err != nil {
		t.Errorf("%s: no picture to compare with: ./dev screens", name)
		return
	}
	defer kept.Close()
	want, err := png.Decode(kept)
	if err != nil {
		t.Fatal(err)
	}
	if share := difference(want, small); share > tolerated {
		t.Errorf("%s looks different: %.1f %% of its points; look at it, and ./dev screens", name, 100*share)
	}
}

// difference is the share of points that are far apart.
func difference(a, b image.Image) float64 {
	if a.Bounds() != b.Bounds() {
		return 1
	}
	far, size := 0, a.Bounds().Size()
	for y := range size.Y {
		for x := range size.X {
			r1, g1, b1, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			if apart(r1, r2) || apart(g1, g2) || apart(b1, b2) {
				far++
			}
		}
	}
	return float64(far) / float64(size.X*size.Y)
}

func apart(a, b uint32) bool { return max(a, b)-min(a, b) > farApart<<8 }

// halved is the picture at half its size, which says as much and weighs a quarter.
func halved(full image.Image) *image.RGBA {
	size := full.Bounds().Size()
	small := image.NewRGBA(image.Rect(0, 0, size.X/2, size.Y/2))
	for y := range size.Y / 2 {
		for x := range size.X / 2 {
			var sum [3]uint32
			for _, at := range [4]image.Point{{2 * x, 2 * y}, {2*x + 1, 2 * y}, {2 * x, 2*y + 1}, {2*x + 1, 2*y + 1}} {
				r, g, b, _ := full.At(at.X, at.Y).RGBA()
				sum[0], sum[1], sum[2] = sum[0]+r>>8, sum[1]+g>>8, sum[2]+b>>8
			}
			small.SetRGBA(x, y, color.RGBA{uint8(sum[0] / 4), uint8(sum[1] / 4), uint8(sum[2] / 4), 255})
		}
	}
	return small
}

// fewColours paints the picture with the 256 colours that it has most of.
func fewColours(full *image.RGBA) *image.Paletted {
	count, exact := map[color.RGBA]int{}, map[color.RGBA]color.RGBA{}
	size := full.Bounds().Size()
	coarse := func(c color.RGBA) color.RGBA { return exact[color.RGBA{c.R &^ 7, c.G &^ 7, c.B &^ 7, 255}] }
	for y := range size.Y {
		for x := range size.X {
			c := full.RGBAAt(x, y)
			near := color.RGBA{c.R &^ 7, c.G &^ 7, c.B &^ 7, 255}
			if _, ok := exact[near]; !ok {
				exact[near] = c // the first of those that look alike stands for all
			}
			count[exact[near]]++
		}
	}
	var palette color.Palette
	for c := range count {
		palette = append(palette, c)
	}
	slices.SortFunc(palette, func(a, b color.Color) int {
		c, d := a.(color.RGBA), b.(color.RGBA)
		if n := count[d] - count[c]; n != 0 {
			return n
		}
		return slices.Compare([]uint8{c.R, c.G, c.B}, []uint8{d.R, d.G, d.B})
	})
	palette = palette[:min(len(palette), 256)]
	index := map[color.RGBA]uint8{}
	out := image.NewPaletted(full.Bounds(), palette)
	for y := range size.Y {
		for x := range size.X {
			c := coarse(full.RGBAAt(x, y))
			i, ok := index[c]
			if !ok {
				i = uint8(palette.Index(c))
				index[c] = i
			}
			out.SetColorIndex(x, y, i)
		}
	}
	return out
}

// A picture that changed is told from one that did not: else the test could not fail.
func TestDifferencesAreSeen(t *testing.T) {
	plain := image.NewRGBA(image.Rect(0, 0, 100, 100))
	changed := image.NewRGBA(plain.Bounds())
	for y := range 10 {
		for x := range 60 {
			changed.SetRGBA(x, y, color.RGBA{200, 200, 200, 255})
		}
	}
	if same, other := difference(plain, plain), difference(plain, changed); same != 0 || other < tolerated {
		t.Errorf("differences %v and %v", same, other)
	}
}
