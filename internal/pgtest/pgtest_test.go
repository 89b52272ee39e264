package pgtest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestEachGivesTheMajorItNames(t *testing.T) {
	Each(t, func(t *testing.T, server Server) {
		conn := connect(t, server.Database(t))
		number := ask[int](t, conn, "SELECT current_setting('server_version_num')::int")
		if number/10000 != server.Major() {
			t.Errorf("server_version_num is %d on PostgreSQL %d", number, server.Major())
		}
	})
}

func TestDatabasesAreApartAndDropped(t *testing.T) {
	Each(t, func(t *testing.T, server Server) {
		var name string
		t.Run("inner", func(t *testing.T) {
			one, two := connect(t, server.Database(t)), connect(t, server.Database(t))
			name = ask[string](t, one, "SELECT current_database()::text")
			run(t, one, "CREATE TABLE room (n int)")
			if ask[bool](t, two, "SELECT to_regclass('room') IS NOT NULL") {
				t.Error("a table made in one database is seen in another")
			}
		})
		conn := connect(t, server.Database(t))
		if ask[bool](t, conn, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name) {
			t.Errorf("database %s outlives its test", name)
		}
	})
}

func TestSharedServerCannotBeStopped(t *testing.T) {
	Each(t, func(t *testing.T, server Server) {
		for _, err := range []error{server.Stop(Clean), server.Kill(), server.Start()} {
			if !errors.Is(err, errShared) {
				t.Errorf("got %v", err)
			}
		}
	})
}

func TestOwnServerKeepsWhatItAcknowledged(t *testing.T) {
	for _, major := range Majors() {
		t.Run(fmt.Sprintf("postgres%d", major), func(t *testing.T) {
			endAndStartAgain(t, Own(t, major))
		})
	}
}

func endAndStartAgain(t *testing.T, server Server) {
	dsn := server.Database(t)
	run(t, connect(t, dsn), "CREATE TABLE stay (n serial)")
	for i, end := range []func() error{
		func() error { return server.Stop(Clean) },
		func() error { return server.Stop(Immediate) },
		server.Kill,
	} {
		run(t, connect(t, dsn), "INSERT INTO stay DEFAULT VALUES")
		if err := end(); err != nil {
			t.Fatalf("end %d: %v", i, err)
		}
		if _, err := pgx.Connect(context.Background(), dsn); err == nil {
			t.Fatalf("end %d, and yet it accepts connections", i)
		}
		if err := server.Start(); err != nil {
			t.Fatalf("start after end %d: %v", i, err)
		}
		if got := ask[int](t, connect(t, dsn), "SELECT count(*)::int FROM stay"); got != i+1 {
			t.Fatalf("after end %d: %d rows, want %d", i, got, i+1)
		}
	}
}

func TestSettingsReachTheServer(t *testing.T) {
	server := Own(t, Oldest, Fast(), Settings{"max_connections": "33", "application_name": "the guest's"})
	conn := connect(t, server.Database(t))
	for name, want := range map[string]string{"fsync": "off", "max_connections": "33", "application_name": "the guest's"} {
		if got := ask[string](t, conn, "SELECT current_setting($1)", name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestOwnIsDurableUnlessToldOtherwise(t *testing.T) {
	server := Own(t, Newest)
	conn := connect(t, server.Database(t))
	for name := range Durable() {
		if got := ask[string](t, conn, "SELECT current_setting($1)", name); got != "on" {
			t.Errorf("%s is %s", name, got)
		}
	}
}

func TestBadSettingIsReportedWithTheServersWords(t *testing.T) {
	if _, err := find(Oldest); err != nil {
		t.Skip(err)
	}
	_, err := newCluster(Oldest, Settings{"no_such_setting": "1"})
	if err == nil || !strings.Contains(err.Error(), "no_such_setting") {
		t.Errorf("got %v", err)
	}
}

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func run(t *testing.T, conn *pgx.Conn, statement string) {
	t.Helper()
	if _, err := conn.Exec(context.Background(), statement); err != nil {
		t.Fatal(err)
	}
}

func ask[T any](t *testing.T, conn *pgx.Conn, query string, args ...any) T {
	t.Helper()
	var answer T
	if err := conn.QueryRow(context.Background(), query, args...).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}
