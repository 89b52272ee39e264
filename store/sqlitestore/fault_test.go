package sqlitestore_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
	"github.com/vacancyhq/vacancy/store/storetest"
)

// childFile marks the process that is to be killed, and names its database.
const childFile = "VACANCY_TEST_BOOK_UNTIL_KILLED"

func TestMain(m *testing.M) {
	if path := os.Getenv(childFile); path != "" {
		err := bookUntilKilled(path)
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func bookUntilKilled(path string) error {
	s, err := sqlitestore.Open(context.Background(), path, sqlitestore.Options{})
	if err != nil {
		return err
	}
	return storetest.BookUntilKilled(context.Background(), s, os.Stdout)
}

func TestKilledMidLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vacancy.db")
	storetest.KillMidLoad(t, storetest.Crash{
		Reopen: func(t *testing.T) storetest.Opened { return open(t, path, sqlitestore.Options{}) },
		Child: func() *exec.Cmd {
			child := exec.Command(os.Args[0])
			child.Env = append(os.Environ(), childFile+"="+path)
			return child
		},
	})
	integrity(t, path)
}

func integrity(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	var result string
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&result); err != nil || result != "ok" {
		t.Errorf("integrity: %s, %v", result, err)
	}
}

// A full disk refuses writes by a name that an operator understands; it breaks
// nothing, and reads go on.
func TestDiskFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vacancy.db")
	s := open(t, path, sqlitestore.Options{MaxPages: 120}).Store
	written := 0
	var err error
	for ; err == nil && written < 10_000; written++ {
		p := property.Property{ID: fmt.Sprintf("prop_%05d", written), TenantID: "ten_a", Name: "Haus"}
		change := property.Change{PropertyID: p.ID, Property: &p}
		change.Events = []outbox.Event{change.Event()}
		change.Request = &outbox.Request{PropertyID: p.ID, Caller: "key_a", Key: "k"}
		err = s.ApplyProperty(t.Context(), change)
	}
	if !errors.Is(err, outbox.ErrFull) {
		t.Fatalf("after %d writes: %v, want outbox.ErrFull", written, err)
	}
	written--
	all, err := s.Properties(t.Context(), "", "", 20_000)
	if err != nil || len(all) != written {
		t.Errorf("%d properties are there, %v; want %d", len(all), err, written)
	}
	events, err := s.Events(t.Context(), outbox.Position{}, 20_000)
	if err != nil || len(events) != written {
		t.Errorf("%d events are there, %v; want %d", len(events), err, written)
	}
	if stored, err := s.Request(t.Context(), fmt.Sprintf("prop_%05d", written), "key_a", "k"); stored != nil || err != nil {
		t.Errorf("the refused write left its request, %v", err)
	}
	integrity(t, path)
}

// Another process that keeps the file locked makes writes busy, not broken.
func TestLockedFile(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for the busy timeout")
	}
	path := filepath.Join(t.TempDir(), "vacancy.db")
	s := open(t, path, sqlitestore.Options{}).Store
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only a lock
	other, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.ExecContext(t.Context(), `BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	if err := s.SetCursor(t.Context(), "index", outbox.Position{Major: 1}); !errors.Is(err, outbox.ErrBusy) {
		t.Errorf("a locked file: %v, want outbox.ErrBusy", err)
	}
	if _, err := s.Cursor(t.Context(), "index"); err != nil {
		t.Errorf("reads while another writes: %v", err)
	}
	if _, err := other.ExecContext(t.Context(), `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	if err := s.SetCursor(t.Context(), "index", outbox.Position{Major: 1}); err != nil {
		t.Errorf("after the other has finished: %v", err)
	}
}

// Two processes on one file: both migrate it, both sell, the last room is sold once.
func TestTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vacancy.db")
	opened := make(chan *sqlitestore.Store, 2)
	for range 2 {
		go func() {
			s, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{})
			if err == nil {
				err = s.Migrate(t.Context())
			}
			if err != nil {
				t.Error(err)
			}
			opened <- s
		}()
	}
	first, second := <-opened, <-opened
	if t.Failed() {
		return
	}
	t.Cleanup(func() {
		if err := errors.Join(first.Close(), second.Close()); err != nil {
			t.Error(err)
		}
	})
	storetest.LastRoomOfTwo(t, storetest.Opened{Store: first}, storetest.Opened{Store: second})
}
