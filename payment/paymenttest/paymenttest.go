// Package paymenttest is the contract of a payment.Gateway as a suite: every
// provider passes all of it. The truth is asked of the provider's other side,
// never of the gateway that is tested.
package paymenttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/payment"
)

// Opened is a provider without payments, with what the suite needs beside it.
type Opened struct {
	Gateway payment.Gateway
	// Pays, Declined and Stolen are one-time tokens of cards.
	Pays, Declined, Stolen string
	// Lose lets the next order be carried out and its reply be lost.
	Lose func()
	// Refuse lets the next order not leave the house.
	Refuse func()
	// Guest pays on the page, or leaves it.
	Guest func(page string, pays bool)
	// Truth is what the provider has by our reference of the authorisation: how
	// often it exists, and what was captured and paid back, in minor units.
	Truth func(attemptID string) (payments int, captured, refunded int64)
}

type suite struct {
	Opened
	t      *testing.T
	ctx    context.Context
	serial int
}

// Run passes a fresh provider through every test of the suite.
func Run(t *testing.T, open func(t *testing.T) Opened) {
	t.Helper()
	for name, test := range map[string]func(s *suite){
		"Compose": testCompose, "Authorise": testAuthorise, "SameKey": testSameKey, "InParallel": testInParallel,
		"LostReply": testLostReply, "Refused": testRefused, "Unknown": testMissing, "Declines": testDeclines,
		"Capture": testCapture, "Void": testVoid, "Refund": testRefund, "Page": testPage, "KeptCard": testKeptCard,
		"Decimals": testDecimals,
	} {
		t.Run(name, func(t *testing.T) { test(&suite{Opened: open(t), t: t, ctx: context.Background()}) })
	}
}

func (s *suite) attempt(o payment.Order) payment.Attempt {
	s.t.Helper()
	s.serial++
	id := fmt.Sprintf("pay_%03d", s.serial)
	o.Attempt = id
	if o.Amount == (money.Amount{}) {
		o.Amount = money.Of(12_345, "EUR")
	}
	body, err := s.Gateway.Compose(o)
	if err != nil {
		s.t.Fatal(err)
	}
	return payment.Attempt{ID: id, Kind: o.Kind, Provider: s.Gateway.Name(), Key: id, Body: body, Amount: o.Amount}
}

// sent sends an order that has to end so.
func (s *suite) sent(a payment.Attempt, outcome payment.Outcome, reason payment.Reason) payment.Result {
	s.t.Helper()
	r := s.Gateway.Send(s.ctx, a)
	if r.Outcome != outcome || r.Reason != reason {
		s.t.Fatalf("%s: %s %q, want %s %q", a.Kind, r.Outcome, r.Reason, outcome, reason)
	}
	return r
}

func (s *suite) found(a payment.Attempt, outcome payment.Outcome, reason payment.Reason) payment.Result {
	s.t.Helper()
	r := s.Gateway.LookUp(s.ctx, a)
	if r.Outcome != outcome || r.Reason != reason {
		s.t.Fatalf("look-up of %s: %s %q, want %s %q", a.Kind, r.Outcome, r.Reason, outcome, reason)
	}
	return r
}

func (s *suite) truth(a payment.Attempt, payments int, captured, refunded int64) {
	s.t.Helper()
	n, c, r := s.Truth(a.ID)
	if n != payments || c != captured || r != refunded {
		s.t.Errorf("the provider has it %d times, captured %d, refunded %d; want %d, %d, %d", n, c, r, payments, captured, refunded)
	}
}

// authorised is money that is held.
func (s *suite) authorised() (payment.Attempt, payment.Result) {
	s.t.Helper()
	a := s.attempt(payment.Order{Kind: payment.Authorise, Token: s.Pays})
	return a, s.sent(a, payment.Yes, "")
}

