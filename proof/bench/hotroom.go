package bench

import (
	"context"
	"errors"
	"fmt"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/stay"
)

// crowd is how many clients want the same room.
const crowd = 128

// lastRooms is the stock that a crowd of the last room finds.
const lastRooms = 100

// HotRoom measures everyone after one room against the textbook: once where
// everybody gets one, and once where nearly nobody does.
func HotRoom(ctx context.Context, o Options) (*Report, error) {
	w := world{houses: 1, nights: 2 * 365}
	if o.Quick {
		w.nights = 60
	}
	report, err := onPostgres(ctx, o, w, func(f *field) error {
		if f.wants("hot") {
			if err := f.allWin(ctx); err != nil {
				return err
			}
		}
		if f.wants("last") {
			return f.lastRoom(ctx)
		}
		return nil
	})
	if err == nil {
		report.quiet()
	}
	return report, err
}

// allWin lets the crowd after one night until it is full, then after the next.
func (f *field) allWin(ctx context.Context) error {
	var ratios []float64
	half := f.nights / 2
	night, since := 0, serial.Load()
	// What is left of a night when a slice ends is left: a retry would be no win.
	hot := func(n int64) wish { return wish{night: (night + int(n-since)/plenty) % half, nights: 1} }
	next := func() { night, since = night+1+int(serial.Load()-since)/plenty, serial.Load() }
	for round := range f.rounds() {
		l := load{workload: "hot room", clients: crowd, round: round + 1}
		s1, _, err := f.subject(ctx, l, func(p *product) work { next(); return p.books(hot) })
		if err != nil {
			return err
		}
		next()
		a, err := f.bestBook(ctx, l, hot, won)
		if err != nil {
			return err
		}
		s2, _, err := f.subject(ctx, l, func(p *product) work { next(); return p.books(hot) })
		if err != nil {
			return err
		}
		ratios = append(ratios, mean(perSecond, s1, s2)/a.Rate)
	}
	f.report.judge("hot room, all win, 128 clients, rate / textbook", ratios, 20, 40)
	return nil
}

// lastRoom gives every slice a night of its own with 100 rooms.
func (f *field) lastRoom(ctx context.Context) error {
	var ratios []float64
	night := f.nights / 2
	for round := range f.rounds() {
		l := load{workload: "last room", clients: crowd, round: round + 1}
		s1, err := f.rush(ctx, l, &night)
		if err != nil {
			return err
		}
		if err := f.fewLeft(ctx, &night); err != nil {
			return err
		}
		at := night
		a, err := f.bestBook(ctx, l, func(int64) wish { return wish{night: at, nights: 1} }, refused)
		if err != nil {
			return err
		}
		s2, err := f.rush(ctx, l, &night)
		if err != nil {
			return err
		}
		ratios = append(ratios, mean(perSecond, s1, s2)/a.Rate)
	}
	f.report.judge("last room, 128 clients, refusals / textbook", ratios, 40, 80)
	return nil
}

func (f *field) rush(ctx context.Context, l load, night *int) (Row, error) {
	if err := f.fewLeft(ctx, night); err != nil {
		return Row{}, err
	}
	at := *night
	row, p, err := f.subject(ctx, l, func(p *product) work {
		return p.refusals(func(int64) wish { return wish{night: at, nights: 1} })
	})
	if sold := p.done.sold.Load(); err == nil && sold != lastRooms {
		f.report.fault("last room, round %d: %d of %d rooms sold", l.round, sold, lastRooms)
	}
	return row, err
}

// fewLeft moves on to another night and leaves few rooms there, for both.
func (f *field) fewLeft(ctx context.Context, night *int) error {
	*night++
	if *night >= f.nights {
		return fmt.Errorf("no night is left for another slice: fewer rounds, please")
	}
	_, err := f.raw.Exec(ctx, `update textbook_night set cap = $1 where night = $2`, lastRooms, date(*night))
	if err != nil {
		return err
	}
	return f.combined.ApplyInventory(ctx, inventory.Change{
		PropertyID: houseID(0),
		Settings:   []inventory.Setting{{Key: keyOn(opening.Add(*night)), Stock: new(lastRooms)}},
	})
}

func keyOn(night stay.Date) inventory.Key {
	return inventory.Key{RoomTypeID: roomID(0, 0), Night: night}
}

func refused(err error) (int, error) {
	if errors.Is(err, inventory.ErrSoldOut) {
		return 1, nil
	}
	return 0, err
}
