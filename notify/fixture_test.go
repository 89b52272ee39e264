package notify_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/internal/pgtest"
	"github.com/vacancyhq/vacancy/notify"
	"github.com/vacancyhq/vacancy/notify/filemail"
	"github.com/vacancyhq/vacancy/notify/notifytest"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/jobs"
	"github.com/vacancyhq/vacancy/store/pgstore"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
	"github.com/vacancyhq/vacancy/traveller"
	"github.com/vacancyhq/vacancy/world"
)

func TestMain(m *testing.M) {
	if folder := os.Getenv(blockedFolder); folder != "" {
		blockedChild(folder)
	}
	pgtest.Main(m)
}

// place is a house on sale with a post office: everything that runs is the real
// thing, down to the files that mail ends in.
type place struct {
	*booking.Service
	t       testing.TB
	ctx     context.Context
	store   store.Store
	house   property.Property
	room    string
	reviews *review.Service
	guests  *traveller.Service
	folder  string
	mail    *filemail.Folder
	meters  *notify.Meters
	log     *lines
	queueOf func(o jobs.Options) *jobs.Queue

	mu    sync.Mutex
	ahead time.Duration // of the store's clock
}

func (p *place) offset() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ahead
}

// shift moves the store's clock on.
func (p *place) shift(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ahead += d
}

// lines is a log that tests read.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(data)
}

func (l *lines) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), text)
}

// each runs a test on both engines.
func each(t *testing.T, test func(t *testing.T, p *place)) {
	t.Run("sqlite", func(t *testing.T) { test(t, onFile(t, t.TempDir())) })
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		p := &place{t: t, ctx: t.Context()}
		dsn := server.Database(t)
		s, err := pgstore.Open(p.ctx, dsn, pgstore.Options{Offset: p.offset})
		p.must(err)
		t.Cleanup(func() { _ = s.Close() })
		p.queueOf = func(o jobs.Options) *jobs.Queue {
			q, err := jobs.OnServer(p.ctx, dsn, s, o)
			p.must(err)
			return q
		}
		p.open(s, t.TempDir())
		test(t, p)
	})
}

func onFile(t testing.TB, folder string) *place {
	p := &place{t: t, ctx: context.WithoutCancel(t.Context())}
	s, err := sqlitestore.Open(p.ctx, filepath.Join(folder, "house.db"), sqlitestore.Options{
		Clock: func() time.Time { return time.Now().Add(p.offset()).Truncate(time.Microsecond).UTC() },
	})
	p.must(err)
	t.Cleanup(func() { _ = s.Close() })
	p.queueOf = func(o jobs.Options) *jobs.Queue {
		q, err := jobs.InFile(p.ctx, filepath.Join(folder, "house.db.jobs"), s, o)
		p.must(err)
		return q
	}
	p.open(s, folder)
	return p
}

// open puts a house on sale, unless the store has it.
func (p *place) open(s store.Store, folder string) {
	p.store, p.log, p.meters = s, &lines{}, notify.NewMeters()
	p.must(s.Migrate(p.ctx))
	all, err := s.Properties(p.ctx, "", "", 1)
	p.must(err)
	if len(all) == 0 {
		w, err := world.New(world.Options{Seed: 1, Properties: 40, TenantID: "ten_a", Today: stay.On(time.Now(), time.UTC) - 1})
		p.must(err)
		house := w.Bundle(3)
		for i := range house.Inventory.Settings { // nobody else has taken a room
			night := &house.Inventory.Settings[i]
			night.Stock, night.OutOfOrder = new(9), nil
		}
		p.must(s.Import(p.ctx, house))
		all, err = s.Properties(p.ctx, "", "", 1)
		p.must(err)
	}
	p.house = all[0]
	rooms, err := s.RoomTypes(p.ctx, p.house.ID)
	p.must(err)
	p.room = rooms[0].ID
	ids, err := ident.New("eu", time.Now)
	p.must(err)
	keys, err := account.OpenKeyring(p.ctx, s, ids, time.Now)
	p.must(err)
	p.Service = booking.NewService(s, keys, ids, sandboxpay.New(nil))
	p.reviews = review.NewService(s, ids)
	p.guests = traveller.NewService(s, p.Service, ids, time.Now)
	p.folder = filepath.Join(folder, "mail")
	p.mail, err = filemail.Open(p.folder)
	p.must(err)
}

func (p *place) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *place) logger() *slog.Logger { return slog.New(slog.NewTextHandler(p.log, nil)) }

