package sqlitestore

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema to this program's version.
func (s *Store) Migrate(ctx context.Context) error {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("sqlitestore: migrate: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.db, folder, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("sqlitestore: migrate: %w", err)
	}
	// Two processes that start together both see work to do; the one that comes
	// second fails on what the first has made and then finds nothing left.
	for range 3 {
		if _, err = provider.Up(ctx); err == nil {
			return nil
		}
	}
	return wrap("migrate", err)
}
