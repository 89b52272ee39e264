package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/review"
)

// ReviewScores are points from 1 to 10 by part of the stay.
type ReviewScores struct {
	Cleanliness int `json:"cleanliness" minimum:"1" maximum:"10"`
	Comfort     int `json:"comfort" minimum:"1" maximum:"10"`
	Location    int `json:"location" minimum:"1" maximum:"10"`
	Facilities  int `json:"facilities" minimum:"1" maximum:"10"`
	Staff       int `json:"staff" minimum:"1" maximum:"10"`
	Value       int `json:"value" minimum:"1" maximum:"10"`
}

// ReviewDraft is what a guest writes.
type ReviewDraft struct {
	Scores    ReviewScores `json:"scores"`
	Title     string       `json:"title,omitempty" maxLength:"120"`
	Good      string       `json:"good,omitempty" maxLength:"2000" doc:"What was liked"`
	Bad       string       `json:"bad,omitempty" maxLength:"2000" doc:"What was not"`
	Language  string       `json:"language,omitempty" maxLength:"35" pattern:"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$" doc:"BCP 47, of the texts; absent: that of the booking"`
	Anonymous bool         `json:"anonymous,omitempty" doc:"Without the first name"`
}

// Review is what a guest said of a stay.
type Review struct {
	ID        string        `json:"id"`
	Version   int64         `json:"version" doc:"Its ETag"`
	Scores    ReviewScores  `json:"scores"`
	Score     float64       `json:"score" doc:"Of 10: the mean of the parts" example:"8.7"`
	Title     string        `json:"title,omitempty"`
	Good      string        `json:"good,omitempty"`
	Bad       string        `json:"bad,omitempty"`
	Language  string        `json:"language,omitempty"`
	Author    string        `json:"author,omitempty" doc:"First name; absent: a guest who is not named"`
	Country   string        `json:"country,omitempty"`
	Company   string        `json:"company,omitempty" enum:"solo,couple,family,group"`
	StayMonth string        `json:"stay_month,omitempty" example:"2027-05"`
	PostedAt  string        `json:"posted_at"`
	Answer    *ReviewAnswer `json:"answer,omitempty" doc:"Of the house"`
	Generated bool          `json:"generated,omitempty" doc:"Made up with a house of a demonstration"`
	Hidden    *ReviewHiding `json:"hidden,omitempty" doc:"Why guests do not see it; only the house does"`
	BookingID string        `json:"booking_id,omitempty" doc:"For its guest and the house only"`
}

// ReviewAnswer is what the house says to a review.
type ReviewAnswer struct {
	Text string `json:"text"`
	At   string `json:"at"`
}

// ReviewHiding is why a review is not shown.
type ReviewHiding struct {
	Reason string `json:"reason"`
	At     string `json:"at"`
}

// ReviewSummary is the scores over all reviews that are shown.
type ReviewSummary struct {
	Count int                `json:"count"`
	Score float64            `json:"score" doc:"Of 10; 0 without reviews" example:"8.7"`
	Parts map[string]float64 `json:"parts" doc:"The mean of each part; empty without reviews" nullable:"false"`
}

// Reviews is one page of a property's reviews, newest first.
type Reviews struct {
	Summary ReviewSummary `json:"summary"`
	Reviews []Review      `json:"reviews" nullable:"false"`
	Next    string        `json:"next,omitempty" doc:"cursor of the next page"`
}

// BookingReview is a booking's review, or whether it can be written.
type BookingReview struct {
	Possible bool    `json:"possible" doc:"Whether it can be written now"`
	Reason   string  `json:"reason,omitempty" enum:"not_stayed,too_late,written" doc:"Why not"`
	Review   *Review `json:"review,omitempty"`
}

// ReviewWords is one text about a review.
type ReviewWords struct {
	Text string `json:"text" minLength:"1" maxLength:"2000"`
}

