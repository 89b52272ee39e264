package sandboxpay

import (
	"encoding/json"
	"time"
)

// Fault is what goes wrong with one call; docs/payments.md says what is made of it.
type Fault int

// Faults.
const (
	NoFault        Fault = iota
	Refuse               // no byte leaves the house
	LoseRequest          // cut after the request was sent; the bank never reads it
	LoseReply            // done, and cut before the reply
	Slow                 // done, and the reply comes after the caller's patience
	Garbage              // done, and a proxy answers 502
	Busy                 // 409: the key is in use; not stored
	Limit                // 429, with a time; not stored
	StoreError           // 500 is stored under the key, and landsAfter it is done all the same
	StoreErrorOnly       // 500 is stored under the key, and it was rolled back
	Reject               // 400: not understood
)

const (
	landsAfter = 30 * time.Second
	limitAfter = 2 * time.Second
)

// Script plays the faults with the calls that come next, in order; NoFault lets
// one through.
func (p *Provider) Script(faults ...Fault) {
	p.bank.mu.Lock()
	defer p.bank.mu.Unlock()
	p.bank.faults = append(p.bank.faults, faults...)
}

// EndScript drops the faults that were not played.
func (p *Provider) EndScript() {
	p.bank.mu.Lock()
	defer p.bank.mu.Unlock()
	p.bank.faults = nil
}

// fault is that of the script, or of the order's token at its first call.
func (b *bank) fault(key string, body []byte) Fault {
	var o order
	if json.Unmarshal(body, &o) != nil {
		return b.next(nil)
	}
	token := tokens[o.Token].fault
	if b.tripped[key] && token != Refuse {
		token = NoFault
	}
	b.tripped[key] = true
	return b.next(&token)
}

func (b *bank) next(otherwise *Fault) Fault {
	if len(b.faults) > 0 {
		fault := b.faults[0]
		b.faults = b.faults[1:]
		return fault
	}
	if otherwise == nil {
		return NoFault
	}
	return *otherwise
}
