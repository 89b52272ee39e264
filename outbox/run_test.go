package outbox_test

import (
	"context"
	"errors"
	"testing"

	"github.com/vacancyhq/vacancy/outbox"
)

// shelf keeps requests as a store does: one for each key.
type shelf struct{ kept []outbox.Request }

func (s *shelf) Request(_ context.Context, propertyID, caller, key string) (*outbox.Request, error) {
	for _, r := range s.kept {
		if r.PropertyID == propertyID && r.Caller == caller && r.Key == key {
			return &r, nil
		}
	}
	return nil, nil
}

func (s *shelf) apply(ctx context.Context, r *outbox.Request) error {
	if known, _ := s.Request(ctx, r.PropertyID, r.Caller, r.Key); known != nil {
		return &outbox.Duplicate{Stored: *known}
	}
	s.kept = append(s.kept, *r)
	return nil
}

var (
	errChanged = errors.New("changed meanwhile")
	errRule    = errors.New("a rule says no")
)

func asked(key string, fingerprint byte) outbox.Request {
	return outbox.Request{PropertyID: "prop_1", Caller: "key_1", Key: key, Fingerprint: [32]byte{fingerprint}}
}

func TestRun(t *testing.T) {
	s := &shelf{}
	var failures []error // that applies meet before they work
	tries, rule := 0, error(nil)
	run := func(r outbox.Request) (outbox.Answer, error) {
		tries = 0
		return outbox.Run(t.Context(), s, r, errChanged, func(context.Context) (outbox.Try, error) {
			tries++
			if rule != nil {
				return outbox.Try{}, rule
			}
			return outbox.Try{Status: 201, Body: []byte("made"), Apply: func(ctx context.Context, r *outbox.Request) error {
				if len(failures) > 0 {
					err := failures[0]
					failures = failures[1:]
					return err
				}
				return s.apply(ctx, r)
			}}, nil
		})
	}
	check := func(name string, got outbox.Answer, err, want error, replayed bool, wantTries int) {
		t.Helper()
		if !errors.Is(err, want) || got.Replayed != replayed || tries != wantTries || (want == nil && string(got.Body) != "made") {
			t.Errorf("%s: %+v, %v after %d tries", name, got, err, tries)
		}
	}
	got, err := run(asked("a", 1))
	check("first", got, err, nil, false, 1)
	got, err = run(asked("a", 1))
	check("the same again", got, err, nil, true, 1)
	got, err = run(asked("a", 2))
	check("another request", got, err, outbox.ErrReused, false, 1)
	failures = []error{errChanged, errChanged}
	got, err = run(asked("b", 1))
	check("conflicts", got, err, nil, false, 3)
	failures = []error{errChanged, errChanged, errChanged, errChanged, errChanged}
	got, err = run(asked("c", 1))
	check("conflicts without end", got, err, errChanged, false, 5)
	failures = []error{errRule}
	got, err = run(asked("d", 1))
	check("refused by the store", got, err, errRule, false, 1)
	rule = errRule
	got, err = run(asked("a", 1))
	check("refused now, but done before", got, err, nil, true, 1)
	got, err = run(asked("e", 1))
	check("refused", got, err, errRule, false, 1)
}
