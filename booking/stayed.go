package booking

import (
	"context"
	"fmt"

	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/stay"
)

// Stayed is what a review may know of the booking: when the guests left, and who
// they were as far as a review shows it.
func (s *Service) Stayed(ctx context.Context, b Booking) (review.Stayed, error) {
	of := review.Stayed{PropertyID: b.PropertyID, BookingID: b.ID}
	var departure stay.Date
	parties := make([]stay.Party, 0, len(b.Stays))
	for _, r := range b.Stays {
		if r.State != CheckedOut {
			continue
		}
		parties = append(parties, r.Terms.Party)
		departure = max(departure, r.Terms.Stay.Departure)
		if r.EndedAt.After(of.EndedAt) {
			of.EndedAt = r.EndedAt
		}
	}
	if len(parties) == 0 {
		return of, nil
	}
	year, month, _ := departure.Civil()
	of.Month, of.Company = fmt.Sprintf("%04d-%02d", year, month), company(parties)
	g, err := s.Guest(ctx, b)
	if err != nil || g == nil {
		return of, err
	}
	of.Author, of.Country, of.Language = review.FirstName(g.Name), g.Country, g.Language
	return of, nil
}

// company is what the parties of a booking are together.
func company(parties []stay.Party) review.Company {
	adults, children := 0, 0
	for _, p := range parties {
		adults += p.Adults
		children += len(p.ChildAges)
	}
	switch {
	case children > 0:
		return review.Family
	case adults == 1:
		return review.Solo
	case adults == 2 && len(parties) == 1:
		return review.Couple
	}
	return review.Group
}
