package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store"
	"github.com/vacancyhq/vacancy/store/pgstore"
)

// What is promised of a change's way to the search that shows it (DESIGN 8).
const (
	searchableWithin = 250.0 // milliseconds after the commit
	freshChanges     = 400
	followedHotels   = 10 // are enough for a log that an index follows
)

// fresh puts hotels into a real store on PostgreSQL, closes and opens rooms, and
// says how long after each commit a search shows it. The index hears of it as
// in the product: by the outbox.
func (b *searchBench) fresh(ctx context.Context) (err error) {
	changes := freshChanges
	if b.Quick {
		changes = 20
	}
	server, err := startServer(ctx, b.Options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.close(context.WithoutCancel(ctx))) }()
	hotels, err := shapedHotels(b.today, followedHotels)
	if err != nil {
		return err
	}
	took, err := follow(ctx, server.dsn, hotels, b.today.Add(30), changes)
	if err != nil {
		return err
	}
	b.report.judgeMost("committed to searchable by PostgreSQL's outbox, p99, ms", []float64{percentile(took, 99)}, searchableWithin, 20)
	b.report.note("committed to searchable, p50, ms", []float64{percentile(took, 50)})
	return nil
}

// follow is the times of so many changes to one night.
func follow(ctx context.Context, dsn string, bundles []store.Bundle, night stay.Date, changes int) (took []time.Duration, err error) {
	s, err := pgstore.Open(ctx, dsn, pgstore.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.Migrate(ctx); err != nil {
		return nil, err
	}
	if err := s.Import(ctx, bundles...); err != nil {
		return nil, err
	}
	index, err := memindex.Open(ctx, s, memindex.Options{Now: time.Now})
	if err != nil {
		return nil, err
	}
	following, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- index.Run(following) }()
	defer func() { stop(); <-ended }()
	p := probe{store: s, index: index, night: night}
	hotels, err := p.selling(ctx, bundles)
	if err != nil {
		return nil, err
	}
	for n := range changes {
		one, err := p.change(ctx, &hotels[n/2%len(hotels)], n%2)
		if err != nil {
			return nil, err
		}
		took = append(took, one)
	}
	return took, nil
}

// probe closes and opens one night of a hotel.
type probe struct {
	store store.Store
	index search.Index
	night stay.Date
}

// lost is how long a change may take before the index does not follow at all.
const lost = 10 * time.Second

// selling is the hotels that sell the night.
func (p *probe) selling(ctx context.Context, bundles []store.Bundle) (hotels []store.Bundle, err error) {
	for _, b := range bundles {
		open, err := p.sells(ctx, b.Property.PropertyID)
		if err != nil {
			return nil, err
		}
		if open {
			hotels = append(hotels, b)
		}
	}
	if len(hotels) == 0 {
		err = errors.New("bench: no hotel sells the night")
	}
	return hotels, err
}

func (p *probe) sells(ctx context.Context, id string) (bool, error) {
	page, err := p.index.Search(ctx, search.Query{
		PlaceID: id, Stay: &stay.Stay{Arrival: p.night, Departure: p.night.Add(1)}, Parties: []stay.Party{{Adults: 2}},
	})
	return page.Total > 0, err
}

// change gives every room type of a hotel so many rooms and waits until a search says so.
func (p *probe) change(ctx context.Context, b *store.Bundle, rooms int) (time.Duration, error) {
	change := inventory.Change{PropertyID: b.Property.PropertyID, Force: true, By: "bench"}
	for _, r := range b.Property.RoomTypes {
		change.Settings = append(change.Settings, inventory.Setting{
			Key: inventory.Key{RoomTypeID: r.ID, Night: p.night}, Stock: &rooms, OutOfOrder: new(0), Overbooking: new(0), Blocked: new(0),
		})
	}
	slices.SortFunc(change.Settings, func(a, b inventory.Setting) int { return a.Compare(b.Key) })
	if err := p.store.ApplyInventory(ctx, change); err != nil {
		return 0, err
	}
	for committed := time.Now(); ; {
		open, err := p.sells(ctx, b.Property.PropertyID)
		took := time.Since(committed)
		if err != nil || open == (rooms > 0) {
			return took, err
		}
		if took > lost {
			return took, fmt.Errorf("bench: a change was not searchable after %v", lost)
		}
	}
}
