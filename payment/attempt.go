package payment

import (
	"context"
	"time"

	"github.com/vacancyhq/vacancy/money"
)

// Kind is what an attempt asks of the provider.
type Kind string

// Kinds of attempts.
const (
	Session   Kind = "session"   // authorise on the provider's own page, where the guest pays
	Authorise Kind = "authorise" // hold the money of a card that was given to the provider before
	Capture   Kind = "capture"   // take what is held
	Void      Kind = "void"      // let go what is held, or close the page
	Refund    Kind = "refund"    // give back what was taken
)

// Asks tells whether the kind leads to an authorisation.
func (k Kind) Asks() bool { return k == Session || k == Authorise }

// Outcome is what became of an attempt.
type Outcome string

// Outcomes. Unknown is where every attempt begins.
const (
	Unknown Outcome = "unknown" // not sent, under way, or its answer was lost
	Waiting Outcome = "waiting" // it is the guest's turn, on the provider's page
	Yes     Outcome = "yes"
	No      Outcome = "no"
)

// Reason is why an attempt is not YES.
type Reason string

// Reasons. Those of an UNKNOWN say how it may be resolved.
const (
	NotSent   Reason = "not_sent"  // no byte left the house
	Lost      Reason = "lost"      // sent, and no answer that can be read
	Busy      Reason = "busy"      // the key is in use just now
	Limited   Reason = "limited"   // asked too often
	Sticky    Reason = "sticky"    // an error that is stored under the key: sending again repeats it
	Missing   Reason = "missing"   // the provider does not know of it; as a NO: it never will
	Invalid   Reason = "invalid"   // not understood, or not allowed
	TryLater  Reason = "try_later" // declined softly: the same card may work another day
	Stop      Reason = "stop"      // declined for good: never ask this card again
	Abandoned Reason = "abandoned" // the guest left the page
	Lapsed    Reason = "lapsed"    // not paid in time
)

// Soft tells whether the same card may be asked again.
func (r Reason) Soft() bool { return r == TryLater || r == NotSent || r == Missing }

// Err is the reason as an error of the noun.
func (r Reason) Err() error {
	switch r {
	case TryLater, Stop:
		return ErrDeclined
	case Abandoned, Lapsed:
		return ErrAbandoned
	case Invalid:
		return ErrToken
	}
	return ErrUnavailable
}

// Attempt is one try at a provider. All of it but what became of it is fixed
// before anything is sent.
type Attempt struct {
	ID           string // pay_...; the provider keeps it as our reference
	BookingID    string
	ObligationID string
	Kind         Kind
	Provider     string // it stays with this one, whatever happens
	Key          string // idempotency key at the provider
	Body         []byte // the exact bytes
	Amount       money.Amount
	CreatedAt    time.Time

	Outcome   Outcome
	Reason    Reason
	Reference string    // the provider's, of the payment
	Page      string    // the provider's page for the guest, while Waiting
	Tries     int       // calls about it, begun
	NextAt    time.Time // when somebody should see to it; a call under way keeps it in the future
}

// Final tells whether the outcome stands.
func (a Attempt) Final() bool { return a.Outcome == Yes || a.Outcome == No }

// Bounds on resolving.
const (
	// KeyLife is how long a key may be sent again. Providers remember them for at
	// least a day; an older one would be a new payment.
	KeyLife = 20 * time.Hour
	// CallTime bounds one call to a provider.
	CallTime = 5 * time.Second
	// resends is how often an attempt is sent before it is looked up first.
	resends = 3
	// poll is how often a page that waits for its guest is asked about.
	poll = 3 * time.Second
)

// backoff is how long after a call that told nothing the next one comes.
var backoff = []time.Duration{
	time.Second, 3 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute,
	5 * time.Minute, 15 * time.Minute, time.Hour,
}

// Claimed is the attempt with a call begun: nobody else should see to it before
// that call has ended for sure.
func (a Attempt) Claimed(now time.Time) Attempt {
	a.Tries++
	a.NextAt = now.Add(2 * CallTime)
	return a
}

// After is the attempt as a call left it.
func (a Attempt) After(r Result, now time.Time) Attempt {
	if r.Outcome != Unknown || a.Reason != Sticky { // a stored error stays one until the outcome is known
		a.Reason = r.Reason
	}
	a.Outcome = r.Outcome
	if r.Reference != "" {
		a.Reference = r.Reference
	}
	a.Page = r.Page
	pause := poll
	if r.Outcome == Unknown {
		pause = backoff[min(max(a.Tries-1, 0), len(backoff)-1)]
	}
	a.NextAt = now.Add(max(pause, r.After))
	return a
}

// Resolve makes the call that may tell the outcome of a claimed attempt. It
// sends nothing but the bytes that were written down, under their own key.
func (a Attempt) Resolve(ctx context.Context, g Gateway, now time.Time) Result {
	ctx, cancel := context.WithTimeout(ctx, CallTime)
	defer cancel()
	if a.Tries <= 1 {
		return g.Send(ctx, a)
	}
	old := now.Sub(a.CreatedAt) >= KeyLife
	mayResend := a.Reason != Sticky && !old
	if a.Outcome != Waiting && mayResend && a.Tries <= resends {
		return resend(ctx, g, a)
	}
	r := g.LookUp(ctx, a)
	switch {
	case r.Reason == Missing && mayResend:
		return resend(ctx, g, a)
	case r.Reason == Missing && old && (a.Reason != Sticky || a.Kind != Refund):
		r.Outcome = No // a day later it will not arrive any more; a refund that may is left to a person
	}
	return r
}

// resend sends what may have arrived before: that it could not be sent now says
// nothing about then.
func resend(ctx context.Context, g Gateway, a Attempt) Result {
	r := g.Send(ctx, a)
	if r.Reason == NotSent {
		r.Outcome = Unknown
	}
	return r
}
