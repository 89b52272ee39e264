package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	lib "modernc.org/sqlite/lib"
)

// Errors of backup and restore.
var (
	// ErrExists is a destination that is there already: nothing is overwritten.
	ErrExists = errors.New("destination exists already")
	// ErrNotOurs is a file that is not a sound database of this program.
	ErrNotOurs = errors.New("not a sound Vacancy database")
)

// applicationID is what the first migration writes into the file's header.
const applicationID = 1447251545

// Backup writes the store as of one commit into a new file, while others read
// and write. The file appears under its name when it is complete and on disk.
func (s *Store) Backup(ctx context.Context, dest string) error {
	if err := copyDatabase(ctx, s.path, dest); err != nil {
		return wrap("backup", err)
	}
	return nil
}

// Restore checks the backup and copies it to a new file, which Open then opens.
func Restore(ctx context.Context, from, to string) error {
	if _, err := os.Stat(from); err != nil {
		return fmt.Errorf("sqlitestore: restore: %w", err)
	}
	return wrap("restore", copyDatabase(ctx, from, to))
}

// copyDatabase makes the copy beside its destination and checks it before it
// takes the name, so that nobody ever finds half a database there.
func copyDatabase(ctx context.Context, from, to string) (err error) {
	for _, leftover := range []string{"", "-wal", "-shm"} { // a stranger's log would be read into the copy
		if _, err := os.Lstat(to + leftover); err == nil {
			return ErrExists
		}
	}
	folder, err := os.MkdirTemp(filepath.Dir(to), ".vacancy-copy-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	partial := filepath.Join(folder, "copy.db")
	if err := vacuumInto(ctx, from, partial); err != nil {
		return err
	}
	if err := check(ctx, partial); err != nil {
		return err
	}
	if err := syncFile(partial); err != nil {
		return err
	}
	// A link, unlike a rename, never replaces a file that appeared meanwhile.
	if err := os.Link(partial, to); err != nil {
		if errors.Is(err, os.ErrExist) {
			return ErrExists
		}
		return err
	}
	return syncFile(filepath.Dir(to))
}

func vacuumInto(ctx context.Context, from, to string) error {
	db, err := openFile(from)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // the copy is checked
	if err := ours(ctx, db); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, to)
	return err
}

// check reads the whole file.
func check(ctx context.Context, path string) error {
	db, err := openFile(path)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	if err := ours(ctx, db); err != nil {
		return err
	}
	var result string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&result); err != nil {
		return notOurs(err)
	}
	if result != "ok" {
		return fmt.Errorf("%w: %s", ErrNotOurs, result)
	}
	return nil
}

func ours(ctx context.Context, db *sql.DB) error {
	var id int64
	if err := db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return notOurs(err)
	}
	if id != applicationID {
		return ErrNotOurs
	}
	return nil
}

func notOurs(err error) error {
	switch code(err) & 0xff {
	case lib.SQLITE_NOTADB, lib.SQLITE_CORRUPT:
		return fmt.Errorf("%w: %w", ErrNotOurs, err)
	}
	return err
}

func syncFile(path string) error {
	f, err := os.Open(path) //nolint:gosec // the operator's own path
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
