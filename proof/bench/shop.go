package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/pgstore"
)

// shop is the product as a process, on a database of its own beside the field's:
// its houses sell from tomorrow on, and are open as far as the horizon, so that
// its daily work finds nothing to do.
type shop struct {
	field   *field
	name    string // of the database
	raw     *pgxpool.Pool
	process *exec.Cmd
	log     *os.File
	address string
	client  *http.Client
	today   stay.Date
	houses  []string
}

const (
	shopHouses = 60
	shopNights = 300 // on which guests arrive
	shopTerms  = "2030-01"
)

func openShop(ctx context.Context, f *field) (_ *shop, err error) {
	s := &shop{field: f, name: f.name + "_http", client: newClient(), today: stay.On(clock(), time.UTC)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close(ctx))
		}
	}()
	if _, err := f.admin.Exec(ctx, "create database "+s.name); err != nil {
		return s, err
	}
	dsn := withDatabase(f.dsn, s.name)
	if err := s.furnish(ctx, dsn); err != nil {
		return s, fmt.Errorf("over HTTP: %w", err)
	}
	if s.raw, err = pgxpool.New(ctx, dsn); err != nil {
		return s, err
	}
	if _, err := s.raw.Exec(ctx, "vacuum analyze"); err != nil {
		return s, err
	}
	return s, s.start(dsn)
}

func (s *shop) furnish(ctx context.Context, dsn string) error {
	engine, err := pgstore.Open(ctx, dsn, pgstore.Options{})
	if err != nil {
		return err
	}
	err = engine.Migrate(ctx)
	for i := 0; i < shopHouses && err == nil; i++ {
		house := s.house(i)
		s.houses = append(s.houses, house.Property.PropertyID)
		err = engine.Import(ctx, house)
	}
	return errors.Join(err, engine.Close())
}

// house is one of the field's houses with one room type, prices, and nights up to the horizon.
func (s *shop) house(i int) store.Bundle {
	b := world{}.house(i)
	id, room := b.Property.PropertyID, b.Property.RoomTypes[0]
	b.Property.RoomTypes = []property.RoomType{room}
	b.Property.Property.TermsVersion = shopTerms
	b.Property.Property.Taxes = []property.Tax{{
		Code: "city", Name: "City tax", Kind: property.TaxPerPersonNight, Amount: money.RatOf(250, 1), OnSite: true,
	}}
	b.Rates.Calendars = []rate.Calendar{{PropertyID: id, PlanID: planID(i), RoomTypeID: room.ID, Prices: []rate.Price{{
		Span: rate.Span{From: s.today, Through: s.today.Add(inventory.Horizon), Days: stay.EveryDay},
		Base: []rate.Base{{Guests: 2, Amount: money.RatOf(12_900, 1)}},
	}}}}
	for n := range inventory.Horizon + 2 {
		b.Inventory.Settings = append(b.Inventory.Settings, inventory.Setting{
			Key: inventory.Key{RoomTypeID: room.ID, Night: s.today.Add(n - 1)}, Stock: new(plenty),
		})
	}
	return b
}

var servingAt = regexp.MustCompile(`address=(http://127\.0\.0\.1:\d+)`)

// mailFolder is where the guests' mail goes, beside the log.
func (s *shop) mailFolder() string { return s.log.Name() + ".mail" }

// start waits until the process says where it serves, and that it is ready.
func (s *shop) start(dsn string) (err error) {
	if s.log, err = os.CreateTemp("", "vacancy-bench-*.log"); err != nil {
		return err
	}
	s.process = exec.Command(s.field.Program, "serve", "--db", dsn, "--listen", "127.0.0.1:0", "--trusted-proxy", "127.0.0.0/8", "--mail", "file:"+s.mailFolder(), "--search-snapshot", "off")
	s.process.Stdout, s.process.Stderr = s.log, s.log
	if err := s.process.Start(); err != nil {
		return err
	}
	for range 600 {
		time.Sleep(50 * time.Millisecond)
		text, err := os.ReadFile(s.log.Name())
		if err != nil {
			return err
		}
		found := servingAt.FindSubmatch(text)
		if found == nil {
			continue
		}
		s.address = string(found[1])
		if response, err := s.client.Get(s.address + "/readyz"); err == nil {
			if err := response.Body.Close(); err != nil || response.StatusCode == http.StatusOK {
				return err
			}
		}
	}
	text, _ := os.ReadFile(s.log.Name())
	return fmt.Errorf("over HTTP: the product does not serve:\n%s", text)
}

func (s *shop) close(ctx context.Context) error {
	s.client.CloseIdleConnections()
	var errs []error
	if s.process != nil && s.process.Process != nil {
		errs = append(errs, s.process.Process.Kill())
		_ = s.process.Wait() // It was killed.
	}
	if s.log != nil {
		errs = append(errs, s.log.Close(), os.Remove(s.log.Name()), os.RemoveAll(s.mailFolder()))
	}
	if s.raw != nil {
		s.raw.Close()
	}
	_, err := s.field.admin.Exec(ctx, "drop database if exists "+s.name+" with (force)")
	return errors.Join(append(errs, err)...)
}

func (s *shop) recount(ctx context.Context) (all sums, err error) {
	err = s.raw.QueryRow(ctx, recount).Scan(&all.bookings, &all.requests, &all.changes, &all.sold, &all.held, &all.over)
	return all, err
}

// cpu counts the process that serves among the server's. What is left, this
// process, is the load generator.
func (s *shop) cpu() (spent, error) {
	now, err := s.field.cpu()
	if err != nil {
		return now, err
	}
	pid := s.process.Process.Pid
	now.children[pid] = ticksOf(pid)
	return now, nil
}

// ticksOf is the CPU time of a process with many threads, by /proc/PID/stat: user
// and system, in ticks of 10 ms; 0 where there is no such file.
func ticksOf(pid int) (total time.Duration) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, after, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(after)
	for i := 11; i <= 12 && i < len(fields); i++ {
		ticks, _ := strconv.ParseInt(fields[i], 10, 64)
		total += time.Duration(ticks) * 10 * time.Millisecond
	}
	return total
}
