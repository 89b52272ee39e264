package searchtest

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// answer is what a query must find at one property.
type answer struct {
	ID    string
	Stars int
	Total money.Amount
}

// brute answers a query with dates over the properties that accept lets
// through, by trying every product for every party, straight from the store.
// It knows nothing of how an index works.
func brute(t testing.TB, s *Source, q search.Query, now time.Time, accept func(record) bool) []answer {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []answer
	for _, r := range s.houses {
		if r.property.Closed || !accept(*r) {
			continue
		}
		if total, ok := cheapest(t, *r, q, now); ok {
			found = append(found, answer{r.property.ID, r.property.Stars, total})
		}
	}
	slices.SortFunc(found, func(a, b answer) int {
		return cmp.Or(cmp.Compare(a.Total.Minor, b.Total.Minor), cmp.Compare(a.ID, b.ID))
	})
	return found
}

func cheapest(t testing.TB, r record, q search.Query, now time.Time) (money.Amount, bool) {
	zone, err := stay.Zone(r.property.Zone)
	if err != nil {
		t.Fatal(err)
	}
	today := stay.On(now, zone)
	if q.Stay.Arrival < today || q.Stay.Departure > today.Add(inventory.Horizon) {
		return money.Amount{}, false
	}
	prices := make([]map[string]int64, len(q.Parties)) // cheapest of each room type
	for i, party := range q.Parties {
		prices[i] = make(map[string]int64)
		for _, p := range pricing.Products(r.types, r.plans, r.calendars, r.property.Taxes) {
			quote, refusals, err := pricing.Price(p, pricing.Request{Stay: *q.Stay, Party: party, BookedOn: today, PromoCode: q.PromoCode})
			if err != nil || len(refusals) > 0 || !terms(p, quote, q, now, zone) {
				continue
			}
			if known, ok := prices[i][p.RoomType.ID]; !ok || quote.Total.Minor < known {
				prices[i][p.RoomType.ID] = quote.Total.Minor
			}
		}
	}
	total, ok := tryAll(prices, func(roomTypeID string) int { return left(r, roomTypeID, *q.Stay) })
	return money.Of(total, r.property.Currency), ok
}

func terms(p pricing.Product, quote pricing.Quote, q search.Query, now time.Time, zone *time.Location) bool {
	if len(q.Boards) > 0 && !slices.Contains(q.Boards, string(p.Plan.Board)) {
		return false
	}
	leaving := rate.Cancelling{Arrival: q.Stay.Arrival, Zone: zone, Total: quote.Total}
	for _, n := range quote.Nights {
		leaving.Nights = append(leaving.Nights, n.Amount)
	}
	fee, err := leaving.Fee(p.Plan.Cancellation, now)
	return !q.FreeCancel || err == nil && fee.IsZero()
}

// tryAll walks through every way to give each party a room type.
func tryAll(prices []map[string]int64, free func(string) int) (int64, bool) {
	if len(prices) == 0 {
		return 0, true
	}
	least, any := int64(0), false
	for roomTypeID, price := range prices[0] {
		if free(roomTypeID) < 1 {
			continue
		}
		rest, ok := tryAll(prices[1:], func(other string) int {
			if other == roomTypeID {
				return free(other) - 1
			}
			return free(other)
		})
		if ok && (!any || price+rest < least) {
			least, any = price+rest, true
		}
	}
	return least, any
}

func left(r record, roomTypeID string, nights stay.Stay) int {
	n := inventory.MaxStock
	for date := nights.Arrival; date < nights.Departure; date++ {
		row := r.row(inventory.Key{RoomTypeID: roomTypeID, Night: date})
		if row == nil {
			return 0
		}
		n = min(n, row.Free())
	}
	return n
}
