package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// realData is the folder of the data that the shapes were fitted on. It is not
// part of the repository; VACANCY_SHARED says where it is.
func realData(t *testing.T) string {
	t.Helper()
	root := os.Getenv("VACANCY_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	data := filepath.Join(root, "data")
	if _, err := os.Stat(filepath.Join(data, "workload")); err == nil {
		return data
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("no data to fit on below %s; set VACANCY_SHARED", root)
	}
	t.Skipf("no data to fit on below %s; set VACANCY_SHARED", root)
	return ""
}

// TestShipsWhatIsFitted: the table that worlds are made from is what the data
// gives today, but for the last digits of another processor.
func TestShipsWhatIsFitted(t *testing.T) {
	var out bytes.Buffer
	if err := fit(realData(t), &out); err != nil {
		t.Fatal(err)
	}
	shipped, err := os.ReadFile(filepath.Join("..", "marginals.txt"))
	if err != nil {
		t.Fatal(err)
	}
	want, got := table(t, out.String()), table(t, string(shipped))
	if len(got) != len(want) || len(want) < 15 {
		t.Errorf("%d shapes ship, %d are fitted", len(got), len(want))
	}
	for name, values := range want {
		for i, v := range values {
			if len(got[name]) != len(values) || math.Abs(got[name][i]-v) > 0.01*math.Abs(v)+0.001 {
				t.Errorf("%s ships as %v; fitted: %v", name, got[name], values)
				break
			}
		}
	}
}

func table(t *testing.T, text string) map[string][]float64 {
	t.Helper()
	all := make(map[string][]float64)
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		for _, text := range f[1:] {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			all[f[0]] = append(all[f[0]], v)
		}
	}
	return all
}

// TestFitsWhatItMade: parameters are found again from what they lead to.
func TestFitsWhatItMade(t *testing.T) {
	mu, sigma := closest(func(mu, sigma float64) float64 {
		sum := 0.0
		for x := 1.0; x < 200; x *= 2 {
			d := cdf(x, mu, sigma) - cdf(x, 2.5, 0.8)
			sum += d * d
		}
		return sum
	})
	if math.Abs(mu-2.5) > 0.01 || math.Abs(sigma-0.8) > 0.01 {
		t.Errorf("log-normal of 2.5 and 0.8 fitted as %.3f and %.3f", mu, sigma)
	}
	var shares []float64
	for i := range len(steps) - 1 {
		sum := 0.0
		for n := steps[i]; n < steps[i+1]; n++ {
			sum += 0.05 + 0.4*math.Exp(-float64(n)/20)
		}
		shares = append(shares, sum/float64(steps[i+1]-steps[i]))
	}
	if v := decay(shares).values; math.Abs(v[0]-0.45) > 0.01 || math.Abs(v[1]-0.05) > 0.01 || math.Abs(v[2]-20) > 1 {
		t.Errorf("decay from 0.45 to 0.05 in 20 days fitted as %.2f", v)
	}
}

// TestHostsClosuresAreNotSales: what is shut for weeks counts neither as sold
// nor as a night.
func TestHostsClosuresAreNotSales(t *testing.T) {
	s := &scrape{nights: make([]float64, 400), sold: make([]float64, 400)}
	open, err := unroll("1x5;0x3;1x40;0x60;1x200")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.read(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that is not there is no error")
	}
	s.listing(day, open)
	if len(s.runs) != 1 || s.runs[0] != 3 {
		t.Errorf("runs %v; want one of 3 nights", s.runs)
	}
	if sold, nights := total(s.sold), total(s.nights); sold != 3 || nights != 248 {
		t.Errorf("%v of %v nights sold; want 3 of 248", sold, nights)
	}
	never, _ := unroll("1x365")
	s.listing(day, never)
	if total(s.nights) != 248 {
		t.Error("a listing that nobody ever books counts")
	}
}

var day = time.Date(2027, 1, 4, 0, 0, 0, 0, time.UTC)

func total(all []float64) (sum float64) {
	for _, v := range all {
		sum += v
	}
	return sum
}
