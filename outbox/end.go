package outbox

import "context"

// maxAsks bounds the search for the end while others are writing. Any position
// will do that was listed before the state is read; a later one saves work.
const maxAsks = 400

// Lister lists a log, as Log does.
type Lister interface {
	Events(ctx context.Context, after Position, limit int) ([]Stored, error)
}

// End is the position of the last event that is listed. The log gives only
// pages from a position on, so it is felt for: first by major, then by minor.
func End(ctx context.Context, log Lister) (Position, error) {
	last, asks := Position{}, 0
	next := func(after Position) (bool, error) {
		events, err := log.Events(ctx, after, 1)
		asks++
		if err != nil || len(events) == 0 || asks > maxAsks {
			return false, err
		}
		last = events[0].Position
		return true, nil
	}
	if found, err := next(last); err != nil || !found {
		return last, err
	}
	err := feel(1, func(stride uint64) (bool, error) {
		return next(Position{Major: last.Major + stride})
	})
	if err != nil {
		return last, err
	}
	err = feel(0, func(stride uint64) (bool, error) {
		return next(Position{Major: last.Major, Minor: last.Minor + stride})
	})
	return last, err
}

// feel moves on as long as there is something beyond: in strides that double,
// then halve down to the least.
func feel(least uint64, beyond func(stride uint64) (bool, error)) error {
	const longest = 1 << 40
	stride, growing := uint64(1), true
	for {
		found, err := beyond(stride)
		switch {
		case err != nil:
			return err
		case found && growing && stride < longest:
			stride *= 2
		case found:
		case stride <= least:
			return nil
		default:
			growing = false
			stride /= 2
		}
	}
}
