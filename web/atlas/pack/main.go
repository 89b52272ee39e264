// Command pack makes outlines.gz from a TopoJSON file of countries: coasts and
// borders, with fewer points, as differences. See ../make.sh.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
)

type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]float64
	Objects   map[string]struct{ Geometries []geometry }
}

type geometry struct {
	Type string
	Arcs json.RawMessage
}

// unit is a thousandth of a degree, about a hundred metres; tolerance is how
// far a simplified line may be from the one that it stands for, in units.
const (
	unit      = 1000
	tolerance = 4.0
)

func main() {
	if err := pack(os.Stdin, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func pack(in io.Reader, name string) error {
	var t topology
	if err := json.NewDecoder(in).Decode(&t); err != nil {
		return err
	}
	rings, err := t.rings("land")
	if err != nil {
		return err
	}
	coast := map[int]bool{}
	for _, ring := range rings {
		for _, arc := range ring {
			coast[max(arc, ^arc)] = true
		}
	}
	var out bytes.Buffer
	write := func(n int64) { out.Write(binary.AppendVarint(nil, n)) }
	write(int64(len(t.Arcs)))
	points := 0
	for i := range t.Arcs {
		line := simplify(t.line(i))
		points += len(line)
		border := int64(0)
		if !coast[i] {
			border = 1
		}
		write(border)
		write(int64(len(line)))
		x, y := int64(0), int64(0)
		for _, p := range line {
			write(p[0] - x)
			write(p[1] - y)
			x, y = p[0], p[1]
		}
	}
	write(int64(len(rings)))
	for _, ring := range rings {
		write(int64(len(ring)))
		for _, arc := range ring {
			write(int64(arc))
		}
	}
	fmt.Fprintf(os.Stderr, "%d arcs, %d points, %d rings\n", len(t.Arcs), points, len(rings))
	return save(name, out.Bytes())
}

func save(name string, data []byte) error {
	var small bytes.Buffer
	z, err := gzip.NewWriterLevel(&small, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(data); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(name, small.Bytes(), 0o644)
}

// rings are the outlines of an object's polygons, each a list of arcs.
func (t topology) rings(object string) ([][]int, error) {
	var all [][]int
	for _, g := range t.Objects[object].Geometries {
		var polygons [][][]int
		if g.Type == "Polygon" {
			polygons = make([][][]int, 1)
			if err := json.Unmarshal(g.Arcs, &polygons[0]); err != nil {
				return nil, err
			}
		} else if err := json.Unmarshal(g.Arcs, &polygons); err != nil {
			return nil, err
		}
		for _, p := range polygons {
			all = append(all, p...)
		}
	}
	return all, nil
}

// line is an arc in units.
func (t topology) line(i int) [][2]int64 {
	var all [][2]int64
	x, y := 0.0, 0.0
	for _, d := range t.Arcs[i] {
		x, y = x+d[0], y+d[1]
		all = append(all, [2]int64{
			int64(math.Round((x*t.Transform.Scale[0] + t.Transform.Translate[0]) * unit)),
			int64(math.Round((y*t.Transform.Scale[1] + t.Transform.Translate[1]) * unit)),
		})
	}
	return all
}

// simplify leaves out points that lie near the line without them (Douglas and
// Peucker); ends stay, so that arcs still meet.
func simplify(line [][2]int64) [][2]int64 {
	if len(line) < 3 {
		return line
	}
	first, last := line[0], line[len(line)-1]
	far, at := 0.0, 0
	for i, p := range line[1 : len(line)-1] {
		if d := away(p, first, last); d > far {
			far, at = d, i+1
		}
	}
	if far < tolerance && first != last {
		return [][2]int64{first, last}
	}
	if at == 0 {
		return [][2]int64{first, last}
	}
	return append(simplify(line[:at+1]), simplify(line[at:])[1:]...)
}

func away(p, a, b [2]int64) float64 {
	dx, dy := float64(b[0]-a[0]), float64(b[1]-a[1])
	px, py := float64(p[0]-a[0]), float64(p[1]-a[1])
	if length := dx*dx + dy*dy; length > 0 {
		t := max(0, min(1, (px*dx+py*dy)/length))
		return math.Hypot(px-t*dx, py-t*dy)
	}
	return math.Hypot(px, py)
}
