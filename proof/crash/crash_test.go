// Package crash kills a process before each statement of each write and after
// each one, starts another, lets the client ask again with the same key, and
// recounts. The points are not named: they are what the engine does, so that a
// statement that is added tomorrow is a point tomorrow.
package crash

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/internal/pgtest"
)

// orderVar marks the process that is to die, and tells it what to do before.
const orderVar = "VACANCY_TEST_CRASH"

// order is what the dying process does.
type order struct {
	Database   string
	Ahead      time.Duration // of its clock
	Verb       string
	Key, About string
	At         int64 // the step at which it dies
	Torn       bool  // its store has a fault that the sweep has to find
}

func TestMain(m *testing.M) {
	if text := os.Getenv(orderVar); text != "" {
		if err := obey(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	pgtest.Main(m)
}

// obey does the verb and dies on the way; it returns when the verb has fewer steps.
func obey(text string) error {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	var armed atomic.Bool
	var steps atomic.Int64
	h, err := enter(context.Background(), o.Database, o.Ahead, func(statement string) {
		if armed.Load() && writes(statement) && steps.Add(1) == o.At {
			die()
		}
	})
	if err != nil {
		return err
	}
	v := verbs[slices.IndexFunc(verbs, func(v verb) bool { return v.name == o.Verb })]
	switch {
	case o.Torn:
		h.store = torn{h.engine}
	case v.made == 3:
		h.store = &trio{Engine: h.engine}
	}
	if err := h.serve(); err != nil {
		return err
	}
	armed.Store(true)
	_, err = v.do(h, o.Key, o.About)
	return err
}

// writes tells whether a crash at a statement can differ from one at the
// statement before.
func writes(statement string) bool {
	return !strings.HasPrefix(strings.ToLower(strings.TrimSpace(statement)), "select")
}

func TestSQLite(t *testing.T) { sweepAll(t, filepath.Join(t.TempDir(), "vacancy.db")) }

func TestPostgres(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) { sweepAll(t, server.Database(t)) })
}

// scene is a database whose processes come and go.
type scene struct {
	*testing.T
	database string
	ahead    time.Duration
	round    int
	torn     bool
}

// Property 6, as far as nothing is paid in advance. Property 7. Property 15. Property 50, for the part of the store.
func sweepAll(t *testing.T, database string) {
	s := &scene{T: t, database: database, ahead: time.Until(spring)}
	s.in(func(h *house) error { return h.furnish() })
	for _, v := range verbs {
		t.Run(v.name, func(t *testing.T) {
			if testing.Short() && v.name != "book" {
				t.Skip("a short run sweeps one verb")
			}
			s.T = t
			for _, fault := range s.sweep(v) {
				t.Error(fault)
			}
		})
	}
}

// A store that writes the fact and its answer apart is found by the same sweep.
func TestTornWriteIsFound(t *testing.T) {
	s := &scene{T: t, database: filepath.Join(t.TempDir(), "vacancy.db"), ahead: time.Until(spring), torn: true}
	s.in(func(h *house) error { return h.furnish() })
	book := verbs[slices.IndexFunc(verbs, func(v verb) bool { return v.name == "book" })]
	faults := s.sweep(book)
	if !slices.ContainsFunc(faults, func(fault string) bool { return strings.Contains(fault, "2 bookings were made, want 1") }) {
		t.Errorf("no crash made a second booking: %q", faults)
	}
}

// sweep dies at every step of a verb; under -short at every sixth.
func (s *scene) sweep(v verb) (faults []string) {
	s.Helper()
	stride := 1
	if testing.Short() {
		stride = 6
	}
	points, applied := 0, 0
	for step := 1; ; step += stride {
		died, done, found := s.crash(v, step)
		faults = append(faults, found...)
		if !died {
			break
		}
		points++
		if done {
			applied++
		}
	}
	s.Logf("died at %d steps; at %d of them the write was done", points, applied)
	if stride == 1 && (points < 2 || applied == 0 || applied == points) {
		faults = append(faults, "the sweep must meet steps before the commit and steps after it")
	}
	return faults
}

// in runs f in a process of its own, as far as the database can tell.
func (s *scene) in(f func(h *house) error) {
	s.Helper()
	h, err := enter(s.Context(), s.database, s.ahead, nil)
	if err == nil {
		err = errors.Join(f(h), h.store.Close())
	}
	if err != nil {
		s.Fatal(err)
	}
}

// crash dies at one step of the verb, and looks what came of it: whether the verb
// has that step, whether the write was done by then, and what is wrong now.
func (s *scene) crash(v verb, step int) (died, done bool, faults []string) {
	s.Helper()
	s.round++
	o := order{Database: s.database, Verb: v.name, Key: fmt.Sprintf("%s %d", v.name, s.round), At: int64(step), Torn: s.torn}
	var before booking.Audit
	s.in(func(h *house) (err error) {
		if err = h.serve(); err == nil {
			_, err = h.Sweep(h.ctx, 1000)
		}
		if err == nil {
			o.About, err = v.prepare(h, s.round)
		}
		if err == nil {
			before, err = h.store.Audit(h.ctx)
		}
		return err
	})
	s.ahead += v.later
	o.Ahead = s.ahead
	died = s.execute(o)
	s.in(func(h *house) (err error) {
		if err = h.serve(); err != nil {
			return err
		}
		done = s.done(h, v, o)
		faults, err = recount(h, v, o, before)
		return err
	})
	return died, done, faults
}

// execute starts the process that dies, and tells whether it did.
func (s *scene) execute(o order) (died bool) {
	s.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		s.Fatal(err)
	}
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), orderVar+"="+string(text))
	var complaints bytes.Buffer
	child.Stderr = &complaints
	err = child.Run()
	if complaints.Len() > 0 {
		s.Fatalf("step %d: the process complains: %s", o.At, complaints.String())
	}
	return err != nil
}

// done tells whether the write was applied before the crash.
func (s *scene) done(h *house, v verb, o order) bool {
	s.Helper()
	if v.want == booking.Expired {
		b, err := h.Booking(h.ctx, o.About)
		return err == nil && b.State() == booking.Expired
	}
	key := o.Key
	if v.made == 3 {
		key += " 0"
	}
	stored, err := h.store.Request(h.ctx, houseID, caller, key)
	if err != nil {
		s.Error(err)
	}
	return stored != nil
}

// recount asks again with the same key, twice, and counts what is there.
func recount(h *house, v verb, o order, before booking.Audit) (faults []string, err error) {
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Sprintf("step %d: ", o.At)+fmt.Sprintf(format, args...))
	}
	answer, err := v.do(h, o.Key, o.About)
	if err != nil {
		fault("asked again: %v", err)
	}
	if again, err := v.do(h, o.Key, o.About); err != nil || again != answer {
		fault("asked twice: %s and %s, %v", answer, again, err)
	}
	for line := range strings.Lines(answer) {
		b, err := h.made(booking.Answer{Body: []byte(line)}, nil)
		if err != nil || b.State() != v.want {
			fault("the booking is %v, %v; want %s", b.Stays, err, v.want)
		}
	}
	after, err := h.store.Audit(h.ctx)
	if after.Bookings != before.Bookings+int64(v.made) {
		fault("%d bookings were made, want %d", after.Bookings-before.Bookings, v.made)
	}
	for _, b := range after.Breaks {
		fault("%+v", b)
	}
	return faults, err
}
