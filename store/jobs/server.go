package jobs

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/vacancyhq/vacancy/outbox"
)

// Cursors moves a reader's position together with what is written beside it.
type Cursors interface {
	Advance(ctx context.Context, reader string, from, to outbox.Position, also func(ctx context.Context, tx pgx.Tx) error) error
}

const (
	serverConnections = 6      // of River's own: one listens, the others fetch and finish jobs
	migrationLock     = 748239 // of the advisory lock that lets one process bring River's tables up to date
)

// OnServer keeps jobs in River's tables beside those of a PostgreSQL store.
func OnServer(ctx context.Context, dsn string, cursors Cursors, o Options) (*Queue, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("jobs: open: %w", err)
	}
	config.MaxConns = serverConnections
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("jobs: open: %w", err)
	}
	q, err := onPool(ctx, pool, cursors, o)
	if err != nil {
		pool.Close()
	}
	return q, err
}

func onPool(ctx context.Context, pool *pgxpool.Pool, cursors Cursors, o Options) (*Queue, error) {
	if err := migrateServer(ctx, pool); err != nil {
		return nil, fmt.Errorf("jobs: migrate: %w", err)
	}
	client, err := newClient(riverpgxv5.New(pool), o)
	if err != nil {
		return nil, err
	}
	hand := func(ctx context.Context, reader string, from, to outbox.Position, jobs []river.InsertManyParams) error {
		return cursors.Advance(ctx, reader, from, to, func(ctx context.Context, tx pgx.Tx) error {
			if len(jobs) == 0 {
				return nil
			}
			_, err := client.InsertManyFastTx(ctx, tx, jobs)
			return err
		})
	}
	return &Queue{client: client, hand: hand, close: pool.Close}, nil
}

// migrateServer lets one of the processes that start together do it.
func migrateServer(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `select pg_advisory_lock($1)`, migrationLock); err != nil {
		return err
	}
	defer func() {
		_, _ = conn.Exec(context.WithoutCancel(ctx), `select pg_advisory_unlock($1)`, migrationLock) // the session's end unlocks too
	}()
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return err
	}
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}
