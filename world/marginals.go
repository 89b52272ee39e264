package world

import (
	_ "embed" // for the table
	"math"
	"strconv"
	"sync"
)

//go:embed marginals.txt
var marginalsFile string

// marginals are the shapes that were fitted on real data (world/fit), by name.
var marginals = sync.OnceValue(func() map[string][]float64 {
	all := make(map[string][]float64)
	for f := range rows(marginalsFile) {
		values := make([]float64, len(f)-1)
		for i, text := range f[1:] {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				panic("world: bad number in a table: " + text)
			}
			values[i] = v
		}
		all[f[0]] = values
	}
	return all
})

// fitted is the values of a shape, of which there are so many.
func fitted(name string, values int) []float64 {
	all := marginals()[name]
	if len(all) != values {
		panic("world: marginals.txt has no " + name)
	}
	return all
}

// logNormal draws a positive number, of whose logarithm mean and sigma are given.
func (d dice) logNormal(mu, sigma float64) float64 { return math.Exp(mu + sigma*d.NormFloat64()) }

// weibull draws a positive number.
func (d dice) weibull(logScale, shape float64) float64 {
	return math.Exp(logScale) * math.Pow(d.ExpFloat64(), 1/shape)
}

// shares draws an index by its share of the whole.
func (d dice) shares(all []float64) int {
	sum := 0.0
	for _, s := range all {
		sum += s
	}
	at := d.Float64() * sum
	for i, s := range all {
		if at -= s; at < 0 {
			return i
		}
	}
	return len(all) - 1
}
