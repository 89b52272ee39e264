package web

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
)

// filters are what narrows a search down beside place, dates and parties.
type filters struct {
	Free      bool
	Stars     []int
	Rating    int // tenths of a point
	Kinds     []string
	Boards    []string
	Amenities []string
	Min, Max  int            // of the total, in whole units of In; 0: no limit
	In        money.Currency // "" without a limit
}

// maxLimit bounds a typed price.
const maxLimit = 10_000_000

var (
	boards  = []string{string(rate.BedAndBreakfast), string(rate.HalfBoard), string(rate.FullBoard), string(rate.AllInclusive)}
	ratings = []int{90, 80, 70, 60}
)

func filtersOf(q url.Values) filters {
	f := filters{
		Free: q.Get("free") == "1", Kinds: known(q["kind"], search.Kinds[:]), Boards: known(q["board"], boards),
		Amenities: freeWords(q["amenity"]),
	}
	for n := 5; n > 0; n-- {
		if slices.Contains(q["stars"], strconv.Itoa(n)) {
			f.Stars = append(f.Stars, n)
		}
	}
	if n, err := strconv.Atoi(q.Get("rating")); err == nil && slices.Contains(ratings, n) {
		f.Rating = n
	}
	f.Min, f.Max = limit(q.Get("min")), limit(q.Get("max"))
	if f.Max > 0 && f.Min > f.Max {
		f.Min, f.Max = f.Max, f.Min
	}
	if c := money.Currency(q.Get("in")); f.Min+f.Max > 0 && c.Valid() {
		f.In = c
	} else {
		f.Min, f.Max = 0, 0
	}
	return f
}

// known are the values that there are, in their own order.
func known(wanted, all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(value string) bool { return !slices.Contains(wanted, value) })
}

// freeWords are the values of a list that has no end.
func freeWords(wanted []string) []string {
	var all []string
	for _, value := range wanted {
		if len(value) > 0 && len(value) <= 64 && text(value) && len(all) < 20 && !slices.Contains(all, value) {
			all = append(all, value)
		}
	}
	slices.Sort(all)
	return all
}

func limit(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > maxLimit {
		return 0
	}
	return n
}

// MinText and MaxText are the limits as the form shows them.
func (f filters) MinText() string { return number(f.Min) }

// MaxText is the upper limit.
func (f filters) MaxText() string { return number(f.Max) }

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// write adds the filters to an address.
func (f filters) write(q url.Values) {
	if f.Free {
		q.Set("free", "1")
	}
	for _, n := range f.Stars {
		q.Add("stars", strconv.Itoa(n))
	}
	if f.Rating > 0 {
		q.Set("rating", strconv.Itoa(f.Rating))
	}
	for name, values := range map[string][]string{"kind": f.Kinds, "board": f.Boards, "amenity": f.Amenities} {
		if len(values) > 0 {
			q[name] = values
		}
	}
	if f.Min+f.Max > 0 {
		q.Set("in", string(f.In))
	}
	if f.Min > 0 {
		q.Set("min", strconv.Itoa(f.Min))
	}
	if f.Max > 0 {
		q.Set("max", strconv.Itoa(f.Max))
	}
}

// ask adds the filters to a query.
func (f filters) ask(q *search.Query) {
	q.FreeCancel, q.Stars, q.MinRating = f.Free, f.Stars, f.Rating
	q.Kinds, q.Boards, q.Amenities = f.Kinds, f.Boards, f.Amenities
	if f.Min > 0 {
		least := major(f.Min, f.In)
		q.MinTotal = &least
	}
	if f.Max > 0 {
		most := major(f.Max, f.In)
		q.MaxTotal = &most
	}
}
