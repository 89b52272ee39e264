// Package jobs keeps work that needs retries, schedules and uniqueness: mail
// first. It is River behind the outbox. A tailer hands jobs over in bulk and
// moves its position with them, so that no event is lost and none counts twice:
// in PostgreSQL both are one transaction, on one machine River has a file of its
// own and takes each job once.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	"github.com/vacancyhq/vacancy/outbox"
)

// Options are for OnServer and InFile.
type Options struct {
	Workers *river.Workers
	Log     *slog.Logger
	// Parallel is how many jobs this process works on at once; 0: 16.
	Parallel int
	// Timeout ends a job that takes longer; 0: 30 s.
	Timeout time.Duration
	// Lease is after how long a job that its process did not finish is given to
	// another; it must exceed Timeout. 0: 1 min.
	Lease time.Duration
}

// Kept is how long jobs can be looked at once they have ended. Discarded ones
// wait for a person.
const (
	keptDone      = 24 * time.Hour
	keptDiscarded = 30 * 24 * time.Hour
	fetchEvery    = 20 * time.Millisecond  // at most so often
	pollEvery     = 250 * time.Millisecond // what no notice came for
	stopGrace     = 10 * time.Second
)

// Queue is the jobs of one database.
type Queue struct {
	client client
	hand   func(ctx context.Context, reader string, from, to outbox.Position, jobs []river.InsertManyParams) error
	close  func()
}

// client is what River's generic client does whatever its transactions are.
type client interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
	InsertMany(ctx context.Context, params []river.InsertManyParams) ([]*rivertype.JobInsertResult, error)
	JobList(ctx context.Context, params *river.JobListParams) (*river.JobListResult, error)
}

// Hand takes jobs over and moves the reader's position on, both or neither.
// outbox.ErrMoved: another process did it first.
func (q *Queue) Hand(ctx context.Context, reader string, from, to outbox.Position, jobs []river.InsertManyParams) error {
	return q.hand(ctx, reader, from, to, jobs)
}

// Add takes a job that follows from no event.
func (q *Queue) Add(ctx context.Context, job river.InsertManyParams) error {
	if _, err := q.client.InsertMany(ctx, []river.InsertManyParams{job}); err != nil {
		return fmt.Errorf("jobs: add: %w", err)
	}
	return nil
}

// Run works on jobs until ctx ends, then lets those under way finish.
func (q *Queue) Run(ctx context.Context) error {
	running := context.WithoutCancel(ctx)
	if err := q.client.Start(running); err != nil {
		return fmt.Errorf("jobs: start: %w", err)
	}
	<-ctx.Done()
	grace, cancel := context.WithTimeout(running, stopGrace)
	defer cancel()
	if err := q.client.Stop(grace); err != nil {
		if err := q.client.StopAndCancel(running); err != nil {
			return fmt.Errorf("jobs: stop: %w", err)
		}
	}
	return ctx.Err()
}

// Close gives the database back; call it after Run has returned.
func (q *Queue) Close() { q.close() }

// Oldest is the job of a kind that is due and not done for longest; nil when
// there is none.
func (q *Queue) Oldest(ctx context.Context, kind string) (*rivertype.JobRow, error) {
	return q.first(ctx, kind, rivertype.JobStateAvailable, rivertype.JobStateRetryable, rivertype.JobStateRunning)
}

// Discarded lists jobs of a kind that were given up, oldest first.
func (q *Queue) Discarded(ctx context.Context, kind string, limit int) ([]*rivertype.JobRow, error) {
	return q.list(ctx, kind, limit, rivertype.JobStateDiscarded, rivertype.JobStateCancelled)
}

func (q *Queue) first(ctx context.Context, kind string, states ...rivertype.JobState) (*rivertype.JobRow, error) {
	jobs, err := q.list(ctx, kind, 1, states...)
	if err != nil || len(jobs) == 0 {
		return nil, err
	}
	return jobs[0], nil
}

func (q *Queue) list(ctx context.Context, kind string, limit int, states ...rivertype.JobState) ([]*rivertype.JobRow, error) {
	params := river.NewJobListParams().Kinds(kind).States(states...).
		OrderBy(river.JobListOrderByID, river.SortOrderAsc).First(limit)
	found, err := q.client.JobList(ctx, params)
	if err != nil {
		return nil, fmt.Errorf("jobs: list: %w", err)
	}
	return found.Jobs, nil
}

// newClient is River with our settings on a driver.
func newClient[TTx any](driver riverdriver.Driver[TTx], o Options) (*river.Client[TTx], error) {
	if o.Parallel == 0 {
		o.Parallel = 16
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Lease == 0 {
		o.Lease = time.Minute
	}
	queues := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: o.Parallel}}
	if o.Workers == nil {
		queues = nil // it only migrates, or hands over
	}
	made, err := river.NewClient(driver, &river.Config{
		Queues:                      queues,
		Workers:                     o.Workers,
		Logger:                      o.Log,
		JobTimeout:                  o.Timeout,
		RescueStuckJobsAfter:        o.Lease,
		FetchCooldown:               fetchEvery,
		FetchPollInterval:           pollEvery,
		CompletedJobRetentionPeriod: keptDone,
		CancelledJobRetentionPeriod: keptDiscarded,
		DiscardedJobRetentionPeriod: keptDiscarded,
	})
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return made, nil
}
