package sandboxpay

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/payment"
)

// Status is how far a payment has come at the bank.
type Status string

// Statuses of a payment.
const (
	StatusOpen       Status = "open" // its page waits for the guest
	StatusAuthorised Status = "authorised"
	StatusCaptured   Status = "captured"
	StatusVoided     Status = "voided"
	StatusDeclined   Status = "declined"
	StatusAbandoned  Status = "abandoned"
)

// Payment is what the bank knows, and what it would put on a statement.
type Payment struct {
	ID        string           `json:"id"`
	Attempt   string           `json:"our_reference"`
	Minor     int64            `json:"amount_minor"`
	Currency  string           `json:"currency"`
	About     string           `json:"about"`
	Status    Status           `json:"status"`
	Code      string           `json:"code,omitempty"` // of a decline
	Card      string           `json:"card,omitempty"` // kept
	Keep      bool             `json:"keep,omitempty"`
	ReturnURL string           `json:"return_url,omitempty"`
	Captured  int64            `json:"captured_minor,omitempty"`
	Refunded  int64            `json:"refunded_minor,omitempty"`
	Done      map[string]int64 `json:"done,omitempty"` // captures, voids and refunds by our reference
}

// bank is the other side of the wire. Its truth is its own: nothing of ours
// changes it but bytes and the guest's form.
type bank struct {
	options Options
	journal *journal

	mu       sync.Mutex
	payments map[string]*Payment
	keys     map[string]kept
	faults   []Fault
	tripped  map[string]bool // keys whose token's fault has been played
	later    []deferred
	calls    int
}

// kept is a reply under its key.
type kept struct {
	Sum   [32]byte `json:"sum"`
	Reply reply    `json:"reply"`
}

// deferred is an order that was answered with an error and is done later all the same.
type deferred struct {
	at   time.Time
	body order
}

// Errors of the wire.
var (
	errRefused = errors.New("sandboxpay: connection refused before a byte was sent")
	errCut     = errors.New("sandboxpay: connection reset while the reply was awaited")
)

func newBank(o Options) *bank {
	if o.Now == nil {
		o.Now = func() time.Time { return time.Time{} }
	}
	if o.Random == nil {
		o.Random = rand.Text
	}
	return &bank{
		options: o, journal: &journal{}, payments: map[string]*Payment{}, keys: map[string]kept{}, tripped: map[string]bool{},
	}
}

func openBank(o Options) (b *bank, err error) {
	b = newBank(o)
	b.journal, err = openJournal(o.File, b.recall)
	return b, err
}

// recall takes over a line of the journal.
func (b *bank) recall(e entry) {
	if e.Payment != nil {
		b.payments[e.Payment.ID] = e.Payment
	}
	if e.Key != "" {
		b.keys[e.Key] = e.Kept
	}
}

// wire carries an order to the bank and its reply back, as well as the next
// fault lets it.
func (b *bank) wire(ctx context.Context, key string, body []byte) (reply, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	fault := b.fault(key, body)
	if fault == Refuse {
		return reply{}, errRefused
	}
	b.calls++
	switch fault {
	case LoseRequest:
		return reply{}, errCut
	case Busy:
		return reply{Status: http.StatusConflict}, nil
	case Limit:
		return reply{Status: http.StatusTooManyRequests, After: limitAfter}, nil
	}
	r, err := b.serve(key, body, fault)
	switch {
	case err != nil:
		return reply{}, errCut // the bank's own disk: nobody knows
	case fault == LoseReply:
		return reply{}, errCut
	case fault == Slow:
		b.mu.Unlock()
		<-ctx.Done() // the caller's patience ends first
		b.mu.Lock()
		return reply{}, errCut
	case fault == Garbage:
		return reply{Status: http.StatusBadGateway}, nil
	}
	return r, nil
}

// serve answers an order once for each key.
func (b *bank) serve(key string, body []byte, fault Fault) (reply, error) {
	b.land()
	sum := sha256.Sum256(body)
	if known, ok := b.keys[key]; ok {
		if known.Sum != sum {
			return reply{Status: http.StatusUnprocessableEntity}, nil
		}
		return b.fresh(known.Reply), nil
	}
	var o order
	if json.Unmarshal(body, &o) != nil || key == "" {
		return reply{Status: http.StatusBadRequest}, nil
	}
	var r reply
	var changed *Payment
	switch fault {
	case StoreError:
		r = reply{Status: http.StatusInternalServerError}
		b.later = append(b.later, deferred{b.options.Now().Add(landsAfter), o})
	case StoreErrorOnly:
		r = reply{Status: http.StatusInternalServerError}
	case Reject:
		return reply{Status: http.StatusBadRequest}, nil // what was not understood is not stored
	default:
		r, changed = b.do(o)
	}
	if r.Status == http.StatusBadRequest {
		return r, nil
	}
	b.keys[key] = kept{sum, r}
	return r, b.journal.write(entry{Payment: changed, Key: key, Kept: b.keys[key]})
}

// fresh is a stored reply: the page that it named may have been used since.
func (b *bank) fresh(r reply) reply {
	if p := b.payments[r.Payment]; r.Code == codeOpen && p != nil {
		return b.told(p)
	}
	return r
}

// land does what was answered with an error and is due by now.
func (b *bank) land() {
	now := b.options.Now()
	b.later = slices.DeleteFunc(b.later, func(d deferred) bool {
		if now.Before(d.at) {
			return false
		}
		_, changed := b.do(d.body)
		_ = b.journal.write(entry{Payment: changed}) // a sandbox whose disk is full has told so already
		return true
	})
}

// ask is the look-up by our reference.
func (b *bank) ask(kind payment.Kind, attempt string) (reply, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.land()
	if fault := b.next(nil); fault == LoseRequest || fault == LoseReply || fault == Refuse {
		return reply{}, errCut
	}
	for _, p := range b.payments {
		if kind.Asks() && p.Attempt == attempt {
			return b.told(p), nil
		}
		if _, done := p.Done[attempt]; done {
			return reply{Status: http.StatusOK, Payment: p.ID}, nil
		}
	}
	return reply{Status: http.StatusNotFound}, nil
}

// told is a payment as the answer to whoever asked for it.
func (b *bank) told(p *Payment) reply {
	r := reply{Status: http.StatusOK, Payment: p.ID, Card: p.Card}
	switch p.Status {
	case StatusOpen:
		r.Code, r.Page = codeOpen, b.page(p.ID)
	case StatusDeclined:
		r.Status, r.Code = http.StatusPaymentRequired, p.Code
	case StatusAbandoned, StatusVoided:
		r.Status, r.Code = http.StatusPaymentRequired, codeAbandoned
	}
	return r
}

// Payments is the bank's truth, for whoever wants to compare: in the order of ids.
func (p *Provider) Payments() []Payment {
	p.bank.mu.Lock()
	defer p.bank.mu.Unlock()
	p.bank.land()
	var all []Payment
	for _, id := range slices.Sorted(maps.Keys(p.bank.payments)) {
		one := *p.bank.payments[id]
		one.Done = maps.Clone(one.Done)
		all = append(all, one)
	}
	return all
}

// Calls is how many orders reached the bank, replays included.
func (p *Provider) Calls() int {
	p.bank.mu.Lock()
	defer p.bank.mu.Unlock()
	return p.bank.calls
}

// newID is a payment's: it is in the address of the hosted page, so it is secret.
func (b *bank) newID() string {
	sum := sha256.Sum256([]byte(b.options.Random()))
	return "sbx_" + ident.Crockford.EncodeToString(sum[:20])
}