func testCompose(s *suite) {
	o := payment.Order{Kind: payment.Authorise, Attempt: "pay_1", Amount: money.Of(1, "EUR"), Token: s.Pays}
	one, err1 := s.Gateway.Compose(o)
	two, err2 := s.Gateway.Compose(o)
	if err := errors.Join(err1, err2); err != nil || !bytes.Equal(one, two) {
		s.t.Errorf("one order gives %s and %s, %v", one, two, err)
	}
	s.truth(payment.Attempt{ID: "pay_1"}, 0, 0, 0)
}

func testAuthorise(s *suite) {
	a, r := s.authorised()
	if r.Reference == "" || r.Card != "" {
		s.t.Errorf("reference %q, card %q: none was to be kept", r.Reference, r.Card)
	}
	s.truth(a, 1, 0, 0)
	if again := s.found(a, payment.Yes, ""); again.Reference != r.Reference {
		s.t.Errorf("found as %q, was %q", again.Reference, r.Reference)
	}
}

func testSameKey(s *suite) {
	a, r := s.authorised()
	if again := s.sent(a, payment.Yes, ""); again.Reference != r.Reference {
		s.t.Errorf("the same key gave %q and %q", r.Reference, again.Reference)
	}
	s.truth(a, 1, 0, 0)
	other := s.attempt(payment.Order{Kind: payment.Authorise, Token: s.Pays})
	other.Key = a.Key
	s.sent(other, payment.No, payment.Invalid)
	s.truth(other, 0, 0, 0)
}

// Property 22, in a crowd.
func testInParallel(s *suite) {
	a := s.attempt(payment.Order{Kind: payment.Authorise, Token: s.Pays})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if r := s.Gateway.Send(s.ctx, a); r.Outcome == payment.No {
				s.t.Errorf("no: %s", r.Reason)
			}
		})
	}
	all.Wait()
	s.truth(a, 1, 0, 0)
}

// Property 22.
func testLostReply(s *suite) {
	s.Lose()
	a := s.attempt(payment.Order{Kind: payment.Authorise, Token: s.Pays})
	s.sent(a, payment.Unknown, payment.Lost)
	s.truth(a, 1, 0, 0)
	found := s.found(a, payment.Yes, "")
	if again := s.sent(a, payment.Yes, ""); again.Reference != found.Reference {
		s.t.Errorf("found %q, sent again %q", found.Reference, again.Reference)
	}
	s.truth(a, 1, 0, 0)
}

// Property 23.
func testRefused(s *suite) {
	s.Refuse()
	a := s.attempt(payment.Order{Kind: payment.Authorise, Token: s.Pays})
	s.sent(a, payment.No, payment.NotSent)
	s.truth(a, 0, 0, 0)
	s.found(a, payment.Unknown, payment.Missing)
}

func testMissing(s *suite) {
	for _, kind := range []payment.Kind{payment.Session, payment.Authorise, payment.Capture, payment.Void, payment.Refund} {
		s.found(payment.Attempt{ID: "pay_none", Kind: kind}, payment.Unknown, payment.Missing)
	}
}

func testDeclines(s *suite) {
	for token, reason := range map[string]payment.Reason{
		s.Declined: payment.TryLater, s.Stolen: payment.Stop, "no token of ours": payment.Invalid,
	} {
		s.sent(s.attempt(payment.Order{Kind: payment.Authorise, Token: token}), payment.No, reason)
	}
}

// Property 28.
func testCapture(s *suite) {
	a, held := s.authorised()
	capture := func(minor int64) payment.Attempt {
		return s.attempt(payment.Order{Kind: payment.Capture, Amount: money.Of(minor, "EUR"), Reference: held.Reference})
	}
	s.sent(capture(12_346), payment.No, payment.Invalid)
	s.sent(capture(0), payment.No, payment.Invalid)
	s.truth(a, 1, 0, 0)
	s.Lose()
	first := capture(12_345)
	s.sent(first, payment.Unknown, payment.Lost)
	s.found(first, payment.Yes, "")
	s.sent(first, payment.Yes, "")
	s.sent(capture(1), payment.No, payment.Invalid) // another key is another capture
	s.truth(a, 1, 12_345, 0)
}

