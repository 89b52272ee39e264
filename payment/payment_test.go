package payment_test

import (
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/payment"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
)

var noon = time.Date(2027, 5, 1, 12, 0, 0, 0, time.UTC)

// Property 31: whether a kept card is asked again, and when.
func TestDeclinesOfAKeptCard(t *testing.T) {
	for _, c := range []struct {
		reason payment.Reason
		before int
		state  payment.State
		due    time.Time
	}{
		{payment.TryLater, 0, payment.Open, noon.Add(payment.RetryAfter)},
		{payment.TryLater, payment.MaxTries - 2, payment.Open, noon.Add(payment.RetryAfter)},
		{payment.TryLater, payment.MaxTries - 1, payment.Failed, noon},
		{payment.Missing, 0, payment.Open, noon.Add(payment.RetryAfter)},
		{payment.Stop, 0, payment.Failed, noon},
		{payment.Invalid, 0, payment.Failed, noon},
	} {
		o := payment.Obligation{State: payment.Trying, Tries: c.before, DueAt: noon}.Declined(c.reason, noon)
		if o.State != c.state || !o.DueAt.Equal(c.due) || o.Tries != c.before+1 {
			t.Errorf("%s after %d: %+v", c.reason, c.before, o)
		}
	}
}

// Property 26: what is done about an attempt, by what is known of it and its age.
func TestWhatMayBeSentAgain(t *testing.T) {
	for name, c := range map[string]struct {
		tries  int
		reason payment.Reason
		state  payment.Outcome
		kind   payment.Kind
		age    time.Duration
		sends  int // orders that reach the provider, which knows of nothing
		want   payment.Outcome
	}{
		"first":                        {1, "", payment.Unknown, payment.Authorise, 0, 1, payment.Yes},
		"first, late":                  {1, "", payment.Unknown, payment.Authorise, 48 * time.Hour, 1, payment.Yes},
		"again":                        {2, payment.Lost, payment.Unknown, payment.Authorise, 0, 1, payment.Yes},
		"often, looked up first":       {9, payment.Lost, payment.Unknown, payment.Authorise, 0, 1, payment.Yes},
		"stored error":                 {2, payment.Sticky, payment.Unknown, payment.Authorise, 0, 0, payment.Unknown},
		"stored error, a day later":    {9, payment.Sticky, payment.Unknown, payment.Authorise, payment.KeyLife, 0, payment.No},
		"old key":                      {2, payment.Lost, payment.Unknown, payment.Authorise, payment.KeyLife, 0, payment.No},
		"refund with a stored error":   {9, payment.Sticky, payment.Unknown, payment.Refund, payment.KeyLife, 0, payment.Unknown},
		"page that nobody knows of":    {2, "", payment.Waiting, payment.Session, payment.KeyLife, 0, payment.No},
		"page of which the bank knows": {1, "", payment.Unknown, payment.Session, 0, 1, payment.Waiting},
	} {
		t.Run(name, func(t *testing.T) {
			bank := sandboxpay.New(nil)
			body, err := bank.Compose(payment.Order{
				Kind: c.kind, Attempt: "pay_1", Amount: money.Of(100, "EUR"), Token: sandboxpay.TokenOK,
			})
			if err != nil {
				t.Fatal(err)
			}
			a := payment.Attempt{
				ID: "pay_1", Kind: c.kind, Key: "pay_1", Body: body, CreatedAt: noon.Add(-c.age),
				Outcome: c.state, Reason: c.reason, Tries: c.tries,
			}
			r := a.Resolve(t.Context(), bank, noon)
			if r.Outcome != c.want || bank.Calls() != c.sends {
				t.Errorf("%+v after %d orders; want %s after %d", r, bank.Calls(), c.want, c.sends)
			}
			if after := a.After(r, noon); c.reason == payment.Sticky && r.Outcome == payment.Unknown && after.Reason != payment.Sticky {
				t.Errorf("a stored error became %s", after.Reason)
			}
		})
	}
}

// That an order cannot be sent now says nothing about the time before.
func TestNotSentIsNoNoTheSecondTime(t *testing.T) {
	bank := sandboxpay.New(nil)
	bank.Script(sandboxpay.Refuse, sandboxpay.Refuse)
	a := payment.Attempt{ID: "pay_1", Kind: payment.Authorise, Key: "k", CreatedAt: noon, Outcome: payment.Unknown, Tries: 1}
	if r := a.Resolve(t.Context(), bank, noon); r.Outcome != payment.No {
		t.Errorf("the first time: %+v", r)
	}
	a.Tries = 2
	if r := a.Resolve(t.Context(), bank, noon); r.Outcome != payment.Unknown {
		t.Errorf("the second time: %+v", r)
	}
}