// worker writes mail and hands it to sender; nil: to the folder.
func (p *place) worker(sender notify.Sender) *notify.Worker {
	if sender == nil {
		sender = p.mail
	}
	return notify.NewWorker(notify.Options{
		Bookings: p.Service, Houses: p.store, Reviews: p.reviews, Sender: sender,
		From: notify.Address{Email: "mail@stay.example"}, BaseURL: "https://stay.example/",
		Now: p.store.Now, Wall: time.Now, Meters: p.meters, Logger: p.logger(), FirstRetry: time.Microsecond,
	})
}

// office runs the tailer and the jobs until the returned function is called.
func (p *place) office(sender notify.Sender) (queue *jobs.Queue, stop func()) {
	workers := river.NewWorkers()
	w := p.worker(sender)
	river.AddWorker(workers, w)
	river.AddWorker(workers, &notify.SignInWorker{
		Links: p.guests, Sender: w.Sender, From: w.From, BaseURL: w.BaseURL, Wall: time.Now, Meters: p.meters, Logger: p.logger(), FirstRetry: time.Microsecond,
	})
	queue = p.queueOf(jobs.Options{Workers: workers, Log: slog.New(slog.DiscardHandler), Timeout: time.Second, Lease: 1500 * time.Millisecond})
	ctx, cancel := context.WithCancel(context.WithoutCancel(p.ctx))
	var loops sync.WaitGroup
	loops.Go(func() { _ = queue.Run(ctx) })
	loops.Go(func() { _ = notify.NewTailer(p.store, queue, p.logger()).Run(ctx) })
	stop = sync.OnceFunc(func() {
		cancel()
		loops.Wait()
		queue.Close()
	})
	p.t.Cleanup(stop)
	return queue, stop
}

// until polls for what other processes and loops do.
func (p *place) until(what string, done func() bool) {
	p.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if done() {
			return
		}
	}
	p.t.Fatalf("never: %s", what)
}

// sent is the mails in the folder by Message-ID.
func (p *place) sent() map[string]notifytest.Mail {
	p.t.Helper()
	names, err := filepath.Glob(filepath.Join(p.folder, "*.eml"))
	p.must(err)
	all := make(map[string]notifytest.Mail)
	for _, name := range names {
		data, err := os.ReadFile(name)
		p.must(err)
		m := notifytest.Read(p.t, data)
		all[m.Header["Message-Id"]] = m
	}
	return all
}

// kinds counts the mails by what they are about.
func (p *place) kinds() map[string]int {
	counts := make(map[string]int)
	for id := range p.sent() {
		kind, _, _ := strings.Cut(strings.TrimPrefix(id, "<"), ".")
		counts[kind]++
	}
	return counts
}

func command(key string) booking.Command {
	return booking.Command{
		Caller: "stf_1", Channel: "web", Key: key, Fingerprint: sha256.Sum256([]byte(key)),
		Render: func(r booking.Result) (int, []byte) { return 201, fmt.Appendf(nil, `{"id":%q}`, r.Booking.ID) },
	}
}

func (p *place) made(answer booking.Answer, err error) booking.Booking {
	p.t.Helper()
	p.must(err)
	var body struct{ ID string }
	p.must(json.Unmarshal(answer.Body, &body))
	b, err := p.Booking(p.ctx, body.ID)
	p.must(err)
	return b
}

// today is the date at the house.
func (p *place) today() stay.Date {
	now, err := p.store.Now(p.ctx)
	p.must(err)
	zone, err := stay.Zone(p.house.Zone)
	p.must(err)
	return stay.On(now, zone)
}

func (p *place) contract(days int) []booking.Contract {
	from := p.today().Add(days)
	return []booking.Contract{{
		PropertyID: p.house.ID, RoomTypeID: p.room, Stay: stay.Stay{Arrival: from, Departure: from + 2},
		Party: stay.Party{Adults: 2, ChildAges: []int{5}}, Currency: p.house.Currency, Nights: []int64{123_456, 10_000}, Reason: "by phone",
		Forced: true,
	}}
}

func ada(language string) booking.Purchase {
	return booking.Purchase{Guest: guest.Guest{Name: "Ada Lovelace", Email: "ada@example.com", Language: language}}
}

// book makes a booking of two nights that begin in so many days.
func (p *place) book(key string, days int) booking.Booking {
	p.t.Helper()
	return p.made(p.BookContract(p.ctx, command(key), p.contract(days), ada("en")))
}
