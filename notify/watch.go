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
	var latest time.Duration
	lost := 0
	for _, kind := range []string{Mail{}.Kind(), SignIn{}.Kind()} {
		oldest, err := w.Queue.Oldest(ctx, kind)
		if err != nil {
			return err
		}
		age := dueFor(oldest, now)
		latest = max(latest, age)
		if age > Target {
			w.Logger.Error("mail is late", "job", kind, "seconds", age.Seconds(), "attempt", oldest.Attempt)
		}
		dead, err := w.Queue.Discarded(ctx, kind, maxDead)
		if err != nil {
			return err
		}
		lost += len(dead)
	}
	w.Meters.oldest.Set(latest.Seconds())
	w.Meters.dead.Set(float64(lost))
	return nil
}

// dueFor is how long a job has been due: what it tells happened then, or was asked
// for, or it was to wait until then.
func dueFor(job *rivertype.JobRow, now time.Time) time.Duration {
	if job != nil && job.Kind == (SignIn{}).Kind() {
		return max(0, now.Sub(job.CreatedAt))
	}
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
