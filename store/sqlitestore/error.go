package sqlitestore

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/vacancyhq/vacancy/outbox"
)

// wrap adds the operation, and translates what the database says about itself
// into the errors that callers know. Errors of nouns pass through.
func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	switch code(err) & 0xff {
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return fmt.Errorf("sqlitestore: %s: %w (%w)", op, outbox.ErrBusy, err)
	case lib.SQLITE_FULL:
		return fmt.Errorf("sqlitestore: %s: %w (%w)", op, outbox.ErrFull, err)
	}
	return fmt.Errorf("sqlitestore: %s: %w", op, err)
}

// commitError is what a failed COMMIT means. Busy and full leave nothing; after
// an I/O error the log may or may not have kept the commit's last page.
func commitError(err error) error {
	if code(err)&0xff == lib.SQLITE_IOERR {
		return fmt.Errorf("%w (%w)", outbox.ErrUnknownOutcome, err)
	}
	return err
}

// code is SQLite's extended result code, 0 when the error is not SQLite's.
func code(err error) int {
	if e := new(sqlite.Error); errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// taken tells whether a row with that key exists already.
func taken(err error) bool {
	c := code(err)
	return c == lib.SQLITE_CONSTRAINT_UNIQUE || c == lib.SQLITE_CONSTRAINT_PRIMARYKEY
}

// orphan tells whether the row that another one belongs to does not exist.
func orphan(err error) bool { return code(err) == lib.SQLITE_CONSTRAINT_FOREIGNKEY }

// constraint gives the noun's error for a key that is taken or a parent that is missing.
func constraint(err, conflict, missing error) error {
	switch {
	case err == nil:
		return nil
	case taken(err):
		return conflict
	case orphan(err):
		return missing
	}
	return err
}
