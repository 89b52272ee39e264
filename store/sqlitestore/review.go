package sqlitestore

import (
	"context"
	"errors"

	"github.com/vacancyhq/vacancy/review"
)

const (
	insertReview = `INSERT INTO review (property_id, id, booking_id, posted_at, hidden, version, document)
		VALUES (?, ?, ?, ?, ?, 1, ?)`
	updateReview = `UPDATE review SET hidden = ?, version = version + 1, document = ?
		WHERE property_id = ? AND id = ? AND version = ?`
	reviewExists = `SELECT count(*) FROM review WHERE property_id = ? AND id = ?`
	selectReview = `SELECT version, document FROM review WHERE property_id = ? AND id = ?`

	// The condition on the booking is that of the index.
	selectReviewOf = `SELECT version, document FROM review WHERE property_id = ? AND booking_id = ? AND booking_id <> ''`
	selectReviews  = `SELECT version, document FROM review
		WHERE property_id = ?1 AND (?4 OR hidden = 0)
			AND (?2 = '' OR (posted_at, id) < (SELECT posted_at, id FROM review WHERE property_id = ?1 AND id = ?2))
		ORDER BY posted_at DESC, id DESC LIMIT ?3`
	forgetAuthor = `UPDATE review SET version = version + 1, document = json_set(document, '$.Author', '', '$.Country', '')
		WHERE property_id = ? AND booking_id = ? AND booking_id <> ''`

	insertTally   = `INSERT INTO review_tally (property_id, version, document) VALUES (?, 1, ?)`
	updateTally   = `UPDATE review_tally SET version = version + 1, document = ? WHERE property_id = ? AND version = ?`
	tallyExists   = `SELECT count(*) FROM review_tally WHERE property_id = ?`
	selectTally   = `SELECT property_id, version, document FROM review_tally WHERE property_id = ?`
	selectTallies = `SELECT property_id, version, document FROM review_tally WHERE property_id > ? ORDER BY property_id LIMIT ?`
)

// ApplyReview writes a review, and the tally that counts it.
func (s *Store) ApplyReview(ctx context.Context, change review.Change) error {
	return s.write(ctx, "apply review", func(ctx context.Context, t *tx) error {
		if err := t.remember(ctx, change.Request); err != nil {
			return err
		}
		if err := t.putReview(ctx, change.PropertyID, change.Review, change.Expect); err != nil {
			return err
		}
		if change.Tally != nil {
			if err := t.putTally(ctx, change.PropertyID, *change.Tally); err != nil {
				return err
			}
		}
		return t.finish(ctx, change.PropertyID, change.Events)
	})
}

var (
	reviewErrors = versionErrors{review.ErrConflict, review.ErrNotFound}
	tallyErrors  = versionErrors{review.ErrConflict, review.ErrConflict}
)

func (t *tx) putReview(ctx context.Context, propertyID string, r review.Review, expect int64) error {
	r.PropertyID = propertyID
	document, err := encode(r)
	if err != nil {
		return err
	}
	if expect == 0 {
		_, err = t.exec(ctx, insertReview, propertyID, r.ID, r.BookingID, stamp(r.PostedAt), r.Hidden(), document)
	} else {
		err = t.replace(ctx, reviewErrors, updateReview,
			[]any{r.Hidden(), document, propertyID, r.ID, expect}, reviewExists, propertyID, r.ID)
	}
	return constraint(err, review.ErrConflict, review.ErrNotFound)
}

func (t *tx) putTally(ctx context.Context, propertyID string, tally review.Tally) error {
	document, err := encode(tally)
	if err != nil {
		return err
	}
	if tally.Version == 1 {
		_, err = t.exec(ctx, insertTally, propertyID, document)
	} else {
		err = t.replace(ctx, tallyErrors, updateTally,
			[]any{document, propertyID, tally.Version - 1}, tallyExists, propertyID)
	}
	return constraint(err, review.ErrConflict, review.ErrNotFound)
}

// putNewReviews writes those that come with a new property.
func (t *tx) putNewReviews(ctx context.Context, propertyID string, reviews []review.Review) error {
	if len(reviews) == 0 {
		return nil
	}
	for _, r := range reviews {
		r.Version = 1
		if err := t.putReview(ctx, propertyID, r, 0); err != nil {
			return err
		}
	}
	return t.putTally(ctx, propertyID, review.Count(propertyID, reviews))
}

// Review is one review of a property.
func (s *Store) Review(ctx context.Context, propertyID, id string) (review.Review, error) {
	return s.review(ctx, selectReview, propertyID, id)
}

// ReviewOf is the review of a booking.
func (s *Store) ReviewOf(ctx context.Context, propertyID, bookingID string) (review.Review, error) {
	return s.review(ctx, selectReviewOf, propertyID, bookingID)
}

func (s *Store) review(ctx context.Context, query string, key ...any) (r review.Review, err error) {
	err = s.read(ctx, "review", func(ctx context.Context, c *conn) error {
		r, err = one(ctx, c, review.ErrNotFound, scanReview, query, key...)
		return err
	})
	return r, err
}

// Reviews lists a page, newest first.
func (s *Store) Reviews(ctx context.Context, page review.Page) (all []review.Review, err error) {
	err = s.read(ctx, "reviews", func(ctx context.Context, c *conn) error {
		all, err = list(ctx, c, scanReview, selectReviews, page.PropertyID, page.After, page.Limit, page.Hidden)
		return err
	})
	return all, err
}

// ReviewTally is the property's, zero when it has no review.
func (s *Store) ReviewTally(ctx context.Context, propertyID string) (tally review.Tally, err error) {
	err = s.read(ctx, "review tally", func(ctx context.Context, c *conn) error {
		tally, err = one(ctx, c, review.ErrNotFound, scanTally, selectTally, propertyID)
		if errors.Is(err, review.ErrNotFound) {
			tally, err = review.Tally{PropertyID: propertyID}, nil
		}
		return err
	})
	return tally, err
}

// ReviewTallies lists them by property.
func (s *Store) ReviewTallies(ctx context.Context, after string, limit int) (all []review.Tally, err error) {
	err = s.read(ctx, "review tallies", func(ctx context.Context, c *conn) error {
		all, err = list(ctx, c, scanTally, selectTallies, after, limit)
		return err
	})
	return all, err
}

// ForgetAuthor takes a guest's name from the review of a booking.
func (s *Store) ForgetAuthor(ctx context.Context, propertyID, bookingID string) error {
	return s.write(ctx, "forget author", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, forgetAuthor, propertyID, bookingID)
		return err
	})
}

func scanReview(row scanner) (r review.Review, err error) {
	version, err := scanDocument(row, &r)
	r.Version = version
	return r, err
}

func scanTally(row scanner) (t review.Tally, err error) {
	var id string
	version, err := scanDocument(keyed{row, &id}, &t)
	t.PropertyID, t.Version = id, version
	return t, err
}

// keyed is a row whose first column is a key that is no part of the document.
type keyed struct {
	scanner
	key *string
}

// Scan reads the key, then what is asked for.
func (k keyed) Scan(dest ...any) error { return k.scanner.Scan(append([]any{k.key}, dest...)...) }
