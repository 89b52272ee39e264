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
	codeForeignKey    = "23503"
	codeReadOnly      = "25006"
)

// failed wraps an error with the operation. What PostgreSQL and pgx say about
// values stays out: it may be a guest's name or a secret.
func failed(operation string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("pgstore: %s: %w", operation, clean(err))
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
	case lost(err), errors.As(err, &network):
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
	if busy(e) {
		return fmt.Errorf("%w: %w", errBusy, known)
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

// lost tells whether the connection broke while an answer was due: what was
// sent may or may not have been done. FATAL counts: the server may have ended
// the session after the commit.
func lost(err error) bool {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Severity == "FATAL" || e.Severity == "PANIC"
	}
	var connect *pgconn.ConnectError
	if err == nil || errors.Is(err, errNoConnection) || errors.As(err, &connect) || pgconn.SafeToRetry(err) {
		return false
	}
	var network net.Error
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "closed the connection")
}

// refused tells whether the server was not reached at all.
func refused(err error) bool {
	var connect *pgconn.ConnectError
	return errors.Is(err, errNoConnection) || errors.As(err, &connect) || pgconn.SafeToRetry(err)
}
