package notify

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/riverqueue/river/rivertype"
)

// Waiting is what a watch asks of the queue.
type Waiting interface {
	// Oldest is the job of a kind that is due and not done for longest; nil: none.
	Oldest(ctx context.Context, kind string) (*rivertype.JobRow, error)
	// Discarded lists jobs of a kind that were given up.
	Discarded(ctx context.Context, kind string, limit int) ([]*rivertype.JobRow, error)
}

// maxDead bounds the count of dead mails.
const maxDead = 1_000

// Watch raises the alarm for mail that waits longer than Target: also for mail
// that nobody accepts, which no timing of accepted mail would show (Properties
// 12, 51).
type Watch struct {
	Queue  Waiting
	Meters *Meters
	Logger *slog.Logger
	Now    func(ctx context.Context) (time.Time, error) // the store's clock
}

// Look takes one look; call it every few seconds.
func (w Watch) Look(ctx context.Context) error {
	now, err := w.Now(ctx)
	if err != nil {
		return err
	}
	oldest, err := w.Queue.Oldest(ctx, Mail{}.Kind())
	if err != nil {
		return err
	}
	age := dueFor(oldest, now)
	w.Meters.oldest.Set(age.Seconds())
	if age > Target {
		w.Logger.Error("mail is late", "seconds", age.Seconds(), "attempt", oldest.Attempt)
	}
	dead, err := w.Queue.Discarded(ctx, Mail{}.Kind(), maxDead)
	if err != nil {
		return err
	}
	w.Meters.dead.Set(float64(len(dead)))
	return nil
}

// dueFor is how long a job has been due: what it tells happened then, or it was
// to wait until then.
func dueFor(job *rivertype.JobRow, now time.Time) time.Duration {
	var mail Mail
	if job == nil || json.Unmarshal(job.EncodedArgs, &mail) != nil {
		return 0
	}
	due := mail.At
	if mail.About == HoldExpiring || mail.About == ReviewRequest {
		due = job.ScheduledAt
	}
	return max(0, now.Sub(due))
}
