package jobs_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/vacancyhq/vacancy/internal/pgtest"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/jobs"
	"github.com/vacancyhq/vacancy/store/pgstore"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// note is a job that counts how often it was done.
type note struct {
	N int `json:"n" river:"unique"`
}

func (note) Kind() string { return "note" }

type counter struct {
	river.WorkerDefaults[note]
	mu   sync.Mutex
	done map[int]int
}

func (c *counter) Work(_ context.Context, job *river.Job[note]) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done[job.Args.N]++
	return nil
}

func (c *counter) counts() (jobs, times int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range c.done {
		times += n
	}
	return len(c.done), times
}

// engine is a store with a way to open its queue.
type engine struct {
	store.Store
	open func(o jobs.Options) (*jobs.Queue, error)
}

func each(t *testing.T, test func(t *testing.T, e engine)) {
	t.Run("file", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "house.db")
		s, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{})
		must(t, err)
		t.Cleanup(func() { _ = s.Close() })
		must(t, s.Migrate(t.Context()))
		test(t, engine{s, func(o jobs.Options) (*jobs.Queue, error) { return jobs.InFile(t.Context(), path+".jobs", s, o) }})
	})
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		dsn := server.Database(t)
		s, err := pgstore.Open(t.Context(), dsn, pgstore.Options{})
		must(t, err)
		t.Cleanup(func() { _ = s.Close() })
		must(t, s.Migrate(t.Context()))
		test(t, engine{s, func(o jobs.Options) (*jobs.Queue, error) { return jobs.OnServer(t.Context(), dsn, s, o) }})
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func at(n int) outbox.Position { return outbox.Position{Major: uint64(n)} }

func notes(from, to int) []river.InsertManyParams {
	var all []river.InsertManyParams
	for n := from; n < to; n++ {
		all = append(all, river.InsertManyParams{Args: note{n}})
	}
	return all
}

// Property 50: handed over once, or again after a crash, each job is done once.
func TestHandedOverOnce(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		c := &counter{done: make(map[int]int)}
		workers := river.NewWorkers()
		river.AddWorker(workers, c)
		q, err := e.open(jobs.Options{Workers: workers})
		must(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = q.Run(ctx) })
		t.Cleanup(func() {
			cancel()
			running.Wait()
			q.Close()
		})
		must(t, q.Hand(t.Context(), "r", at(0), at(5), notes(0, 100)))
		must(t, q.Hand(t.Context(), "r", at(5), at(9), nil))
		if got, err := e.Cursor(t.Context(), "r"); err != nil || got != at(9) {
			t.Errorf("the cursor is at %v, %v", got, err)
		}
		// The same page from the same place: of another process, or after a crash.
		err = q.Hand(t.Context(), "r", at(0), at(5), notes(0, 100))
		if err != nil && !errors.Is(err, outbox.ErrMoved) {
			t.Error(err)
		}
		must(t, q.Hand(t.Context(), "another", at(0), at(1), notes(100, 101)))
		for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
			if n, _ := c.counts(); n == 101 {
				break
			}
		}
		if n, times := c.counts(); n != 101 || times != 101 {
			t.Errorf("%d jobs were done %d times", n, times)
		}
		if oldest, err := q.Oldest(t.Context(), "nothing of this kind"); err != nil || oldest != nil {
			t.Errorf("oldest %v, %v", oldest, err)
		}
	})
}

// Of several processes that read the same page one hands it over; the jobs and
// the cursor are together or not at all.
func TestOneOfSeveralHandsOver(t *testing.T) {
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		dsn := server.Database(t)
		s, err := pgstore.Open(t.Context(), dsn, pgstore.Options{})
		must(t, err)
		t.Cleanup(func() { _ = s.Close() })
		must(t, s.Migrate(t.Context()))
		workers := river.NewWorkers()
		river.AddWorker(workers, &counter{done: make(map[int]int)})
		var queues []*jobs.Queue
		var opening sync.WaitGroup
		made := make(chan *jobs.Queue, 4)
		for range cap(made) { // together, on a database without River's tables
			opening.Go(func() {
				q, err := jobs.OnServer(t.Context(), dsn, s, jobs.Options{Workers: workers})
				if err != nil {
					t.Error(err)
					return
				}
				made <- q
			})
		}
		opening.Wait()
		close(made)
		for q := range made {
			queues = append(queues, q)
			t.Cleanup(q.Close)
		}
		var handed, moved atomic.Int32
		var all sync.WaitGroup
		for _, q := range queues {
			all.Go(func() {
				for page := range 20 {
					switch err := q.Hand(t.Context(), "r", at(page), at(page+1), notes(page*10, page*10+10)); {
					case err == nil:
						handed.Add(1)
					case errors.Is(err, outbox.ErrMoved):
						moved.Add(1)
					default:
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		if cursor, err := s.Cursor(t.Context(), "r"); err != nil || cursor != at(int(handed.Load())) {
			t.Errorf("the cursor is at %v after %d pages were handed over (%d too late), %v", cursor, handed.Load(), moved.Load(), err)
		}
		// A page whose jobs cannot be written does not move the cursor.
		broken := []river.InsertManyParams{{Args: unknown{}}}
		before, err := s.Cursor(t.Context(), "r")
		must(t, err)
		if err := queues[0].Hand(t.Context(), "r", before, at(1_000), broken); err == nil {
			t.Error("a job that nobody works on was taken")
		}
		if after, err := s.Cursor(t.Context(), "r"); err != nil || after != before {
			t.Errorf("the cursor went from %v to %v without its jobs, %v", before, after, err)
		}
	})
}

// unknown is a job without a worker.
type unknown struct{}

func (unknown) Kind() string { return "unknown" }
