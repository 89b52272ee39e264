package booking

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/stay"
)

// maxAlternatives bounds what a refused guest is shown instead.
const maxAlternatives = 5

// Unavailable is a refusal with what can be had instead: for ErrOfferExpired
// the same rooms at today's price, for inventory.ErrSoldOut other rooms.
type Unavailable struct {
	Err    error
	Offers []Offer
}

// Error is the reason.
func (u *Unavailable) Error() string { return u.Err.Error() }

// Unwrap is the reason.
func (u *Unavailable) Unwrap() error { return u.Err }

// fresh reports offers that are past their time, with the same products at the
// price of now.
func (s *Service) fresh(ctx context.Context, offers []Offer, now time.Time) error {
	if !slices.ContainsFunc(offers, func(o Offer) bool { return now.After(o.ExpiresAt) }) {
		return nil
	}
	stale := &Unavailable{Err: ErrOfferExpired}
	for _, o := range offers {
		again, err := s.again(ctx, o)
		if err != nil {
			continue // nothing can be offered instead; the refusal stands
		}
		for _, fresh := range again {
			if fresh.RoomTypeID == o.RoomTypeID && fresh.PlanID == o.PlanID {
				stale.Offers = append(stale.Offers, fresh)
			}
		}
	}
	return stale
}

// withAlternatives adds to a sold-out refusal what the same parties can have
// at the property on the same dates.
func (s *Service) withAlternatives(ctx context.Context, err error, offers []Offer) error {
	if !errors.Is(err, inventory.ErrSoldOut) {
		return err
	}
	soldOut := &Unavailable{Err: err}
	for i, o := range offers {
		if i > 0 && o.Stay == offers[i-1].Stay && o.Party.Equal(offers[i-1].Party) {
			continue
		}
		again, lookErr := s.again(ctx, o)
		if lookErr != nil {
			continue
		}
		soldOut.Offers = append(soldOut.Offers, again[:min(len(again), maxAlternatives)]...)
	}
	return soldOut
}

// again asks for an offer's party and dates once more.
func (s *Service) again(ctx context.Context, o Offer) ([]Offer, error) {
	shop, err := s.Offers(ctx, Query{
		PropertyID: o.PropertyID, Stay: o.Stay, Parties: []stay.Party{o.Party},
		PromoCode: o.PromoCode, Extras: o.Extras, Caller: o.Caller,
	})
	if err != nil {
		return nil, err
	}
	return shop.Rooms[0].Offers, nil
}
