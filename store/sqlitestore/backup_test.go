package sqlitestore_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/vacancyhq/vacancy/store/sqlitestore"
	"github.com/vacancyhq/vacancy/store/storetest"
)

// A backup taken while others book is the store as of one commit: the counters
// in it equal a recount of the bookings in it.
func TestBackupWhileWriting(t *testing.T) {
	folder := t.TempDir()
	live := open(t, filepath.Join(folder, "live.db"), sqlitestore.Options{})
	storetest.OnSale(t, live)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	booked, out := io.Pipe()
	go func() { done <- storetest.BookUntilKilled(ctx, live.Store, out) }()
	lines := bufio.NewScanner(booked)
	for range 100 {
		lines.Scan()
	}
	go func() { _, _ = io.Copy(io.Discard, booked) }()

	backup := filepath.Join(folder, "backup.db")
	if err := live.Store.(*sqlitestore.Store).Backup(t.Context(), backup); err != nil {
		t.Errorf("backup: %v", err)
	}
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the load: %v", err)
	}
	restored := filepath.Join(folder, "restored.db")
	if err := sqlitestore.Restore(t.Context(), backup, restored); err != nil {
		t.Fatal(err)
	}
	storetest.Audit(t, open(t, restored, sqlitestore.Options{}))
	if left, err := filepath.Glob(filepath.Join(folder, ".vacancy-copy-*")); len(left) != 0 || err != nil {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestRestoreRefuses(t *testing.T) {
	folder := t.TempDir()
	path := func(name string) string { return filepath.Join(folder, name) }
	live := open(t, path("live.db"), sqlitestore.Options{})
	storetest.OnSale(t, live)
	s := live.Store.(*sqlitestore.Store)
	if err := s.Backup(t.Context(), path("good.db")); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path("good.db"))
	if err != nil {
		t.Fatal(err)
	}
	broken := append([]byte{}, good...)
	for i := len(broken) / 2; i < len(broken)/2+8_000; i++ {
		broken[i] = 0xff
	}
	for name, data := range map[string][]byte{
		"broken.db": broken, "cut.db": good[:len(good)/2], "text.db": []byte("not a database, but long enough to look at"), "empty.db": nil,
	} {
		if err := os.WriteFile(path(name), data, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := sqlitestore.Restore(t.Context(), path(name), path("to-"+name)); err == nil {
			t.Errorf("%s was restored", name)
		}
		if _, err := os.Stat(path("to-" + name)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s left a destination: %v", name, err)
		}
	}
	if err := sqlitestore.Restore(t.Context(), path("none.db"), path("to")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no backup: %v", err)
	}
	if _, err := os.Stat(path("none.db")); err == nil {
		t.Error("looking for a backup made one")
	}
	if err := sqlitestore.Restore(t.Context(), path("good.db"), path("live.db")); !errors.Is(err, sqlitestore.ErrExists) {
		t.Errorf("over a live database: %v, want ErrExists", err)
	}
	if err := s.Backup(t.Context(), path("good.db")); !errors.Is(err, sqlitestore.ErrExists) {
		t.Errorf("over a backup: %v, want ErrExists", err)
	}
}
