package world

import (
	_ "embed"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/stay"
)

//go:embed phrases.json
var phraseFile []byte

// sayings is what guests of one language write, in sentences that fit together.
type sayings struct {
	Titles map[string][]string      `json:"titles"` // high, mid, low
	Good   map[review.Part][]string `json:"good"`
	Bad    map[review.Part][]string `json:"bad"`
	Style  map[string][]string      `json:"style"`
	Said   []string                 `json:"answers"` // to praise, to a complaint
}

var phraseBook = readPhrases()

func readPhrases() map[string]sayings {
	var book map[string]sayings
	if err := json.Unmarshal(phraseFile, &book); err != nil {
		panic("world: phrases.json: " + err.Error()) // it is part of the program
	}
	return book
}

// guests is where reviewers come from, what they write in and what they are
// called there.
var guests = []struct {
	country, language string
	names             []string
}{
	{"GB", "en", []string{"Emma", "Oliver", "Priya", "James", "Chloe", "Harry"}},
	{"US", "en", []string{"Ashley", "Michael", "Jordan", "Maria", "Tyler", "Grace"}},
	{"AU", "en", []string{"Matilda", "Liam", "Zoe", "Jack"}},
	{"IN", "en", []string{"Ananya", "Rohan", "Kavita", "Arjun"}},
	{"DE", "de", []string{"Lena", "Jonas", "Sabine", "Thomas", "Mia", "Uwe"}},
	{"AT", "de", []string{"Anna", "Lukas", "Eva", "Stefan"}},
	{"CH", "de", []string{"Nina", "Beat", "Luca", "Regula"}},
	{"FR", "fr", []string{"Camille", "Hugo", "Léa", "Antoine", "Manon"}},
	{"BE", "fr", []string{"Élise", "Maxime", "Nathalie"}},
	{"ES", "es", []string{"Lucía", "Javier", "Carmen", "Álvaro"}},
	{"MX", "es", []string{"Valeria", "Diego", "Ximena"}},
	{"AR", "es", []string{"Martina", "Facundo", "Sofía"}},
	{"CO", "es", []string{"Andrés", "Daniela"}},
	{"JP", "ja", []string{"Yuki", "Haruto", "Aoi", "Kenji"}},
	{"AE", "ar", []string{"Fatima", "Omar", "Layla"}},
	{"EG", "ar", []string{"Youssef", "Nour", "Salma"}},
	{"MA", "ar", []string{"Amina", "Karim"}},
}

// Reviews are of the last two years; a large house has more.
const (
	maxReviews  = 40
	reviewDays  = 730
	newReviews  = 3 // days before today at least, since a stay comes first
	homeGuests  = 40
	namedGuests = 85
	wordyGuests = 80
	answered    = 18
)

// reviewed is what guests said of the house: scores that fit how good it is, in
// words that fit the scores. It is made up, and marked so.
func (h *house) reviewed() []review.Review {
	d := castFor("reviews of " + h.property.ID)
	if d.chance(6) {
		return nil // new on the market
	}
	n := min(maxReviews, 2+d.IntN(6+h.rooms/2))
	level := h.level(d)
	reviews := make([]review.Review, n)
	for i := range reviews {
		reviews[i] = h.reviewBy(d, level)
		reviews[i].ID = id("rev", h.hints.Region, h.property.ID, strconv.Itoa(i))
	}
	return reviews
}

// level is how good each part of the house is, in points.
func (h *house) level(d dice) (level [review.NumParts]float64) {
	whole := 7.3 + 0.35*float64(h.tier-1) + 0.45*d.NormFloat64()
	lean := map[review.Part]float64{
		"facilities": 0.3 * float64(h.tier-3), "comfort": 0.2 * float64(h.tier-3), "value": -0.15 * float64(h.tier-3),
		"location": 0.4,
	}
	switch h.property.Kind {
	case "hostel":
		lean["comfort"] -= 0.5
		lean["value"] += 0.5
	case "guest_house":
		lean["staff"] += 0.6
	case "motel":
		lean["location"] -= 0.5
	}
	for i, part := range review.Parts {
		level[i] = whole + lean[part] + 0.35*d.NormFloat64()
	}
	return level
}

func (h *house) reviewBy(d dice, level [review.NumParts]float64) review.Review {
	from := guests[d.IntN(len(guests))]
	if d.chance(homeGuests) {
		for _, g := range guests {
			if g.country == h.property.Country {
				from = g
			}
		}
	}
	r := review.Review{
		PropertyID: h.property.ID, Generated: true, Language: from.language, Country: from.country,
		Company: []review.Company{review.Couple, review.Family, review.Solo, review.Group}[d.weighted(45, 25, 20, 10)],
	}
	if d.chance(namedGuests) {
		r.Author = pick(d, from.names)
	}
	mood := 0.8 * d.NormFloat64()
	for i := range r.Scores {
		r.Scores[i] = min(review.MaxScore, max(1, int(level[i]+mood+0.8*d.NormFloat64()+0.5)))
	}
	h.date(d, &r)
	if d.chance(wordyGuests) {
		h.word(d, &r)
	}
	return r
}

// date puts the review some days after a stay of the last two years.
func (h *house) date(d dice, r *review.Review) {
	posted := h.hints.Today.Add(-newReviews - d.IntN(reviewDays))
	r.PostedAt = stay.Instant(posted, stay.Clock(d.IntN(24*60)), time.UTC, stay.Earlier)
	left := posted.Add(-1 - d.IntN(10))
	r.Month = left.String()[:len("2026-05")]
}

// word writes of the best part and the worst one, as far as they are so.
func (h *house) word(d dice, r *review.Review) {
	book := phraseBook[r.Language]
	best, worst := 0, 0
	for i, score := range r.Scores {
		if score > r.Scores[best] {
			best = i
		}
		if score < r.Scores[worst] {
			worst = i
		}
	}
	overall := r.Scores.Tenths()
	r.Title = pick(d, book.Titles[mood(overall)])
	var good []string
	if r.Scores[best] >= 7 {
		good = append(good, pick(d, book.Good[review.Parts[best]]))
	}
	if second := d.IntN(review.NumParts); second != best && r.Scores[second] >= 8 {
		good = append(good, pick(d, book.Good[review.Parts[second]]))
	}
	if of := book.Style[string(h.style)]; overall >= 75 && len(of) > 0 && d.chance(25) {
		good = append(good, pick(d, of))
	}
	r.Good = strings.Join(good, " ")
	complains := r.Scores[worst] <= 7
	if complains {
		r.Bad = pick(d, book.Bad[review.Parts[worst]])
	}
	if d.chance(answered) {
		said := book.Said[0]
		if complains {
			said = book.Said[1]
		}
		r.Answer = &review.Answer{Text: said, By: "world", At: r.PostedAt.Add(36 * time.Hour)}
	}
}

func mood(tenths int) string {
	switch {
	case tenths >= 82:
		return "high"
	case tenths >= 66:
		return "mid"
	}
	return "low"
}
