package spotcheck

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search"
)

// outcome is what a check found.
type outcome string

const (
	same     outcome = "same"
	gone     outcome = "gone"     // sold or closed since: the index has taken it off as well
	repriced outcome = "repriced" // another price since: the index shows it as well
	wrong    outcome = "price"    // another price, and the index goes on with its own
	missing  outcome = "missing"  // not to be had, and the index goes on showing it
	unknown  outcome = "unknown"  // the store or the index did not answer, or changes did not stop
)

var outcomes = [...]outcome{same, gone, repriced, wrong, missing, unknown}

// level is how loudly an outcome is told: what freshness explains is no fault.
func (o outcome) level() slog.Level {
	switch o {
	case wrong, missing:
		return slog.LevelWarn
	case same, gone, repriced, unknown:
	}
	return slog.LevelInfo
}

// verdict is an outcome with what booking asked for at last.
type verdict struct {
	outcome
	asked price
}

// errLate is an index that did not catch up within the patience.
var errLate = errors.New("spotcheck: the index does not catch up")

// looks is how often a house that goes on changing is looked at.
const looks = 3

// judge compares a claim with the house, and where they differ the house with
// what the index shows once it knows what the house knew.
func (c *Checker) judge(ctx context.Context, claim *claim) verdict {
	asked, err := c.ask(ctx, claim)
	switch {
	case err != nil:
		return verdict{unknown, asked}
	case asked == claim.shown:
		return verdict{same, asked}
	}
	for range looks {
		shown, err := c.caughtUp(ctx, claim)
		if err != nil {
			return verdict{unknown, asked}
		}
		before := asked
		if asked, err = c.ask(ctx, claim); err != nil {
			return verdict{unknown, before}
		}
		if asked == shown {
			return verdict{since(asked), asked}
		}
		if asked == before {
			return verdict{against(asked), asked}
		}
	}
	return verdict{unknown, asked}
}

func since(asked price) outcome {
	if asked.ok {
		return repriced
	}
	return gone
}

func against(asked price) outcome {
	if asked.ok {
		return wrong
	}
	return missing
}

// ask is what booking asks for now. A house that closed, or whose day of
// arrival has passed, offers nothing.
func (c *Checker) ask(ctx context.Context, claim *claim) (price, error) {
	shop, err := c.options.Offers(ctx, claim.question())
	switch {
	case errors.Is(err, property.ErrNotFound), errors.Is(err, booking.ErrPast), errors.Is(err, booking.ErrBeyondHorizon):
		return price{}, nil
	case err != nil:
		c.options.Log.Warn("a search could not be checked", "property", claim.property, "error", err)
		return price{}, err
	}
	return claim.cheapest(shop)
}

// again is how often the index is asked whether it has caught up.
const again = 20 * time.Millisecond

// caughtUp is what the index shows of the house when everything that was
// committed before this call is in it.
func (c *Checker) caughtUp(ctx context.Context, claim *claim) (price, error) {
	began := c.options.Now()
	ctx, cancel := context.WithTimeoutCause(ctx, c.options.Patience, errLate)
	defer cancel()
	ticker := time.NewTicker(again)
	defer ticker.Stop()
	for {
		page, err := claim.by.Index.Search(ctx, claim.query)
		if errors.Is(err, search.ErrQuery) {
			return price{}, nil // its dates have passed
		}
		if err != nil {
			return price{}, fmt.Errorf("spotcheck: search once more: %w", err)
		}
		if page.AsOf.After(began) {
			return shownBy(page), nil
		}
		select {
		case <-ctx.Done():
			return price{}, context.Cause(ctx)
		case <-ticker.C:
		}
	}
}

func shownBy(page search.Page) price {
	if len(page.Hits) == 0 {
		return price{}
	}
	return price{page.Hits[0].Total, true}
}
