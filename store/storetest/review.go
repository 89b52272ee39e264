package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/review"
)

var reviewTests = []test{
	{"Review/RoundTrip", testReviewRoundTrip},
	{"Review/Versions", testReviewVersions},
	{"Review/OncePerBooking", testReviewOncePerBooking},
	{"Review/Paging", testReviewPaging},
	{"Review/Import", testReviewImport},
	{"Review/ForgetAuthor", testForgetAuthor},
}

func (h *house) review(bookingID string) review.Review {
	return review.Review{
		ID: h.id("rev"), PropertyID: h.property.ID, Version: 1, BookingID: bookingID,
		Scores: review.Scores{10, 9, 8, 7, 6, 5}, Title: "Schön „hier“ 日本", Good: "The view.\nThe lake.", Bad: "'; --",
		Language: "de", Author: "Ada", Country: "AT", Company: review.Couple, Month: "2031-05", PostedAt: h.now().Truncate(time.Second),
	}
}

// post is the change that publishes a review over the tally as it is.
func (h *house) post(r review.Review) review.Change {
	h.t.Helper()
	tally, err := h.Store.ReviewTally(h.ctx, h.property.ID)
	h.must(err)
	tally.Version++
	tally.Count++
	for i := range tally.Sums {
		tally.Sums[i] += r.Scores[i]
	}
	return review.Change{
		Record: outbox.Record{Events: []outbox.Event{{
			PropertyID: h.property.ID, Type: review.EventPosted, Version: 1, Data: fmt.Appendf(nil, `{"review_id":%q}`, r.ID),
		}}},
		PropertyID: h.property.ID, Review: r, Tally: &tally,
	}
}

func testReviewRoundTrip(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	r := h.review("bkg_1")
	change := h.post(r)
	change.Request = h.request("guest", "k", "{}")
	h.must(o.Store.ApplyReview(h.ctx, change))
	got, err := o.Store.Review(h.ctx, h.property.ID, r.ID)
	h.must(err)
	if diff := cmp.Diff(r, got); diff != "" {
		t.Errorf("read back (-written +read):\n%s", diff)
	}
	of, err := o.Store.ReviewOf(h.ctx, h.property.ID, "bkg_1")
	h.must(err)
	tally, err := o.Store.ReviewTally(h.ctx, h.property.ID)
	h.must(err)
	if of.ID != r.ID || tally != *change.Tally {
		t.Errorf("review %s of the booking, tally %+v, want %+v", of.ID, tally, *change.Tally)
	}
	if events := h.events(); events[len(events)-1].Type != review.EventPosted {
		t.Errorf("the last event is %s", events[len(events)-1].Type)
	}
	duplicate := new(outbox.Duplicate)
	if err := o.Store.ApplyReview(h.ctx, change); !errors.As(err, &duplicate) {
		t.Errorf("the same request again: %v", err)
	}
	_, err = o.Store.Review(h.ctx, h.property.ID, "rev_none")
	wantErr(t, err, review.ErrNotFound)
	_, err = o.Store.ReviewOf(h.ctx, h.property.ID, "")
	wantErr(t, err, review.ErrNotFound)
	none, err := o.Store.ReviewTally(h.ctx, "prop_none")
	if err != nil || none != (review.Tally{PropertyID: "prop_none"}) {
		t.Errorf("tally of nothing: %+v, %v", none, err)
	}
}

// A write over another version of the review, or of the tally, leaves nothing.
func testReviewVersions(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	first := h.post(h.review("bkg_1"))
	h.must(o.Store.ApplyReview(h.ctx, first))
	before := h.count(`SELECT count(*) FROM event`)
	late := h.post(h.review("bkg_2"))
	late.Tally.Version--
	wantErr(t, o.Store.ApplyReview(h.ctx, late), review.ErrConflict)

	answered := first.Review
	answered.Answer = &review.Answer{Text: "Danke!", By: "stf_1", At: h.now().Truncate(time.Second)}
	answered.Version = 2
	edit := review.Change{PropertyID: h.property.ID, Review: answered, Expect: 1}
	h.must(o.Store.ApplyReview(h.ctx, edit))
	wantErr(t, o.Store.ApplyReview(h.ctx, edit), review.ErrConflict)
	got, err := o.Store.Review(h.ctx, h.property.ID, answered.ID)
	h.must(err)
	if diff := cmp.Diff(answered, got); diff != "" {
		t.Errorf("answered (-want +got):\n%s", diff)
	}
	edit.Review.ID = "rev_none"
	wantErr(t, o.Store.ApplyReview(h.ctx, edit), review.ErrNotFound)
	elsewhere := h.post(h.review("bkg_3"))
	elsewhere.PropertyID, elsewhere.Tally = "prop_none", nil
	wantErr(t, o.Store.ApplyReview(h.ctx, elsewhere), review.ErrNotFound)
	if n := h.count(`SELECT count(*) FROM event`); n != before {
		t.Errorf("%d events after refused writes, %d before", n, before)
	}
}