func testVoid(s *suite) {
	a, held := s.authorised()
	void := s.attempt(payment.Order{Kind: payment.Void, Reference: held.Reference})
	s.sent(void, payment.Yes, "")
	s.sent(void, payment.Yes, "")
	s.found(void, payment.Yes, "")
	s.sent(s.attempt(payment.Order{Kind: payment.Capture, Reference: held.Reference}), payment.No, payment.Invalid)
	s.truth(a, 1, 0, 0)

	_, taken := s.authorised()
	s.sent(s.attempt(payment.Order{Kind: payment.Capture, Reference: taken.Reference}), payment.Yes, "")
	s.sent(s.attempt(payment.Order{Kind: payment.Void, Reference: taken.Reference}), payment.No, payment.Invalid)
}

// Property 34.
func testRefund(s *suite) {
	a, held := s.authorised()
	refund := func(minor int64) payment.Attempt {
		return s.attempt(payment.Order{Kind: payment.Refund, Amount: money.Of(minor, "EUR"), Reference: held.Reference})
	}
	s.sent(refund(1), payment.No, payment.Invalid) // nothing was captured
	s.sent(s.attempt(payment.Order{Kind: payment.Capture, Reference: held.Reference}), payment.Yes, "")
	first := refund(10_000)
	s.sent(first, payment.Yes, "")
	s.sent(first, payment.Yes, "")
	s.sent(refund(2_346), payment.No, payment.Invalid)
	s.sent(refund(2_345), payment.Yes, "")
	s.truth(a, 1, 12_345, 12_345)
}

func testPage(s *suite) {
	open := func() (payment.Attempt, payment.Result) {
		a := s.attempt(payment.Order{Kind: payment.Session, About: "A stay", ReturnURL: "https://example.com/back", Keep: true})
		r := s.sent(a, payment.Waiting, "")
		if r.Page == "" || r.Reference == "" {
			s.t.Fatalf("no page: %+v", r)
		}
		return a, r
	}
	paid, page := open()
	s.found(paid, payment.Waiting, "")
	s.Guest(page.Page, true)
	if r := s.found(paid, payment.Yes, ""); r.Card == "" || r.Reference != page.Reference {
		s.t.Errorf("paid: %+v", r)
	}
	s.sent(paid, payment.Yes, "") // the page that it named is used

	left, page := open()
	s.Guest(page.Page, false)
	s.found(left, payment.No, payment.Abandoned)

	closed, page := open()
	s.sent(s.attempt(payment.Order{Kind: payment.Void, Reference: page.Reference}), payment.Yes, "")
	s.Guest(page.Page, true)
	s.found(closed, payment.No, payment.Abandoned)
}

func testKeptCard(s *suite) {
	one, err := s.Gateway.KeepCard(s.ctx, "booking_1", s.Pays)
	again, err2 := s.Gateway.KeepCard(s.ctx, "booking_1", s.Pays)
	if err := errors.Join(err, err2); err != nil || one == "" || one != again {
		s.t.Fatalf("kept as %q and %q, %v", one, again, err)
	}
	a := s.attempt(payment.Order{Kind: payment.Authorise, Card: one})
	s.sent(a, payment.Yes, "")
	s.truth(a, 1, 0, 0)
	for token, want := range map[string]error{s.Declined: payment.ErrDeclined, s.Stolen: payment.ErrDeclined, "no token": payment.ErrToken} {
		if _, err := s.Gateway.KeepCard(s.ctx, "booking_2", token); !errors.Is(err, want) {
			s.t.Errorf("a card that cannot be kept: %v, want %v", err, want)
		}
	}
}

// Property 37: a minor unit is one, whatever the decimals.
func testDecimals(s *suite) {
	for _, amount := range []money.Amount{money.Of(1, "JPY"), money.Of(1, "KWD"), money.Of(1<<40, "KWD")} {
		a := s.attempt(payment.Order{Kind: payment.Authorise, Amount: amount, Token: s.Pays})
		held := s.sent(a, payment.Yes, "")
		s.sent(s.attempt(payment.Order{Kind: payment.Capture, Amount: amount, Reference: held.Reference}), payment.Yes, "")
		s.truth(a, 1, amount.Minor, 0)
	}
}
