package zones

import (
	"math"
	"testing"
)

func TestAt(t *testing.T) {
	tests := []struct {
		name, zone, country string
		lat, lon            float64
	}{
		{"Paris", "Europe/Paris", "FR", 48.8566, 2.3522},
		{"Tokyo", "Asia/Tokyo", "JP", 35.6812, 139.7671},
		{"Singapore", "Asia/Singapore", "SG", 1.2839, 103.8515},
		{"Valletta", "Europe/Malta", "MT", 35.8989, 14.5146},
		{"an island resort", "Indian/Maldives", "MV", 4.286849, 73.553608},
		{"Monaco", "Europe/Monaco", "MC", 43.7402, 7.4270},
		{"Andorra la Vella", "Europe/Andorra", "AD", 42.5078, 1.5211},
		{"Washington", "America/New_York", "US", 38.899966, -77.040294},
		{"Cambridge", "Europe/London", "GB", 52.1963733, 0.1987426},
		{"Bolzano", "Europe/Rome", "IT", 46.4983, 11.3548},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			zone, ok := At(test.lat, test.lon)
			if !ok || zone != test.zone {
				t.Errorf("At(%v, %v) = %q, %v; want %q", test.lat, test.lon, zone, ok, test.zone)
			}
			if country, _ := Country(zone); country != test.country {
				t.Errorf("Country(%q) = %q; want %q", zone, country, test.country)
			}
		})
	}
}

func TestAtRefuses(t *testing.T) {
	for _, at := range [][2]float64{{math.NaN(), 0}, {0, math.Inf(1)}, {91, 0}, {0, 181}, {0, -30}} {
		if zone, ok := At(at[0], at[1]); ok {
			t.Errorf("At(%v) = %q; want none", at, zone)
		}
	}
}
