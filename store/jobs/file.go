package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite" // the database/sql driver "sqlite"

	"github.com/vacancyhq/vacancy/outbox"
)

// Position keeps where a reader is, in the store whose events it reads.
type Position interface {
	SetCursor(ctx context.Context, reader string, position outbox.Position) error
}

// InFile keeps jobs in a SQLite file of their own at path, which is made when it
// is not there: the one writer of the store is for bookings. Jobs are handed
// over before the position moves, and those that were handed over before are
// left out, so that a crash between the two repeats nothing.
func InFile(ctx context.Context, path string, cursors Position, o Options) (*Queue, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("jobs: open: %w", err)
	}
	query := url.Values{
		"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)"}, "_txlock": {"immediate"},
	}
	address := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(absolute), RawQuery: query.Encode()}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, fmt.Errorf("jobs: open: %w", err)
	}
	db.SetMaxOpenConns(1) // SQLite has one writer, and River writes all the time
	q, err := inDatabase(ctx, db, cursors, o)
	if err != nil {
		_ = db.Close() // the first error is the one that matters
	}
	return q, err
}

func inDatabase(ctx context.Context, db *sql.DB, cursors Position, o Options) (*Queue, error) {
	driver := riversqlite.New(db)
	migrator, err := rivermigrate.New(driver, nil)
	if err != nil {
		return nil, fmt.Errorf("jobs: migrate: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, fmt.Errorf("jobs: migrate: %w", err)
	}
	client, err := newClient(driver, o)
	if err != nil {
		return nil, err
	}
	hand := func(ctx context.Context, reader string, _, to outbox.Position, jobs []river.InsertManyParams) error {
		if len(jobs) > 0 {
			if _, err := client.InsertMany(ctx, once(jobs)); err != nil {
				return fmt.Errorf("jobs: hand over: %w", err)
			}
		}
		return cursors.SetCursor(ctx, reader, to)
	}
	return &Queue{client: client, hand: hand, close: func() { _ = db.Close() }}, nil
}

// once makes the same job handed over again be left out, by the fields of its
// arguments that are marked river:"unique".
func once(jobs []river.InsertManyParams) []river.InsertManyParams {
	unique := make([]river.InsertManyParams, len(jobs))
	for i, job := range jobs {
		options := river.InsertOpts{}
		if job.InsertOpts != nil {
			options = *job.InsertOpts
		}
		options.UniqueOpts = river.UniqueOpts{ByArgs: true}
		unique[i] = river.InsertManyParams{Args: job.Args, InsertOpts: &options}
	}
	return unique
}