func testReviewOncePerBooking(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	h.must(o.Store.ApplyReview(h.ctx, h.post(h.review("bkg_1"))))
	wantErr(t, o.Store.ApplyReview(h.ctx, h.post(h.review("bkg_1"))), review.ErrConflict)
	if n := h.count(`SELECT count(*) FROM review`); n != 1 {
		t.Errorf("%d reviews of one booking", n)
	}
}

func testReviewPaging(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	at := h.now().Truncate(time.Second)
	want := ""
	for i := range 7 {
		r := h.review(fmt.Sprint("bkg_", i))
		r.PostedAt = at.Add(-time.Duration(i/2) * time.Hour) // two share a moment
		r.ID = fmt.Sprintf("rev_%d", 9-i)
		if i == 3 {
			r.Hiding = &review.Hiding{Reason: "names a neighbour", By: "stf_1", At: at}
		} else {
			want += r.ID + " "
		}
		h.must(o.Store.ApplyReview(h.ctx, h.post(r)))
	}
	got := ""
	for page := (review.Page{PropertyID: h.property.ID, Limit: 2}); ; {
		list, err := o.Store.Reviews(h.ctx, page)
		h.must(err)
		if len(list) == 0 || len(list) > 2 {
			break
		}
		for _, r := range list {
			got, page.After = got+r.ID+" ", r.ID
		}
	}
	if got != want {
		t.Errorf("pages give %q, want %q", got, want)
	}
	all, err := o.Store.Reviews(h.ctx, review.Page{PropertyID: h.property.ID, Limit: 100, Hidden: true})
	if err != nil || len(all) != 7 {
		t.Errorf("%d reviews with the hidden ones, %v", len(all), err)
	}
}

func testReviewImport(t *testing.T, o Opened) {
	h := sketch(t, o, "prop_new", 3)
	bundle := h.bundle(2)
	for range 3 {
		r := h.review("")
		r.Generated = true
		bundle.Reviews = append(bundle.Reviews, r)
	}
	h.must(o.Store.Import(h.ctx, bundle))
	tallies, err := o.Store.ReviewTallies(h.ctx, "", 10)
	h.must(err)
	want := review.Tally{PropertyID: "prop_new", Version: 1, Count: 3, Sums: review.Scores{30, 27, 24, 21, 18, 15}}
	if len(tallies) != 1 || tallies[0] != want {
		t.Errorf("tallies %+v, want %+v", tallies, want)
	}
	h.must(none(o.Store.ReviewTallies(h.ctx, "prop_new", 10)))
	h.must(o.Store.ApplyReview(h.ctx, h.post(h.review("bkg_1"))))
	if tally, err := o.Store.ReviewTally(h.ctx, "prop_new"); err != nil || tally.Count != 4 || tally.Version != 2 {
		t.Errorf("tally %+v after one more, %v", tally, err)
	}
}

// Property 69: the name under a review goes, and what was said stays.
func testForgetAuthor(t *testing.T, o Opened) {
	h := newHouse(t, o, 1)
	h.must(o.Store.ApplyReview(h.ctx, h.post(h.review("bkg_1"))))
	other := h.review("bkg_2")
	h.must(o.Store.ApplyReview(h.ctx, h.post(other)))
	h.must(o.Store.ForgetAuthor(h.ctx, h.property.ID, "bkg_1"))
	h.must(o.Store.ForgetAuthor(h.ctx, h.property.ID, "bkg_none"))
	got, err := o.Store.ReviewOf(h.ctx, h.property.ID, "bkg_1")
	h.must(err)
	if got.Author != "" || got.Country != "" || got.Good == "" || got.Version != 2 {
		t.Errorf("forgotten: %+v", got)
	}
	kept, err := o.Store.ReviewOf(h.ctx, h.property.ID, "bkg_2")
	h.must(err)
	if diff := cmp.Diff(other, kept); diff != "" {
		t.Errorf("another's review (-before +after):\n%s", diff)
	}
}
