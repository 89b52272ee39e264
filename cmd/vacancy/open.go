package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/combine"
	"github.com/vacancyhq/vacancy/store/pgstore"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

const (
	sqliteScheme = "sqlite:"
	databaseHelp = "database: sqlite:PATH or postgres://user@host:port/name"
	defaultDB    = "sqlite:vacancy.db"
)

var errDatabase = errors.New("--db must be sqlite:PATH or postgres://user@host:port/name")

// databaseFlag adds --db, which is the same on every command.
func databaseFlag(cmd *cobra.Command, url *string) {
	cmd.Flags().StringVar(url, "db", defaultDB, databaseHelp)
}

func openStore(ctx context.Context, url string) (store.Store, error) {
	return openStoreWith(ctx, url, sqlitestore.Options{}, pgstore.Options{})
}

// openStoreWith is the one place that chooses an engine.
func openStoreWith(ctx context.Context, url string, file sqlitestore.Options, server pgstore.Options) (store.Store, error) {
	switch {
	case strings.HasPrefix(url, sqliteScheme) && len(url) > len(sqliteScheme):
		return combined(sqlitestore.Open(ctx, strings.TrimPrefix(url, sqliteScheme), file))
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		return combined(pgstore.Open(ctx, url, server))
	}
	return nil, errDatabase
}

// combined lets concurrent bookings share a transaction.
func combined(engine combine.Engine, err error) (store.Store, error) {
	if err != nil {
		return nil, err
	}
	return combine.New(engine, combine.Options{Now: time.Now, Log: slog.Default()}), nil
}

// openMigrated opens the store with its schema brought up to date.
func openMigrated(ctx context.Context, url string) (store.Store, error) {
	s, err := openStore(ctx, url)
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx); err != nil {
		_ = s.Close() // the migration's error is the one that matters
		return nil, fmt.Errorf("migrate: %w", err)
	}
	return s, nil
}

func migrateCommand() *cobra.Command {
	var url string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database to this program's schema",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := openMigrated(cmd.Context(), url)
			if err != nil {
				return err
			}
			if err := errors.Join(migrateJobs(cmd.Context(), url, s), s.Close()); err != nil {
				return err
			}
			return say(cmd, asJSON, map[string]string{"schema": "up to date"}, "the schema is up to date")
		},
	}
	databaseFlag(cmd, &url)
	cmd.Flags().BoolVar(&asJSON, "json", false, jsonHelp)
	return cmd
}
