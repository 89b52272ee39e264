package throttle

import "time"

// Look-ups by confirmation code that found nothing. Together they keep the
// chance of hitting a stranger's booking below one in a million (Property 64);
// a guest who mistypes the code has five tries.
var (
	perCode    = Rate{5, 5, time.Hour}
	perClient  = Rate{10, 10, time.Hour}
	perNetwork = Rate{30, 30, time.Hour}
	overall    = Rate{250, 25, time.Hour}
)

// Lookups counts the look-ups of bookings by code and e-mail.
type Lookups struct{ code, client, network, all *Table }

// NewLookups has counted nothing yet.
func NewLookups(now func() time.Time) *Lookups {
	return &Lookups{New(perCode, now), New(perClient, now), New(perNetwork, now), New(overall, now)}
}

// Try counts a look-up before it is made, so that many at once count as well;
// found gives the tokens back. A wait says that it must not be made. The code
// is given as it is compared.
func (l *Lookups) Try(client, code string) (found func(), wait time.Duration) {
	taken := []struct {
		table *Table
		name  string
	}{{l.client, Subscriber(client)}, {l.network, network(client)}, {l.code, code}, {l.all, ""}}
	back := func(n int) {
		for _, t := range taken[:n] {
			t.table.Give(t.name, 1)
		}
	}
	for i, t := range taken {
		if wait := t.table.Take(t.name); wait > 0 {
			back(i)
			return nil, wait
		}
	}
	return func() { back(len(taken)) }, 0
}