// ReviewReason is why a review is hidden.
type ReviewReason struct {
	Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"Which rule of the platform it breaks. It stays in the record: name nobody"`
}

type reviewInput struct {
	BookingID string `path:"booking_id" maxLength:"64"`
	Body      ReviewDraft
}

// ReviewPath names a review of a property.
type ReviewPath struct {
	PropertyID string `path:"property_id" maxLength:"64"`
	ReviewID   string `path:"review_id" maxLength:"64"`
}

type reviewAnswerInput struct {
	ReviewPath
	Body ReviewWords
}

type reviewHidingInput struct {
	ReviewPath
	Body ReviewReason
}

func (d *door) reviewRoutes() {
	read(d, route{
		id: "list-reviews", method: http.MethodGet, path: "/v1/properties/{property_id}/reviews", tag: "Reviews",
		rule: public(), summary: "What guests say, newest first, with the means by part",
	}, func(ctx context.Context, _ *call, in *pageInput) (Reviews, error) {
		if _, err := d.Properties.Property(ctx, in.PropertyID); err != nil {
			return Reviews{}, err
		}
		return d.reviews(ctx, in, reviewOf, false)
	})
	read(d, route{
		id: "list-all-reviews", method: http.MethodGet, path: "/v1/properties/{property_id}/all-reviews", tag: "Reviews",
		rule: house(account.ReadBookings), summary: "Reviews as the house sees them: also the hidden ones, and of which booking",
	}, func(ctx context.Context, _ *call, in *pageInput) (Reviews, error) {
		return d.reviews(ctx, in, wholeReviewOf, true)
	})
	read(d, route{
		id: "get-booking-review", method: http.MethodGet, path: "/v1/bookings/{booking_id}/review", tag: "Reviews",
		rule: party(account.ReadBookings), summary: "The booking's review, or whether it can be written now",
	}, d.bookingReview)
	write[reviewInput, Review](d, route{
		id: "post-review", method: http.MethodPost, path: "/v1/bookings/{booking_id}/review", tag: "Reviews", status: http.StatusCreated,
		rule: author(), summary: "Say how the stay was, once, within 90 days of the check-out",
		doc: "It is published at once, with the guest's first name unless anonymous is true.",
	}, d.postReview)
	d.moderationRoutes()
}

func (d *door) reviews(ctx context.Context, in *pageInput, wire func(review.Review) Review, hidden bool) (Reviews, error) {
	// One more than asked tells whether there is a next page.
	page := review.Page{PropertyID: in.PropertyID, After: in.Cursor, Limit: in.Limit + 1, Hidden: hidden}
	list, err := d.Reviews.Reviews(ctx, page)
	if err != nil {
		return Reviews{}, err
	}
	tally, err := d.Reviews.Tally(ctx, in.PropertyID)
	if err != nil {
		return Reviews{}, err
	}
	out := Reviews{Summary: scoresOf(tally), Reviews: []Review{}}
	for i, r := range list {
		if i == in.Limit {
			out.Next = list[i-1].ID
			break
		}
		out.Reviews = append(out.Reviews, wire(r))
	}
	return out, nil
}

func (d *door) bookingReview(ctx context.Context, c *call, _ *bookingPath) (BookingReview, error) {
	r, err := d.Reviews.ReviewOf(ctx, c.booking.PropertyID, c.booking.ID)
	if err == nil {
		wire := wholeReviewOf(r)
		c.etag = etag(r.Version)
		return BookingReview{Reason: "written", Review: &wire}, nil
	}
	if !errors.Is(err, review.ErrNotFound) {
		return BookingReview{}, err
	}
	stayed, err := d.Bookings.Stayed(ctx, c.booking)
	if err != nil {
		return BookingReview{}, err
	}
	switch err := d.Reviews.Reviewable(ctx, stayed); {
	case err == nil:
		return BookingReview{Possible: true}, nil
	case errors.Is(err, review.ErrNotStayed):
		return BookingReview{Reason: "not_stayed"}, nil
	case errors.Is(err, review.ErrTooLate):
		return BookingReview{Reason: "too_late"}, nil
	default:
		return BookingReview{}, err
	}
}

func (d *door) postReview(ctx context.Context, c *call, in *reviewInput) (answer, error) {
	b := in.Body
	if hasCardNumber(b.Title) || hasCardNumber(b.Good) || hasCardNumber(b.Bad) {
		return answer{}, errCardNumber
	}
	stayed, err := d.Bookings.Stayed(ctx, c.booking)
	if err != nil {
		return answer{}, err
	}
	s := b.Scores
	draft := review.Draft{
		Scores: review.Scores{s.Cleanliness, s.Comfort, s.Location, s.Facilities, s.Staff, s.Value},
		Title:  b.Title, Good: b.Good, Bad: b.Bad, Language: b.Language, Anonymous: b.Anonymous,
	}
	cmd := command(c, func(r review.Review) (int, []byte) { return http.StatusCreated, encode(wholeReviewOf(r)) })
	return given(d.Reviews.Post(ctx, cmd, stayed, draft))
}

// moderationRoutes are what the house and the platform do with reviews.
func (d *door) moderationRoutes() {
	at := "/v1/properties/{property_id}/reviews/{review_id}/"
	write[reviewAnswerInput, Review](d, route{
		id: "answer-review", method: http.MethodPost, path: at + "answer", tag: "Reviews", expects: true,
		rule: house(account.WriteBookings), summary: "The house's answer, over what it said before",
	}, func(ctx context.Context, c *call, in *reviewAnswerInput) (answer, error) {
		return d.onReview(c, func(cmd review.Command, expect int64) (answer, error) {
			return given(d.Reviews.Answer(ctx, cmd, in.PropertyID, in.ReviewID, expect, in.Body.Text))
		})
	})
	write[reviewHidingInput, Review](d, route{
		id: "hide-review", method: http.MethodPost, path: at + "hide", tag: "Reviews", expects: true,
		rule: house(account.Admin), summary: "Take a review that breaks the rules from the page and out of the scores",
		doc: "The reason is kept and told in an event. A bad score is no reason.",
	}, func(ctx context.Context, c *call, in *reviewHidingInput) (answer, error) {
		return d.onReview(c, func(cmd review.Command, expect int64) (answer, error) {
			return given(d.Reviews.Hide(ctx, cmd, in.PropertyID, in.ReviewID, expect, in.Body.Reason))
		})
	})
	write[ReviewPath, Review](d, route{
		id: "show-review", method: http.MethodPost, path: at + "show", tag: "Reviews", expects: true,
		rule: house(account.Admin), summary: "Show a review that was hidden",
	}, func(ctx context.Context, c *call, in *ReviewPath) (answer, error) {
		return d.onReview(c, func(cmd review.Command, expect int64) (answer, error) {
			return given(d.Reviews.Show(ctx, cmd, in.PropertyID, in.ReviewID, expect))
		})
	})
}

func (d *door) onReview(c *call, verb func(cmd review.Command, expect int64) (answer, error)) (answer, error) {
	expect, err := c.expected()
	if err != nil {
		return answer{}, err
	}
	return verb(command(c, func(r review.Review) (int, []byte) { return http.StatusOK, encode(wholeReviewOf(r)) }), expect)
}

// reviewOf is a review as everybody sees it.
func reviewOf(r review.Review) Review {
	s := r.Scores
	wire := Review{
		ID: r.ID, Version: r.Version, Score: ofTen(s.Tenths()),
		Scores: ReviewScores{Cleanliness: s[0], Comfort: s[1], Location: s[2], Facilities: s[3], Staff: s[4], Value: s[5]},
		Title:  r.Title, Good: r.Good, Bad: r.Bad, Language: r.Language, Author: r.Author, Country: r.Country,
		Company: string(r.Company), StayMonth: r.Month, PostedAt: stamp(r.PostedAt), Generated: r.Generated,
	}
	if r.Answer != nil {
		wire.Answer = &ReviewAnswer{Text: r.Answer.Text, At: stamp(r.Answer.At)}
	}
	return wire
}

// wholeReviewOf is a review as its guest and the house see it.
func wholeReviewOf(r review.Review) Review {
	wire := reviewOf(r)
	wire.BookingID = r.BookingID
	if r.Hiding != nil {
		wire.Hidden = &ReviewHiding{Reason: r.Hiding.Reason, At: stamp(r.Hiding.At)}
	}
	return wire
}

func scoresOf(t review.Tally) ReviewSummary {
	all := t.Summary()
	out := ReviewSummary{Count: all.Count, Score: ofTen(all.Tenths), Parts: map[string]float64{}}
	if t.Count == 0 {
		return out
	}
	for i, mean := range t.PartTenths() {
		out.Parts[string(review.Parts[i])] = ofTen(mean)
	}
	return out
}

// ofTen writes tenths as a score of ten: 8.7.
func ofTen(tenths int) float64 { return float64(tenths) / 10 }
