package searchtest

import (
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// testTotals: by hand. Two nights for two at the Paix: 2 × 90 fixed + 2 × 2 × 1.50 tax.
func testTotals(h *hotels) {
	hit := h.search(search.Query{Place: "paix", Stay: nights(20, 2), Parties: couple}).Hits[0]
	if hit.Total != money.Of(186_00, "EUR") || hit.DueAtProperty != hit.Total || hit.FreeCancel {
		h.Errorf("total %v, due %v, free cancellation %v; want 186.00 EUR, all at the property, none", hit.Total, hit.DueAtProperty, hit.FreeCancel)
	}
	room := hit.Rooms[0]
	if room.RoomTypeID != "paix_double" || room.PlanID != "paix_fixed" || room.Free != 3 || room.Total != hit.Total || room.RoomTypeName != "Double" {
		h.Errorf("room %+v", room)
	}
	secret := h.search(search.Query{Place: "paix", Stay: nights(20, 2), Parties: couple, PromoCode: "MAY"}).Hits[0]
	if secret.Total != money.Of(106_00, "EUR") {
		h.Errorf("with the promo code %v, want 106.00 EUR", secret.Total)
	}
	h.agree(search.Query{Stay: nights(3, 4), Parties: []stay.Party{{Adults: 2, ChildAges: []int{4, 12}}}})
	h.agree(search.Query{Stay: nights(0, openNights), Parties: couple})
	h.agree(search.Query{Stay: nights(1, openNights), Parties: couple})
}

func testFilters(h *hotels) {
	dated := search.Query{Stay: nights(20, 2), Parties: couple, Sort: search.ByTotal}
	q := dated
	q.FreeCancel = true
	h.agree(q)
	if hit := h.search(q).Hits[0]; !hit.FreeCancel || !strings.HasSuffix(hit.Rooms[0].PlanID, "_flex") {
		h.Errorf("free cancellation gives %+v", hit)
	}
	q.Stay = nights(2, 1) // the deadline, 18:00 two days before, has come in Tokyo only
	q.Place = "Tokyo"
	h.expect("past the deadline", h.ids(q))
	q.Place = "Paris, FR"
	if n := h.search(q).Total; n != 3 {
		h.Errorf("%d hits before the deadline, want 3", n)
	}
	q = dated
	q.Boards = []string{"bed_and_breakfast", "half_board"}
	h.agree(q)
	q = dated
	q.Place, q.MinTotal, q.MaxTotal = "Paris, FR", new(money.Of(150_00, "EUR")), new(money.Of(186_00, "EUR"))
	h.expect("150 to 186 EUR", h.ids(q), "paix")
	q.MinTotal = new(money.Of(187_51, "USD")) // 150.01 EUR
	h.expect("in another currency", h.ids(q), "paix")
	q.MinTotal = new(money.Of(232_51, "USD")) // 186.01 EUR
	h.expect("too dear in another currency", h.ids(q))
}

// testRooms: parties are put where they are cheapest together, not one by one.
func testRooms(h *hotels) {
	q := search.Query{Stay: nights(20, 1), Parties: []stay.Party{{Adults: 2}, {Adults: 2}, {Adults: 4}}}
	h.agree(q)
	h.source.Sell("paix", "paix_double", *nights(20, 1), 2)
	h.sync()
	// One double is left: two couples need the double and the family room.
	q = search.Query{Place: "paix", Stay: nights(20, 1), Parties: couples(2)}
	hit := h.search(q).Hits[0]
	if hit.Rooms[0].RoomTypeID == hit.Rooms[1].RoomTypeID {
		h.Errorf("both couples are in %s", hit.Rooms[0].RoomTypeID)
	}
	h.agree(search.Query{Stay: nights(20, 1), Parties: couples(2)})
	h.agree(search.Query{Stay: nights(20, 1), Parties: []stay.Party{{Adults: 4}, {Adults: 1}}})
	q.Parties = couples(3)
	h.expect("three couples", h.ids(q))
	for n := 1; n <= search.MaxRooms; n++ {
		h.agree(search.Query{Stay: nights(18, 4), Parties: couples(n)})
	}
	if _, err := h.Index.Search(h.Context(), search.Query{Stay: nights(20, 1), Parties: couples(5)}); !errors.Is(err, search.ErrGroup) {
		h.Errorf("five rooms: %v", err)
	}
}

func testOrders(h *hotels) {
	q := search.Query{Place: "Paris, FR", Stay: nights(20, 2), Parties: couple}
	for sort, want := range map[search.Sort][]string{
		search.ByTotal: {"etoile", "paix", "ritzy"}, search.ByStars: {"ritzy", "paix", "etoile"},
		search.ByDistance: {"ritzy", "paix", "etoile"}, search.ByRecommended: {"paix", "etoile", "ritzy"}, "": {"paix", "etoile", "ritzy"},
	} {
		q.Sort = sort
		h.expect(string(sort), h.ids(q), want...)
	}
}

// testPages: pages of any size put together are the whole list, whatever the order.
func testPages(h *hotels) {
	for _, sort := range []search.Sort{search.ByRecommended, search.ByTotal, search.ByStars, search.ByDistance} {
		q := search.Query{Near: &search.Point{Lat: 48.87, Lon: 2.33}, RadiusKM: 500, Sort: sort, Stay: nights(20, 2), Parties: couple}
		whole := h.ids(q)
		for q.Limit = 1; q.Limit <= len(whole); q.Limit++ {
			q.Cursor = ""
			var pieces []string
			for {
				page := h.search(q)
				for _, hit := range page.Hits {
					pieces = append(pieces, hit.PropertyID)
				}
				if page.Total != len(whole) || len(pieces) > len(whole) {
					h.Fatalf("%d of %d hits, total %d", len(pieces), len(whole), page.Total)
				}
				if q.Cursor = page.Next; q.Cursor == "" {
					break
				}
			}
			h.expect(string(sort), pieces, whole...)
		}
	}
	q := search.Query{Place: "Paris", Limit: 1}
	other := q
	q.Cursor = h.search(q).Next
	other.Place, other.Cursor = "Tokyo", q.Cursor
	if _, err := h.Index.Search(h.Context(), other); !errors.Is(err, search.ErrQuery) {
		h.Errorf("the cursor of another query: %v", err)
	}
}

// testCurrencies: 4,000 JPY are 25 EUR, 70 USD are 56 EUR, 150 CHF count as 150 EUR.
func testCurrencies(h *hotels) {
	q := search.Query{Stay: nights(20, 1), Parties: couple, Sort: search.ByTotal}
	h.expect("by worth", h.ids(q), "inn", "texas", "sumisho", "etoile", "paix", "zurich", "station", "ritzy")
}

// testToday: the day ends at each property's own midnight, and the horizon moves with it.
func testToday(h *hotels) {
	q := search.Query{Stay: nights(0, 1), Parties: couple, Sort: search.ByTotal}
	h.clock = time.Date(2027, 3, 10, 16, 0, 0, 0, time.UTC) // the 11th in Tokyo
	h.agree(q)
	if got := h.ids(q); slices.Contains(got, "inn") || !slices.Contains(got, "texas") {
		h.Errorf("tonight, at one in the morning in Tokyo: %v", got)
	}
	h.clock = noon.AddDate(0, 0, 45)
	h.sync()
	q.Stay = nights(46, 5)
	h.agree(q)
	if n := h.search(q).Total; n != len(World) {
		h.Errorf("%d hits 45 days later", n)
	}
}

func testBadQueries(h *hotels) {
	dated := func(change func(*search.Query)) search.Query {
		q := search.Query{Stay: nights(20, 1), Parties: couple}
		change(&q)
		return q
	}
	for name, q := range map[string]search.Query{
		"not a number":     {Near: &search.Point{Lat: math.NaN()}},
		"off the earth":    {Near: &search.Point{Lat: 91}},
		"infinite":         {Near: &search.Point{Lon: math.Inf(1)}},
		"radius NaN":       {Near: &search.Point{}, RadiusKM: math.NaN()},
		"radius huge":      {Near: &search.Point{}, RadiusKM: 501},
		"radius alone":     {RadiusKM: 1},
		"long text":        {Place: strings.Repeat("東", search.MaxText+1)},
		"not UTF-8":        {Place: "\xff"},
		"page of 10^9":     {Limit: 1e9},
		"negative page":    {Limit: -1},
		"unknown sort":     {Sort: "luck"},
		"unknown kind":     {Kinds: []string{"castle"}},
		"unknown board":    dated(func(q *search.Query) { q.Boards = []string{"snacks"} }),
		"six stars":        {Stars: []int{6}},
		"broken cursor":    {Cursor: "!!"},
		"foreign cursor":   {Cursor: "e30"},
		"long cursor":      {Cursor: strings.Repeat("A", 10_000)},
		"nobody":           {Stay: nights(20, 1)},
		"nobody in a room": dated(func(q *search.Query) { q.Parties = []stay.Party{{}} }),
		"99 rooms":         dated(func(q *search.Query) { q.Parties = couples(99) }),
		"reversed dates":   dated(func(q *search.Query) { q.Stay.Departure = q.Stay.Arrival - 1 }),
		"10,000 nights":    dated(func(q *search.Query) { q.Stay.Departure += 10_000 }),
		"yesterday":        dated(func(q *search.Query) { q.Stay = nights(-2, 1) }),
		"too far ahead":    dated(func(q *search.Query) { q.Stay = nights(740, 1) }),
		"negative money":   dated(func(q *search.Query) { q.MinTotal = new(money.Of(-1, "EUR")) }),
		"unknown currency": dated(func(q *search.Query) { q.MaxTotal = new(money.Of(1, "XXX")) }),
		"totals reversed":  dated(func(q *search.Query) { q.MinTotal, q.MaxTotal = new(money.Of(2, "EUR")), new(money.Of(1, "EUR")) }),
		"price of no date": {Sort: search.ByTotal},
		"distance of what": {Sort: search.ByDistance},
		"21 amenities":     {Amenities: make([]string, 21)},
	} {
		_, err := h.Index.Search(h.Context(), q)
		if !errors.Is(err, search.ErrQuery) {
			h.Errorf("%s: %v", name, err)
		}
		var problem *search.Problem
		if !errors.As(err, &problem) || problem.Field == "" || problem.Say == "" {
			h.Errorf("%s: no field is named: %v", name, err)
		}
	}
}
