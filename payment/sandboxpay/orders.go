package sandboxpay

import (
	"net/http"

	"github.com/vacancyhq/vacancy/payment"
)

var notAllowed = reply{Status: http.StatusBadRequest}

// do carries an order out. The second result is the payment that it changed.
func (b *bank) do(o order) (reply, *Payment) {
	switch o.Kind {
	case payment.Session:
		return b.open(o)
	case payment.Authorise:
		return b.authorise(o)
	}
	p := b.payments[o.Payment]
	if p == nil || p.Currency != o.Currency {
		return notAllowed, nil
	}
	switch {
	case o.Kind == payment.Capture && p.Status == StatusAuthorised && o.Minor > 0 && o.Minor <= p.Minor:
		p.Status, p.Captured = StatusCaptured, o.Minor
	case o.Kind == payment.Void && (p.Status == StatusOpen || p.Status == StatusAuthorised || p.Status == StatusVoided ||
		p.Status == StatusDeclined || p.Status == StatusAbandoned):
		if p.Status == StatusOpen || p.Status == StatusAuthorised {
			p.Status = StatusVoided
		}
	case o.Kind == payment.Refund && o.Minor > 0 && p.Refunded+o.Minor <= p.Captured:
		p.Refunded += o.Minor
	default:
		return notAllowed, nil
	}
	if p.Done == nil {
		p.Done = map[string]int64{}
	}
	p.Done[o.Attempt] = o.Minor
	return reply{Status: http.StatusOK, Payment: p.ID}, p
}

func (b *bank) begin(o order) *Payment {
	p := &Payment{
		ID: b.newID(), Attempt: o.Attempt, Minor: o.Minor, Currency: o.Currency, About: o.About, Keep: o.Keep, ReturnURL: o.ReturnURL,
		Status: StatusOpen,
	}
	b.payments[p.ID] = p
	return p
}

func (b *bank) open(o order) (reply, *Payment) {
	if o.Minor <= 0 || o.Currency == "" || o.Attempt == "" {
		return notAllowed, nil
	}
	p := b.begin(o)
	return b.told(p), p
}

func (b *bank) authorise(o order) (reply, *Payment) {
	card, kept, known := o.cardOf()
	if !known || o.Minor <= 0 || o.Currency == "" || o.Attempt == "" {
		return notAllowed, nil
	}
	p := b.begin(o)
	p.pay(card, kept)
	return b.told(p), p
}

// pay is the card's answer.
func (p *Payment) pay(card string, kept bool) {
	switch {
	case card == cardLost:
		p.Status, p.Code = StatusDeclined, codeStop
	case card == cardPoor, card == cardLater && kept:
		p.Status, p.Code = StatusDeclined, codeTryLater
	default:
		p.Status = StatusAuthorised
		if p.Keep {
			p.Card = keptCard(card, p.ID)
		}
	}
}
