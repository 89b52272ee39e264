package storetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/store"
)

// Crash is how an engine is killed in mid-load and opened again.
type Crash struct {
	// Reopen opens the database, which must outlive the processes that use it.
	// The suite calls it first to put a house on sale, and again after the kill;
	// what it opens is closed before the child starts (Close of the Opened's Store).
	Reopen func(t *testing.T) Opened
	// Child is a process that opens the database and calls BookUntilKilled with
	// its standard output: the test binary itself, started again with a marker in
	// its environment that TestMain understands.
	Child func() *exec.Cmd
	// Kill ends what is to die; nil kills the child with SIGKILL. An engine with a
	// server of its own kills that one too, or instead.
	Kill func(t *testing.T, child *exec.Cmd)
}

// crashStock is the rooms of each type: more than a run can sell.
const crashStock = inventory.MaxStock

// KillMidLoad kills a process that books as fast as it can, opens the database
// again, and looks for every booking that was acknowledged.
//
// Property 6, as far as the store goes: nothing acknowledged is lost, nothing is half there.
func KillMidLoad(t *testing.T, crash Crash) {
	o := crash.Reopen(t)
	OnSale(t, o)
	if err := o.Store.Close(); err != nil {
		t.Fatal(err)
	}
	var acknowledged []string
	for round := range scale(3, 1) {
		lines := loadAndKill(t, crash, scale(400, 100)*(round+1))
		t.Logf("round %d: killed after %d acknowledged bookings", round, len(lines))
		acknowledged = append(acknowledged, lines...)
		o := crash.Reopen(t)
		checkAcknowledged(t, o, acknowledged)
		if err := o.Store.Close(); err != nil {
			t.Error(err)
		}
	}
}

// loadAndKill kills the child once it has acknowledged so many bookings, and
// gives all that it acknowledged until it was dead.
func loadAndKill(t *testing.T, crash Crash, after int) []string {
	t.Helper()
	child := crash.Child()
	var complaints strings.Builder
	child.Stderr = &complaints
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for scan := bufio.NewScanner(out); scan.Scan(); {
		if lines = append(lines, scan.Text()); len(lines) == after {
			if crash.Kill != nil {
				crash.Kill(t, child)
			} else if err := child.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	if err := child.Wait(); err == nil || len(lines) < after {
		t.Fatalf("the child ended by itself after %d bookings: %v\n%s", len(lines), err, complaints.String())
	}
	return lines
}

// checkAcknowledged wants each booking in the state that was acknowledged, with
// its request, and the house in order.
func checkAcknowledged(t *testing.T, o Opened, lines []string) {
	t.Helper()
	h := sketch(t, o, "prop_house", crashStock, crashStock)
	stored := make(map[string]booking.Booking)
	for _, b := range h.bookings() {
		stored[b.ID] = b
	}
	for _, line := range lines {
		id, state, ok := strings.Cut(line, " ")
		b, found := stored[id]
		switch {
		case !ok: // cut off by the kill: not acknowledged
		case !found:
			t.Errorf("acknowledged booking %s is lost", id)
		case string(b.State()) != state && b.State() != booking.Confirmed:
			t.Errorf("booking %s is %s, acknowledged as %s", id, b.State(), state)
		}
	}
	if n := h.count(`SELECT count(*) FROM request`); n != int64(len(stored)) {
		t.Errorf("%d requests for %d bookings", n, len(stored))
	}
	h.audit()
}

// BookUntilKilled is the child's half: it books from several goroutines, holds
// as well as bookings, and prints each one once the store has acknowledged it.
// It ends only by an error or with ctx.
func BookUntilKilled(ctx context.Context, s store.Store, out io.Writer) error {
	var print sync.Mutex
	var t childTB
	h := sketch(&t, Opened{Store: s}, "prop_house", crashStock, crashStock)
	h.ctx = ctx
	h.serial.Store(time.Now().UnixMilli() % 10_000_000 * 1_000) // past the ids of an earlier child
	return errors.Join(together(8, func(worker int) error {
		for n := 0; ctx.Err() == nil; n++ {
			change := h.hold(h.stay(0, n%30, 1+n%3), h.stay(1, n%25, 1+worker%4))
			change.Request = h.request("key_a", change.Booking.ID, "{}")
			if err := acknowledged(h, &print, out, change); err != nil {
				return err
			}
			if n%2 == 0 {
				if err := acknowledged(h, &print, out, h.confirm(change.Booking)); err != nil {
					return err
				}
			}
		}
		return ctx.Err()
	})...)
}

func acknowledged(h *house, print *sync.Mutex, out io.Writer, change booking.Change) error {
	err := h.apply(change)
	if errors.Is(err, outbox.ErrBusy) || errors.Is(err, outbox.ErrUnknownOutcome) {
		return nil // told to try again: nothing was promised
	}
	if err != nil {
		return err
	}
	print.Lock()
	defer print.Unlock()
	_, err = fmt.Fprintln(out, change.Booking.ID, change.Booking.State())
	return err
}

// childTB lets the builders of the suite run outside of a test.
type childTB struct{ testing.TB }

func (childTB) Helper() {}

func (childTB) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

// OnSale puts the house on sale that BookUntilKilled books in.
func OnSale(t *testing.T, o Opened) { newHouse(t, o, crashStock, crashStock) }

// Audit recounts that house: counters from bookings, rows from events.
func Audit(t *testing.T, o Opened) { sketch(t, o, "prop_house", crashStock, crashStock).audit() }
