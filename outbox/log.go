package outbox

import "context"

// Log is the record as its readers see it.
type Log interface {
	// Events lists up to limit events after the position, in the one order that
	// every reader sees. An event is listed only when nothing can still appear
	// before it, so that a cursor never skips.
	Events(ctx context.Context, after Position, limit int) ([]Stored, error)

	// Committed subscribes: it makes a channel that gets a value soon after this
	// process committed events. Ask once and keep the channel: another call is
	// another subscription. It saves waiting; a reader polls all the same (every 50 ms).
	Committed() <-chan struct{}

	// Cursor and SetCursor keep a named reader's position.
	Cursor(ctx context.Context, name string) (Position, error)
	SetCursor(ctx context.Context, name string, position Position) error

	// Prune deletes stored requests older than Retention and, of events, none.
	Prune(ctx context.Context) (deleted int, err error)
}
