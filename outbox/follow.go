package outbox

import (
	"context"
	"time"
)

// Follow catches up each time that something was committed, and every poll in
// any case, until the context ends. A failure is told and tried again.
func Follow(ctx context.Context, committed <-chan struct{}, poll time.Duration, catchUp func(context.Context) error, failed func(error)) error {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		if err := catchUp(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-committed:
		case <-tick.C:
		}
	}
}
