package search

import "math"

const earthKM = 6371.0088 // mean radius

// KM is the distance over the ground to q, to the metre (haversine).
func (p Point) KM(q Point) float64 {
	lat1, lat2 := radians(p.Lat), radians(q.Lat)
	a := square(math.Sin((lat2-lat1)/2)) + math.Cos(lat1)*math.Cos(lat2)*square(math.Sin(radians(q.Lon-p.Lon)/2))
	km := 2 * earthKM * math.Asin(math.Sqrt(min(1, a)))
	return math.Round(km*1000) / 1000
}

// Middle is the point in the midst of others, also across the date line.
func Middle(points []Point) Point {
	var x, y, z float64
	for _, p := range points {
		lat, lon := radians(p.Lat), radians(p.Lon)
		x += math.Cos(lat) * math.Cos(lon)
		y += math.Cos(lat) * math.Sin(lon)
		z += math.Sin(lat)
	}
	return Point{Lat: degrees(math.Atan2(z, math.Hypot(x, y))), Lon: degrees(math.Atan2(y, x))}
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }
func degrees(radians float64) float64 { return radians * 180 / math.Pi }
func square(x float64) float64        { return x * x }
