package searchtest

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// testAgreement compares whole answers with the reference's, while the world changes.
func testAgreement(h *hotels) {
	random := rand.New(rand.NewPCG(5, 8))
	source := Generated(h, 3, 80, h.now)
	rateAtRandom(source, random)
	opened := h.open(h.T, h.setup(source))
	reference := NewReference(source, h.setup(source))
	for range h.scale(50, 12) {
		Shuffle(source, random)
		if err := opened.Sync(h.Context()); err != nil {
			h.Fatal(err)
		}
		if err := reference.Sync(h.Context()); err != nil {
			h.Fatal(err)
		}
		Agree(h.T, opened.Index, reference, Draw(random, opening))
	}
}

func rateAtRandom(s *Source, random *rand.Rand) {
	for id := range s.houses {
		s.Rate(id, review.Summary{Count: 30, Tenths: 55 + random.IntN(45)})
	}
}

// Agree fails unless an index gives the reference's answers to a query: the
// page with its facets and the two that follow, the strip of a window, the map,
// why the first property is where it is, and where the query looks.
func Agree(t testing.TB, index search.Surveyor, reference *Reference, q search.Query) {
	t.Helper()
	compareSurveys(t, index, reference, q)
	ids := comparePages(t, index, reference, q)
	if q.Window != nil {
		got, err1 := index.Days(t.Context(), q)
		want, err2 := reference.Days(t.Context(), q)
		compare(t, q, "days", got, want, err1, err2)
	}
	got, err1 := index.Map(t.Context(), q, 7)
	want, err2 := reference.Map(t.Context(), q, 7)
	compare(t, q, "map", got, want, err1, err2)
	for _, id := range ids {
		got, err1 := index.Why(t.Context(), q, id)
		want, err2 := reference.Why(t.Context(), q, id)
		compare(t, q, "why", got, want, err1, err2)
	}
}

func compareSurveys(t testing.TB, index search.Surveyor, reference *Reference, q search.Query) {
	t.Helper()
	byID := func(a, b search.Site) int { return strings.Compare(a.PropertyID, b.PropertyID) }
	for _, most := range []int{0, 5, search.MaxPage} {
		got, gotTotal, err1 := index.Survey(q, most)
		want, wantTotal, err2 := reference.Survey(q, most)
		slices.SortFunc(got, byID)
		slices.SortFunc(want, byID)
		compare(t, q, "survey", got, want, err1, err2)
		compare(t, q, "properties there", gotTotal, wantTotal, nil, nil)
	}
}

func comparePages(t testing.TB, index, reference search.Index, q search.Query) (ids []string) {
	t.Helper()
	for range 3 {
		got, err1 := index.Search(t.Context(), q)
		want, err2 := reference.Search(t.Context(), q)
		compare(t, q, "page", got, want, err1, err2)
		if len(want.Hits) > 0 {
			ids = append(ids, want.Hits[0].PropertyID)
		}
		if q.Cursor = want.Next; q.Cursor == "" {
			break
		}
	}
	return ids
}

func compare(t testing.TB, q search.Query, what string, got, want any, err1, err2 error) {
	t.Helper()
	if err1 != nil || err2 != nil {
		t.Fatalf("%s: %v; the reference: %v", what, err1, err2)
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(search.Freshness{}), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("%s of %+v\n(-reference +index):\n%.3000s", what, q, diff)
	}
}

// Draw is a query that uses anything a query can use, from a day on.
func Draw(random *rand.Rand, today stay.Date) search.Query {
	some := func(percent int) bool { return random.IntN(100) < percent }
	q := search.Query{Facets: true, Limit: 1 + random.IntN(20)}
	sorts := []search.Sort{"", search.ByRating, search.ByStars, search.ByRecommended}
	if some(85) {
		q = drawStay(random, q, today)
		sorts = append(sorts, search.ByTotal, search.ByTotal)
	}
	if some(30) {
		q.Near = &search.Point{Lat: -60 + 120*random.Float64(), Lon: -180 + 360*random.Float64()}
		sorts = append(sorts, search.ByDistance)
	}
	if some(15) {
		q.Box = &search.Box{South: -60, North: 30 + 50*random.Float64(), West: -180 + 360*random.Float64(), East: -180 + 360*random.Float64()}
	}
	if q.Near != nil && q.Box == nil {
		q.RadiusKM = search.MaxRadiusKM
	}
	if some(15) {
		q.Polygon = drawPolygon(random)
	}
	if some(25) {
		q.Stars = [][]int{{3, 4, 5}, {0}, {4}, {2, 5}}[random.IntN(4)]
	}
	if some(20) {
		q.MinRating = random.IntN(100)
	}
	if some(20) {
		q.Kinds = [][]string{{"hotel"}, {"guest_house", "hotel", "apartment"}, {"hostel"}}[random.IntN(3)]
	}
	if some(25) {
		q.Amenities = [][]string{{"wifi"}, {"WiFi", "parking"}, {"pool"}, {"restaurant"}}[random.IntN(4)]
	}
	q.Sort = sorts[random.IntN(len(sorts))]
	return q
}

func drawStay(random *rand.Rand, q search.Query, today stay.Date) search.Query {
	some := func(percent int) bool { return random.IntN(100) < percent }
	from := today.Add(1 + random.IntN(150))
	q.Stay = &stay.Stay{Arrival: from, Departure: from.Add(1 + random.IntN(9))}
	if some(20) {
		q.Stay, q.Window = nil, &search.Window{First: from - 2, Last: from.Add(random.IntN(12)), Nights: 1 + random.IntN(8)}
		if some(30) {
			q.Window.Last, q.Window.On = from.Add(10), stay.Weekdays(1+random.IntN(127))
		}
	}
	rooms := 1
	if some(20) {
		rooms += random.IntN(search.MaxRooms)
	}
	for range rooms {
		party := stay.Party{Adults: 1 + random.IntN(3)}
		for some(25) {
			party.ChildAges = append(party.ChildAges, random.IntN(18))
		}
		q.Parties = append(q.Parties, party)
	}
	if some(30) {
		q.FreeCancel = true
	}
	if some(25) {
		q.Boards = [][]string{{"bed_and_breakfast", "half_board"}, {"room_only"}, {"half_board"}}[random.IntN(3)]
	}
	if some(25) {
		q.MaxTotal = new(money.Of(5_000+random.Int64N(200_000), []money.Currency{"EUR", "USD", "JPY"}[random.IntN(3)]))
	}
	if some(25) {
		q.MinTotal = new(money.Of(random.Int64N(5_000), "EUR"))
	}
	return q
}

// drawPolygon is a jagged star somewhere on the map, also across the antimeridian.
func drawPolygon(random *rand.Rand) (corners []search.Point) {
	n := 3 + random.IntN(5)
	lat, lon := -60+120*random.Float64(), -180+360*random.Float64()
	for i := range n {
		angle, reach := 2*math.Pi*(float64(i)+0.4*random.Float64())/float64(n), 10+50*random.Float64()
		corners = append(corners, search.Point{
			Lat: min(max(lat+reach*math.Sin(angle)/2, -90), 90), Lon: math.Remainder(lon+reach*math.Cos(angle), 360),
		})
	}
	return corners
}
