package main

import "math"

// cdf is the cumulative distribution of a log-normal.
func cdf(x, mu, sigma float64) float64 {
	if x <= 0 {
		return 0
	}
	return 0.5 * math.Erfc(-(math.Log(x)-mu)/(sigma*math.Sqrt2))
}

// weibull is the cumulative distribution of a Weibull.
func weibull(x, logScale, shape float64) float64 {
	if x <= 0 {
		return 0
	}
	return 1 - math.Exp(-math.Pow(x/math.Exp(logScale), shape))
}

// closest is the two parameters, of a log-normal or a Weibull, for which the
// distance is least: a grid that becomes finer around the best.
func closest(distance func(mu, sigma float64) float64) (mu, sigma float64) {
	mu, sigma = 3, 1.5
	reach := 1.0
	for range 12 {
		best := math.Inf(1)
		midMu, midSigma := mu, sigma
		for i := -10; i <= 10; i++ {
			for j := -10; j <= 10; j++ {
				m, s := midMu+3*reach*float64(i)/10, midSigma+1.4*reach*float64(j)/10
				if s < 0.05 {
					continue
				}
				if d := distance(m, s); d < best {
					best, mu, sigma = d, m, s
				}
			}
		}
		reach /= 2
	}
	return mu, sigma
}

// least is where between lo and hi the distance is least.
func least(lo, hi float64, distance func(float64) float64) float64 {
	best, at := math.Inf(1), lo
	from, to := lo, hi
	for range 4 {
		step := (to - from) / 50
		for x := from; x <= to; x += step {
			if d := distance(x); d < best {
				best, at = d, x
			}
		}
		from, to = max(lo, at-step), min(hi, at+step)
	}
	return at
}

func mean(all []float64) float64 {
	sum := 0.0
	for _, v := range all {
		sum += v
	}
	return sum / float64(len(all))
}

func variance(all []float64) float64 {
	m, sum := mean(all), 0.0
	for _, v := range all {
		sum += (v - m) * (v - m)
	}
	return sum / float64(len(all))
}
