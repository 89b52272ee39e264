package outbox

import (
	"context"
	"errors"
)

// Requests looks earlier requests up.
type Requests interface {
	// Request is the stored answer of an earlier request, or nil.
	Request(ctx context.Context, propertyID, caller, key string) (*Request, error)
}

// Command is who asks for a write, and how what it did (R, the noun's own) is
// written down, so that the same request again gets the same bytes. It is
// generic because the nouns' results differ and nothing else does.
type Command[R any] struct {
	Caller      string // scope of the key: account.Principal.Caller
	Key         string // Idempotency-Key
	Fingerprint [32]byte
	Render      func(R) (status int, body []byte)
}

// Asked is the request as it will be stored under scope: a property, or for
// what creates one the tenant.
func (c Command[R]) Asked(scope string) Request {
	return Request{PropertyID: scope, Caller: c.Caller, Key: c.Key, Fingerprint: c.Fingerprint}
}

// Answer is what the client gets: rendered now, or stored by the first request.
type Answer struct {
	Status   int
	Body     []byte
	Replayed bool
}

// Try is one attempt at a write: its answer, and what applies it together with
// the request in one transaction.
type Try struct {
	Status int
	Body   []byte
	Apply  func(ctx context.Context, request *Request) error
}

// maxConflicts bounds how often a write starts over because its object was
// changed between the read and the write.
const maxConflicts = 4

// Run makes an idempotent write: it applies what try computes and gives the
// answer; a request that was applied before gets its stored answer, whatever
// the rules would say now. It starts over while the apply fails with conflict
// (nil: never), because the facts that try read were stale.
func Run(ctx context.Context, stored Requests, asked Request, conflict error, try func(ctx context.Context) (Try, error)) (Answer, error) {
	answer, err := attempt(ctx, asked, conflict, try)
	if err == nil {
		return answer, nil
	}
	var duplicate *Duplicate
	if errors.As(err, &duplicate) {
		return replay(asked, duplicate.Stored)
	}
	// The first request may have made the rules refuse the second: a hold that it used is no hold any more.
	earlier, lookErr := stored.Request(ctx, asked.PropertyID, asked.Caller, asked.Key)
	if lookErr == nil && earlier != nil {
		return replay(asked, *earlier)
	}
	return Answer{}, err
}

func attempt(ctx context.Context, asked Request, conflict error, try func(ctx context.Context) (Try, error)) (Answer, error) {
	for conflicts := 0; ; conflicts++ {
		t, err := try(ctx)
		if err != nil {
			return Answer{}, err
		}
		request := asked
		request.Status, request.Answer = t.Status, t.Body
		err = t.Apply(ctx, &request)
		if err == nil {
			return Answer{Status: t.Status, Body: t.Body}, nil
		}
		if conflict == nil || !errors.Is(err, conflict) || conflicts == maxConflicts {
			return Answer{}, err
		}
	}
}

func replay(asked, stored Request) (Answer, error) {
	if stored.Fingerprint != asked.Fingerprint {
		return Answer{}, ErrReused
	}
	return Answer{Status: stored.Status, Body: stored.Answer, Replayed: true}, nil
}
