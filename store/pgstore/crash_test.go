package pgstore

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/internal/pgtest"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
)

// The server is killed in the middle of a load, with the settings of a hotel:
// what was acknowledged is there after recovery, what was refused is not.
//
// Property 6, for the store's part. Property 13.
func TestServerKilled(t *testing.T) {
	for _, major := range pgtest.Majors() {
		t.Run(fmt.Sprintf("postgres%d", major), func(t *testing.T) {
			server := pgtest.Own(t, major)
			dsn := server.Database(t)
			s := open(t, dsn, Options{})
			hotel(t, s, "prop_a", 10_000)
			var told sync.Map // id -> error
			var group sync.WaitGroup
			stop := make(chan struct{})
			for client := range 8 {
				group.Go(func() { bookUntil(stop, s, client, &told) })
			}
			time.Sleep(700 * time.Millisecond)
			if err := server.Kill(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(50 * time.Millisecond) // Some meet a server that is away, some look up what they lost.
			if err := server.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(200 * time.Millisecond)
			close(stop)
			group.Wait()
			checkTold(t, s, &told)
			if s.Stats().LostAnswers == 0 {
				t.Error("the kill was not in the middle of the load")
			}
		})
	}
}

func bookUntil(stop <-chan struct{}, s *Store, client int, told *sync.Map) {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		default:
		}
		change := booked("prop_a", fmt.Sprintf("c%d-%d", client, n), n%50, 1+n%3)
		err := s.ApplyBooking(context.Background(), change)
		told.Store(change.Booking.ID, fmt.Sprint(err))
		if err != nil {
			time.Sleep(5 * time.Millisecond)
		}
	}
}

func checkTold(t *testing.T, s *Store, told *sync.Map) {
	t.Helper()
	acknowledged, refused, unknown := 0, 0, 0
	told.Range(func(id, answer any) bool {
		_, err := s.Booking(t.Context(), id.(string))
		switch {
		case answer == "<nil>":
			acknowledged++
			if err != nil {
				t.Errorf("%s was acknowledged: %v", id, err)
			}
		case strings.Contains(answer.(string), outbox.ErrUnknownOutcome.Error()):
			unknown++
		default:
			refused++
			if !errors.Is(err, booking.ErrNotFound) {
				t.Errorf("%s was refused (%s) and is there: %v", id, answer, err)
			}
		}
		return true
	})
	t.Logf("%d acknowledged, %d refused, %d unknown", acknowledged, refused, unknown)
	if acknowledged == 0 || unknown != 0 {
		t.Error("everybody should get to know the outcome: the server was back soon")
	}
	recount(t, s, "prop_a")
}

// recount compares the counters with the bookings.
//
// Property 15.
func recount(t *testing.T, s *Store, propertyID string) {
	t.Helper()
	var wrong, bookings, requests int
	err := s.pool.QueryRow(t.Context(), `
		select (select count(*) from night n where n.property_id = $1 and n.sold <> (
				select count(*) from room_stay r where r.property_id = n.property_id and r.room_type_id = n.room_type_id
					and r.state = 'confirmed' and r.arrival <= n.night and n.night < r.departure)),
			(select count(*) from booking where property_id = $1), (select count(*) from request where property_id = $1 and key not like '%/cancel')`,
		propertyID).Scan(&wrong, &bookings, &requests)
	if err != nil {
		t.Fatal(err)
	}
	if wrong != 0 || bookings != requests {
		t.Errorf("%d nights do not equal a recount; %d bookings, %d requests", wrong, bookings, requests)
	}
}

// The test binary is also the app process that is killed or races. What it
// should be is in childVar, its database in the next word.
const childVar = "PGSTORE_TEST_CHILD"

func child(kind, dsn string) {
	s, err := Open(context.Background(), dsn, Options{})
	if err != nil {
		panic(err)
	}
	switch kind {
	case "load":
		loadChild(s)
	case "race":
		raceChild(s)
	}
}

// loadChild names each booking after it was acknowledged, until it is killed.
func loadChild(s *Store) {
	for client := range 4 {
		go func() {
			for n := 0; ; n++ {
				change := booked("prop_a", fmt.Sprintf("c%d-%d", client, n), n%50, 1+n%3)
				if err := s.ApplyBooking(context.Background(), change); err == nil {
					fmt.Println(change.Booking.ID)
				}
			}
		}()
	}
	select {}
}

const buyers = 100 // of each racing process

// raceChild waits for the start, then sends all of its buyers at once.
func raceChild(s *Store) {
	if _, err := s.Now(context.Background()); err != nil {
		panic(err)
	}
	fmt.Println("ready")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	var group sync.WaitGroup
	answers := make([]string, buyers)
	for i := range buyers {
		group.Go(func() {
			err := s.ApplyBooking(context.Background(), booked("prop_a", fmt.Sprintf("p%d-%d", os.Getpid(), i), 3, 2))
			switch {
			case err == nil:
				answers[i] = "won"
			case errors.Is(err, inventory.ErrSoldOut):
				answers[i] = "sold out"
			default:
				answers[i] = err.Error()
			}
		})
	}
	group.Wait()
	for _, a := range answers {
		fmt.Println(a)
	}
}

func startChild(t *testing.T, kind, dsn string) (*exec.Cmd, *bufio.Scanner, func()) {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), childVar+"="+kind+" "+dsn)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = cmd.Process.Kill(), cmd.Wait() })
	return cmd, bufio.NewScanner(out), func() { fmt.Fprintln(in, "go") }
}

// Property 6, for the store's part: the app is killed while it books.
func TestAppKilled(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		dsn := server.Database(t)
		s := open(t, dsn, Options{})
		hotel(t, s, "prop_a", 10_000)
		cmd, lines, _ := startChild(t, "load", dsn)
		time.AfterFunc(time.Second, func() { _ = cmd.Process.Kill() })
		acknowledged := 0
		for lines.Scan() {
			acknowledged++
			if _, err := s.Booking(t.Context(), lines.Text()); err != nil {
				t.Errorf("%s was acknowledged: %v", lines.Text(), err)
			}
		}
		if acknowledged == 0 {
			t.Error("nothing was acknowledged before the kill")
		}
		awaitSessions(t, s)
		recount(t, s, "prop_a")
	})
}

// awaitSessions waits until the server has noticed that the app is gone.
func awaitSessions(t *testing.T, s *Store) {
	t.Helper()
	for range 200 {
		var busy int
		err := s.pool.QueryRow(t.Context(), `
			select count(*) from pg_stat_activity
			where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`).Scan(&busy)
		if err != nil {
			t.Fatal(err)
		}
		if busy == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// Property 1, for several app processes on one database.
func TestTwoProcessesRaceForTheLastRoom(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		dsn := server.Database(t)
		s := open(t, dsn, Options{})
		hotel(t, s, "prop_a", 1)
		var outs []*bufio.Scanner
		var starts []func()
		for range 2 {
			_, out, start := startChild(t, "race", dsn)
			if !out.Scan() || out.Text() != "ready" {
				t.Fatalf("a process said %q", out.Text())
			}
			outs, starts = append(outs, out), append(starts, start)
		}
		for _, start := range starts {
			start()
		}
		answers := map[string]int{}
		for _, out := range outs {
			for out.Scan() {
				answers[out.Text()]++
			}
		}
		if answers["won"] != 1 || answers["sold out"] != 2*buyers-1 {
			t.Errorf("answers %v, want one winner and %d told sold out", answers, 2*buyers-1)
		}
		recount(t, s, "prop_a")
	})
}
