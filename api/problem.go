package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
)

// problemPrefix begins the stable name of every problem; /problems documents them.
const problemPrefix = "urn:vacancy:problem:"

// Problem is what every refusal looks like (RFC 9457). It never quotes input.
type Problem struct {
	Type      string  `json:"type" doc:"The stable name of the problem; /problems lists them all" example:"urn:vacancy:problem:sold-out"`
	Title     string  `json:"title" doc:"What it is, the same each time"`
	Status    int     `json:"status" doc:"The HTTP status"`
	Detail    string  `json:"detail,omitempty" doc:"What happened here and what to do about it"`
	RequestID string  `json:"request_id,omitempty" doc:"Quote it when asking for help"`
	Errors    []Fault `json:"errors,omitempty" doc:"Each place of the request that is wrong"`
	Night     string  `json:"night,omitempty" doc:"The night that it was met on"`
	Offers    []Offer `json:"offers,omitempty" doc:"What can be had instead, at the price of now"`

	retry time.Duration
	cause error
}

// Fault is one thing wrong with a request.
type Fault struct {
	Location string `json:"location" doc:"Where: body.guest.email, query.arrival"`
	Rule     string `json:"rule" doc:"What must hold there"`
}

// Error is the title: a problem may be logged.
func (p *Problem) Error() string { return p.Title }

// GetStatus and ContentType make huma write it as a problem.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of problems.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders says when to come back.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.retry+time.Second-1)/time.Second)))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="vacancy"`)
	}
	return h
}

// problemOf finds the kind of an error. What is in no kind is ours, not the
// client's: 500, with the text in the log only.
func problemOf(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	for _, k := range kinds {
		if k.matches(err) {
			p := k.problem()
			p.add(k, err)
			return p
		}
	}
	p = kindOf("internal").problem()
	p.cause = err
	return p
}

// add takes over from the error what is safe to show and useful to know.
func (p *Problem) add(k kind, err error) {
	p.cause = err
	if text, found := strings.CutPrefix(err.Error(), prefixOf(err)); k.open && found {
		p.Detail = sentence(text) + " " + p.Detail
	}
	var (
		night     *inventory.NightError
		ofHouse   *property.FieldError
		ofRate    *rate.FieldError
		ofQuery   *search.Problem
		otherwise *booking.Unavailable
		refused   *booking.Refused
	)
	if errors.As(err, &night) {
		p.Night = night.Key.Night.String()
	}
	switch {
	case errors.As(err, &ofHouse):
		p.Errors = []Fault{{"body." + ofHouse.Field, "must be " + ofHouse.Want}}
	case errors.As(err, &ofRate):
		p.Errors = []Fault{{"body." + ofRate.Field, "must be " + ofRate.Want}}
	case errors.As(err, &ofQuery):
		p.Errors = []Fault{{"query." + parameterOf(ofQuery.Field), ofQuery.Say}}
	}
	if errors.As(err, &refused) {
		for _, r := range refused.Refusals {
			p.Errors = append(p.Errors, Fault{"rule." + r.Code, r.Text})
		}
	}
	if errors.As(err, &otherwise) {
		p.Offers = offersOf(otherwise.Offers)
	}
}

// prefixOf is the noun that an error's text begins with: "booking: ".
func prefixOf(err error) string {
	noun, _, _ := strings.Cut(err.Error(), ": ")
	return noun + ": "
}

func sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// invalid is a problem with the places that are wrong.
func invalid(faults ...Fault) *Problem {
	p := kindOf("invalid").problem()
	p.Errors = faults
	return p
}

// fault is a problem with one place.
func fault(location, rule string) *Problem { return invalid(Fault{location, rule}) }

// fail makes the problem of an error and logs what the client is not told.
func (d *door) fail(ctx context.Context, err error) error {
	p := *problemOf(err)
	p.RequestID = requestID(ctx)
	if p.Status >= http.StatusInternalServerError && !errors.Is(err, context.Canceled) {
		d.logger.LogAttrs(ctx, slog.LevelError, "request failed",
			slog.String("request_id", p.RequestID), slog.String("problem", p.Type), slog.Any("error", p.cause))
	}
	d.Meters.refused(p.Type)
	return &p
}
