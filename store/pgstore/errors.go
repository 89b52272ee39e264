package pgstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/vacancyhq/vacancy/outbox"
)

// errBusy is a server that could not be asked: nothing was written for sure.
var errBusy = outbox.ErrBusy

// SQLSTATE codes that are handled by name.
const (
	codeSerialization = "40001"
	codeDeadlock      = "40P01"
	codeLockTimeout   = "55P03"
	codeCancelled     = "57014" // statement timeout
	codeUnique        = "23505"
	codeCheck         = "23514"
	codeForeignKey    = "23503"
	codeReadOnly      = "25006"
	codeNoText        = "22021" // a NUL, or bytes that are not UTF-8
	codeNoDocument    = "22P05" // a NUL within JSON
)

// failed wraps an error with the operation. What PostgreSQL and pgx say about
// values stays out: it may be a guest's name or a secret.
func failed(operation string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("pgstore: %s: %w", operation, clean(err))
}

// sought is failed for a read: nothing is called by what is no text, so a read
// that asks for it finds nothing.
func sought(operation string, err error) error {
	if violates(err, codeNoText) {
		return nil
	}
	return failed(operation, err)
}

func clean(err error) error {
	var fromServer *pgconn.PgError
	var connect *pgconn.ConnectError
	var network net.Error
	switch {
	case errors.As(err, &fromServer):
		return cleanServer(fromServer)
	case errors.Is(err, context.Canceled), errors.Is(err, outbox.ErrBusy), errors.Is(err, pgx.ErrNoRows):
		return err
	case errors.Is(err, errNoConnection), errors.As(err, &connect):
		return fmt.Errorf("%w: no connection to the database", errBusy)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", errBusy, context.DeadlineExceeded)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &network), err.Error() == "conn closed":
		return fmt.Errorf("%w: the connection to the database broke", errBusy)
	case strings.HasPrefix(err.Error(), "failed to encode"), strings.HasPrefix(err.Error(), "can't scan"):
		return errors.New("a value does not fit its column") // pgx would quote the value
	}
	return err
}

func cleanServer(e *pgconn.PgError) error {
	known := &serverError{code: e.Code, table: e.TableName, constraint: e.ConstraintName}
	switch e.Code[:2] {
	case "22", "23", "P0": // bad values and constraints: their messages quote values
	default:
		known.message = e.Message
	}
	switch {
	case busy(e):
		return fmt.Errorf("%w: %w", errBusy, known)
	case e.Code == codeNoText, e.Code == codeNoDocument:
		return fmt.Errorf("%w: %w", outbox.ErrText, known)
	}
	return known
}

// serverError is an error of PostgreSQL without its detail, which quotes rows.
type serverError struct{ code, table, constraint, message string }

// Error names the code, and what it is about.
func (e *serverError) Error() string {
	text := "SQLSTATE " + e.code
	for _, part := range []string{e.table, e.constraint, e.message} {
		if part != "" {
			text += ": " + part
		}
	}
	return text
}

// violates tells whether err is a broken constraint, by the code of its kind.
func violates(err error, code string) bool {
	var e *pgconn.PgError
	var known *serverError
	return errors.As(err, &e) && e.Code == code || errors.As(err, &known) && known.code == code
}

// collides tells whether the transaction lost to another one and may be tried
// again as it is.
func collides(err error) bool {
	return violates(err, codeSerialization) || violates(err, codeDeadlock) || violates(err, codeLockTimeout)
}

// busy tells whether the server refuses for now: overload, shutdown, recovery, a
// standby, a full disk, or a lock that was not to be had.
func busy(e *pgconn.PgError) bool {
	switch e.Code {
	case codeSerialization, codeDeadlock, codeLockTimeout, codeCancelled, codeReadOnly:
		return true
	}
	switch e.Code[:2] {
	case "53", "57", "08", "58": // resources, operator, connection, system
		return true
	}
	return false
}

// definite tells whether the server said no: what was sent is rolled back.
func definite(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Severity != "FATAL" && e.Severity != "PANIC"
}

// broke tells whether the connection ended before an answer that decides. What
// was sent may have been done or not; that pgx calls an error safe to retry says
// nothing here, because it does so for a connection which it found closed while
// it was reading the answer. FATAL does not decide either: the server may have
// ended the session after the commit.
func broke(conn *pgx.Conn, err error) bool {
	return err != nil && !definite(err) && conn.IsClosed()
}
