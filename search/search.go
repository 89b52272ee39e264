// Package search answers where a party can stay and for how much: the exact
// total of the cheapest bookable rate of each property for the whole stay. An
// Index is fed by the outbox and never asked whether a room may be sold.
package search

import (
	"context"
	"errors"
	"fmt"
)

// Errors of the noun.
var (
	ErrQuery = errors.New("search: invalid query")
	// ErrGroup is a query for more rooms than a search puts together.
	ErrGroup = fmt.Errorf("%w: too many rooms: send a group enquiry", ErrQuery)
	// ErrBroad is a query with dates that fits more properties than one query may price.
	ErrBroad = fmt.Errorf("%w: too many properties fit: name a place", ErrQuery)
	// ErrFull is an index that may not take more memory: it holds no further properties.
	ErrFull = errors.New("search: the index has no room for more properties")
	// ErrStarting is an index that has not read the store once yet.
	ErrStarting = errors.New("search: the index is being built")
	// ErrUnavailable is an index that does not answer now; booking goes on without it.
	ErrUnavailable = errors.New("search: the index does not answer")
)

// Index is a search engine over the properties on sale. Every answer says how
// old it is; none decides whether a room may be sold.
type Index interface {
	// Search is one page of the properties that fit a query.
	Search(ctx context.Context, q Query) (Page, error)
	// Days is the least total for each arrival day of the query's window.
	Days(ctx context.Context, q Query) (Strip, error)
	// Map is the hits of a query gathered in a net of grid × grid cells over its
	// box, or over all of them.
	Map(ctx context.Context, q Query, grid int) (Map, error)
	// Why says why a property is in the list of a query or not. It fails with
	// property.ErrNotFound for one that is not shown.
	Why(ctx context.Context, q Query, propertyID string) (Why, error)
	// Places suggests what typed text may mean.
	Places(ctx context.Context, text string, limit int) ([]Place, error)
}
