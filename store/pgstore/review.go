package pgstore

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/review"
)

// ApplyReview writes a review, and the tally that counts it.
func (s *Store) ApplyReview(ctx context.Context, change review.Change) error {
	return s.write(ctx, "apply review", func(ctx context.Context, tx pgx.Tx) error {
		if err := s.recordRequest(ctx, tx, change.Request); err != nil {
			return err
		}
		r := change.Review
		r.PropertyID = change.PropertyID
		if err := putReview(ctx, tx, r, change.Expect); err != nil {
			return err
		}
		if change.Tally != nil {
			if err := putTally(ctx, tx, change.PropertyID, *change.Tally); err != nil {
				return err
			}
		}
		return s.recordEvents(ctx, tx, change.Events...)
	})
}

func putReview(ctx context.Context, tx pgx.Tx, r review.Review, expect int64) error {
	return put(ctx, tx, expect, reviewRows, r, r.PropertyID, r.ID, r.BookingID, r.PostedAt, r.Hidden())
}

func putTally(ctx context.Context, tx pgx.Tx, propertyID string, t review.Tally) error {
	return put(ctx, tx, t.Version-1, tallyRows, t, propertyID)
}

// putNewReviews writes those that come with a new property.
func putNewReviews(ctx context.Context, tx pgx.Tx, propertyID string, reviews []review.Review) error {
	if len(reviews) == 0 {
		return nil
	}
	for _, r := range reviews {
		r.PropertyID, r.Version = propertyID, 1
		if err := putReview(ctx, tx, r, 0); err != nil {
			return err
		}
	}
	return putTally(ctx, tx, propertyID, review.Count(propertyID, reviews))
}

var reviewRows = documents{
	insert: `insert into review (version, doc, property_id, id, booking_id, posted_at, hidden)
		values ($1, $2, $3, $4, $5, $6, $7)`,
	update: `update review set version = $1, doc = $2, booking_id = $5, posted_at = $6, hidden = $7
		where property_id = $3 and id = $4 and version = $1 - 1`,
	exists:   `select exists (select from review where property_id = $1 and id = $2)`,
	keys:     2,
	notFound: review.ErrNotFound, conflict: review.ErrConflict,
}

var tallyRows = documents{
	insert:   `insert into review_tally (version, doc, property_id) values ($1, $2, $3)`,
	update:   `update review_tally set version = $1, doc = $2 where property_id = $3 and version = $1 - 1`,
	exists:   `select exists (select from review_tally where property_id = $1)`,
	keys:     1,
	notFound: review.ErrConflict, conflict: review.ErrConflict,
}

func reviewVersion(r *review.Review) *int64 { return &r.Version }

// Review is one review of a property.
func (s *Store) Review(ctx context.Context, propertyID, id string) (review.Review, error) {
	return s.review(ctx, `select version, doc from review where property_id = $1 and id = $2`, propertyID, id)
}

// ReviewOf is the review of a booking.
func (s *Store) ReviewOf(ctx context.Context, propertyID, bookingID string) (review.Review, error) {
	return s.review(ctx, `
		select version, doc from review
		where property_id = $1 and booking_id = $2 and booking_id <> ''`, propertyID, bookingID)
}

func (s *Store) review(ctx context.Context, query string, args ...any) (review.Review, error) {
	found, err := list(ctx, s.pool, reviewVersion, query, args...)
	if err := sought("review", err); err != nil {
		return review.Review{}, err
	}
	if len(found) == 0 {
		return review.Review{}, review.ErrNotFound
	}
	return found[0], nil
}

// Reviews lists a page, newest first.
func (s *Store) Reviews(ctx context.Context, page review.Page) ([]review.Review, error) {
	all, err := list(ctx, s.pool, reviewVersion, `
		select version, doc from review
		where property_id = $1 and ($4 or not hidden) and ($2 = '' or (posted_at, id) <
			(select posted_at, id from review where property_id = $1 and id = $2))
		order by posted_at desc, id desc limit $3`, page.PropertyID, page.After, page.Limit, page.Hidden)
	return all, sought("reviews", err)
}

// ReviewTally is the property's, zero when it has no review.
func (s *Store) ReviewTally(ctx context.Context, propertyID string) (review.Tally, error) {
	none := review.Tally{PropertyID: propertyID}
	found, err := s.tallies(ctx, `select property_id, version, doc from review_tally where property_id = $1`, propertyID)
	if err != nil || len(found) == 0 {
		return none, err
	}
	return found[0], nil
}

// ReviewTallies lists them by property.
func (s *Store) ReviewTallies(ctx context.Context, after string, limit int) ([]review.Tally, error) {
	return s.tallies(ctx, `
		select property_id, version, doc from review_tally where property_id > $1 order by property_id limit $2`, after, limit)
}

func (s *Store) tallies(ctx context.Context, query string, args ...any) ([]review.Tally, error) {
	rows, err := s.pool.Query(ctx, query, args...)
	if err != nil {
		return nil, sought("review tallies", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (review.Tally, error) {
		var t review.Tally
		var id string
		var version int64
		err := row.Scan(&id, &version, &t)
		t.PropertyID, t.Version = id, version
		return t, err
	})
	return all, sought("review tallies", err)
}

// ForgetAuthor takes a guest's name from the review of a booking.
func (s *Store) ForgetAuthor(ctx context.Context, propertyID, bookingID string) error {
	return s.write(ctx, "forget author", func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			update review set version = version + 1, doc = doc || '{"Author": "", "Country": ""}'
			where property_id = $1 and booking_id = $2 and booking_id <> ''`, propertyID, bookingID)
		return err
	})
}
