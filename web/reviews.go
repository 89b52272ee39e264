package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/stay"
)

// reviewsView is what guests said of a house.
type reviewsView struct {
	Rating  review.Summary
	Parts   []partView
	Reviews []reviewView
	Next    string
}

// partView is the mean score of a part, with the length of its bar.
type partView struct {
	Label  string
	Tenths int
}

type reviewView struct {
	review.Review
	Author, About string
	Tenths        int
	Made          bool // made up with the house
}

// reviewsShown is how many are shown on a page.
const reviewsShown = 6

// reviews fills in what guests said, where reviews are kept.
func (s *site) reviews(r *http.Request, propertyID string) (*reviewsView, error) {
	if s.Reviews == nil {
		return nil, nil
	}
	tally, err := s.Reviews.Tally(r.Context(), propertyID)
	if err != nil || tally.Count == 0 {
		return nil, err
	}
	after := clip(r.URL.Query().Get("reviews"), maxID)
	all, err := s.Reviews.Reviews(r.Context(), review.Page{PropertyID: propertyID, After: after, Limit: reviewsShown + 1})
	if err != nil {
		return nil, err
	}
	v := s.voice(r)
	view := &reviewsView{Rating: tally.Summary()}
	for i, tenths := range tally.PartTenths() {
		view.Parts = append(view.Parts, partView{v.Say("part." + string(review.Parts[i])), tenths})
	}
	if len(all) > reviewsShown {
		all = all[:reviewsShown]
		q := r.URL.Query()
		q.Set("reviews", all[reviewsShown-1].ID)
		view.Next = "?" + q.Encode() + "#reviews"
	}
	for _, said := range all {
		view.Reviews = append(view.Reviews, v.review(said))
	}
	return view, nil
}

func (v voice) review(said review.Review) reviewView {
	view := reviewView{Review: said, Author: said.Author, Tenths: said.Scores.Tenths(), Made: said.Generated}
	if view.Author == "" {
		view.Author = v.Say("review.nameless")
	}
	about := []string{}
	if said.Country != "" {
		about = append(about, v.Country(said.Country))
	}
	if said.Company != "" {
		about = append(about, v.Say("company."+string(said.Company)))
	}
	if month, err := time.Parse("2006-01", said.Month); err == nil {
		about = append(about, v.Month(stay.On(month, time.UTC)))
	}
	view.About = strings.Join(about, " · ")
	return view
}

type reviewForm struct {
	bookingView
	Parts   []partField
	Draft   review.Draft
	Trouble []string
	Written *reviewView // it was written before
}

type partField struct {
	Name, Label string
	Scores      []choice
}

// reviewPage is where a guest says how the stay was.
func (s *site) reviewPage(w http.ResponseWriter, r *http.Request) error {
	return s.showReview(w, r, review.Draft{}, nil, http.StatusOK)
}

func (s *site) showReview(w http.ResponseWriter, r *http.Request, draft review.Draft, trouble []string, status int) error {
	view, err := s.managed(w, r)
	if err != nil {
		return err
	}
	if s.Reviews == nil {
		return errNoPage
	}
	v := s.voice(r)
	form := reviewForm{bookingView: view, Draft: draft, Trouble: trouble}
	said, err := s.Reviews.ReviewOf(r.Context(), view.Booking.PropertyID, view.Booking.ID)
	switch {
	case err == nil:
		written := v.review(said)
		form.Written = &written
	case !errors.Is(err, review.ErrNotFound):
		return err
	}
	if form.Written == nil {
		of, err := s.Bookings.Stayed(r.Context(), view.Booking)
		if err != nil {
			return err
		}
		if err := s.Reviews.Reviewable(r.Context(), of); err != nil {
			return err // the table of troubles says why
		}
	}
	for i, part := range review.Parts {
		field := partField{Name: "score_" + string(part), Label: v.Say("part." + string(part))}
		for n := review.MaxScore; n > 0; n-- {
			field.Scores = append(field.Scores, choice{Value: strconv.Itoa(n), Label: v.Number(n), Chosen: draft.Scores[i] == n})
		}
		form.Parts = append(form.Parts, field)
	}
	return s.render(w, r, status, "review", v.Say("review.title"), form)
}

// review publishes what the guest of a stay wrote.
func (s *site) review(w http.ResponseWriter, r *http.Request) error {
	if err := posted(r); err != nil {
		return err
	}
	view, err := s.managed(w, r)
	if err != nil {
		return err
	}
	if s.Reviews == nil {
		return errNoPage
	}
	draft := reviewOf(r)
	draft.Language = s.voice(r).Code
	of, err := s.Bookings.Stayed(r.Context(), view.Booking)
	if err != nil {
		return err
	}
	cmd := review.Command{
		Caller: manager(view.Booking), Key: "review:" + r.PostForm.Get("key"), Fingerprint: command(r, "", "review", r.PostForm.Encode()).Fingerprint,
		Render: func(review.Review) (int, []byte) { return http.StatusSeeOther, nil },
	}
	_, err = s.Reviews.Post(r.Context(), cmd, of, draft)
	if errors.Is(err, review.ErrInvalid) {
		return s.showReview(w, r, draft, []string{s.voice(r).Say("review.invalid")}, http.StatusUnprocessableEntity)
	}
	if err != nil && !errors.Is(err, review.ErrExists) {
		return err
	}
	return seeOther(w, r, view.Self+"/review")
}

func reviewOf(r *http.Request) review.Draft {
	text := func(name string) string {
		return strings.TrimSpace(strings.ReplaceAll(r.PostForm.Get(name), "\r\n", "\n"))
	}
	draft := review.Draft{Title: text("title"), Good: text("good"), Bad: text("bad"), Anonymous: r.PostForm.Get("anonymous") == "yes"}
	for i, part := range review.Parts {
		if n, err := strconv.Atoi(r.PostForm.Get("score_" + string(part))); err == nil {
			draft.Scores[i] = n
		}
	}
	return draft
}
