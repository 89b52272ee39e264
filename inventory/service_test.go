package inventory_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

// house is a property with one room type on a real store.
func house(t *testing.T, now func() time.Time) (*inventory.Service, *sqlitestore.Store) {
	t.Helper()
	s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "inventory.db"), sqlitestore.Options{Clock: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = s.ApplyProperty(t.Context(), property.Change{
		PropertyID: "prop_1",
		Property:   &property.Property{ID: "prop_1", TenantID: "ten_1", Name: "Uno", Zone: "Pacific/Auckland", Currency: "NZD"},
		RoomTypes:  []property.RoomType{{ID: "room_1", PropertyID: "prop_1", Code: "DBL", Stock: 3, Standard: 2, MaxGuests: 2}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return inventory.NewService(s), s
}

func command(key string) outbox.Command[inventory.Written] {
	return outbox.Command[inventory.Written]{
		Caller: "key_1", Key: key, Fingerprint: [32]byte{1},
		Render: func(inventory.Written) (int, []byte) { return 200, []byte("{}") },
	}
}

// The horizon moves with the property's own days; what is there is left as it is.
func TestExtend(t *testing.T) {
	now := time.Date(2027, 1, 10, 12, 0, 0, 0, time.UTC) // the 11th in Auckland
	service, store := house(t, func() time.Time { return now })
	today := stay.DateOf(2027, 1, 11)
	for _, want := range []int{inventory.Horizon, 0} {
		if opened, err := service.ExtendProperty(t.Context(), "prop_1"); err != nil || opened != want {
			t.Fatalf("%d opened, %v; want %d", opened, err, want)
		}
	}
	seven := 7
	_, err := service.SetAvailability(t.Context(), command("a"), inventory.Availability{PropertyID: "prop_1", Ranges: []inventory.Range{
		{From: today.Add(3), Through: today.Add(3), Days: stay.EveryDay, Stock: &seven},
	}})
	if err != nil {
		t.Fatal(err)
	}
	now = now.AddDate(0, 0, 2)
	if opened, err := service.ExtendProperty(t.Context(), "prop_1"); err != nil || opened != 2 {
		t.Fatalf("%d opened, %v", opened, err)
	}
	nights, err := store.Nights(t.Context(), "prop_1", today, today.Add(inventory.Horizon+10))
	if err != nil || len(nights) != inventory.Horizon+2 || nights[3].Stock != 7 || nights[4].Stock != 3 {
		t.Errorf("%d nights, %v", len(nights), err)
	}
}

func TestSetAvailabilityChecks(t *testing.T) {
	now := time.Date(2027, 1, 10, 12, 0, 0, 0, time.UTC)
	service, store := house(t, func() time.Time { return now })
	if _, err := service.ExtendProperty(t.Context(), "prop_1"); err != nil {
		t.Fatal(err)
	}
	today, two, minus := stay.DateOf(2027, 1, 11), 2, -1
	good := inventory.Range{From: today, Through: today.Add(9), Days: stay.EveryDay, Stock: &two}
	with := func(change func(*inventory.Range)) []inventory.Range {
		r := good
		change(&r)
		return []inventory.Range{r}
	}
	for name, c := range map[string]struct {
		ranges []inventory.Range
		want   error
	}{
		"none":       {nil, inventory.ErrInvalid},
		"many":       {make([]inventory.Range, 1001), inventory.ErrInvalid},
		"reversed":   {with(func(r *inventory.Range) { r.Through = today.Add(-1) }), inventory.ErrInvalid},
		"past":       {with(func(r *inventory.Range) { r.From = today.Add(-1) }), inventory.ErrPast},
		"far":        {with(func(r *inventory.Range) { r.Through = today.Add(inventory.Horizon) }), inventory.ErrBeyondHorizon},
		"no day":     {with(func(r *inventory.Range) { r.Days = 0 }), inventory.ErrInvalid},
		"no value":   {with(func(r *inventory.Range) { r.Stock = nil }), inventory.ErrInvalid},
		"negative":   {with(func(r *inventory.Range) { r.Blocked = &minus }), inventory.ErrInvalid},
		"room type":  {with(func(r *inventory.Range) { r.RoomTypeIDs = []string{"room_2"} }), inventory.ErrRoomType},
		"no version": {with(func(r *inventory.Range) { r.Version = 9 }), inventory.ErrConflict},
	} {
		_, err := service.SetAvailability(t.Context(), command("bad "+name), inventory.Availability{PropertyID: "prop_1", Ranges: c.ranges})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	// Where ranges overlap the later one counts, value by value.
	one := 1
	_, err := service.SetAvailability(t.Context(), command("good"), inventory.Availability{PropertyID: "prop_1", Ranges: []inventory.Range{
		good, {From: today.Add(1), Through: today.Add(1), Days: stay.EveryDay, OutOfOrder: &one},
	}})
	if err != nil {
		t.Fatal(err)
	}
	nights, err := store.Nights(t.Context(), "prop_1", today, today.Add(2))
	if err != nil || nights[0].Free() != 2 || nights[1].Free() != 1 {
		t.Errorf("%+v, %v", nights, err)
	}
}

// late is a store on which a desk writes a night while the horizon is being moved.
type late struct {
	*sqlitestore.Store
	between func()
}

func (l *late) Nights(ctx context.Context, propertyID string, from, to stay.Date) ([]inventory.Night, error) {
	nights, err := l.Store.Nights(ctx, propertyID, from, to)
	if l.between != nil {
		l.between()
		l.between = nil
	}
	return nights, err
}

// The daily job takes nothing back that a desk says at the same moment.
func TestExtendLosesNoRace(t *testing.T) {
	now := time.Date(2027, 1, 10, 12, 0, 0, 0, time.UTC)
	desk, store := house(t, func() time.Time { return now })
	today := stay.DateOf(2027, 1, 11)
	one := 1
	racing := inventory.NewService(&late{store, func() {
		_, err := desk.SetAvailability(t.Context(), command("a"), inventory.Availability{PropertyID: "prop_1", Ranges: []inventory.Range{
			{From: today, Through: today, Days: stay.EveryDay, Stock: &one},
		}})
		if err != nil {
			t.Error(err)
		}
	}})
	if _, err := racing.ExtendProperty(t.Context(), "prop_1"); err != nil {
		t.Fatal(err)
	}
	nights, err := store.Nights(t.Context(), "prop_1", today, today+2)
	if err != nil || len(nights) != 2 || nights[0].Stock != 1 || nights[1].Stock != 3 {
		t.Errorf("%+v, %v; want the desk's one room, then the type's three", nights, err)
	}
}

func TestClosedRoomTypesGetNoNights(t *testing.T) {
	now := time.Date(2027, 1, 10, 12, 0, 0, 0, time.UTC)
	service, store := house(t, func() time.Time { return now })
	types, err := store.RoomTypes(t.Context(), "prop_1")
	if err != nil {
		t.Fatal(err)
	}
	types[0].Closed = true
	if err := store.ApplyProperty(t.Context(), property.Change{PropertyID: "prop_1", RoomTypes: types}); err != nil {
		t.Fatal(err)
	}
	if opened, err := service.ExtendProperty(t.Context(), "prop_1"); opened != 0 || err != nil {
		t.Errorf("%d opened, %v", opened, err)
	}
}

// A house that sells for fewer nights than the platform does has no more.
func TestHouseWithAHorizonOfItsOwn(t *testing.T) {
	now := time.Date(2027, 1, 10, 12, 0, 0, 0, time.UTC)
	service, store := house(t, func() time.Time { return now })
	h, err := store.Property(t.Context(), "prop_1")
	if err != nil {
		t.Fatal(err)
	}
	h.Horizon = 90
	if err := store.ApplyProperty(t.Context(), property.Change{PropertyID: "prop_1", Property: &h}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{90, 0} {
		if opened, err := service.ExtendProperty(t.Context(), "prop_1"); err != nil || opened != want {
			t.Errorf("%d opened, %v; want %d", opened, err, want)
		}
	}
}

func TestOneWriteIsBounded(t *testing.T) {
	now := time.Date(2027, 1, 10, 12, 0, 0, 0, time.UTC)
	service, store := house(t, func() time.Time { return now })
	change := property.Change{PropertyID: "prop_1"}
	for i := range inventory.MaxSettings/inventory.Horizon + 1 {
		id := fmt.Sprint("room_x", i)
		change.RoomTypes = append(change.RoomTypes, property.RoomType{ID: id, PropertyID: "prop_1", Code: id, Standard: 1, MaxGuests: 1})
	}
	if err := store.ApplyProperty(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	one, today := 1, stay.DateOf(2027, 1, 11)
	_, err := service.SetAvailability(t.Context(), command("all"), inventory.Availability{PropertyID: "prop_1", Ranges: []inventory.Range{
		{From: today, Through: today.Add(inventory.Horizon - 1), Days: stay.EveryDay, Stock: &one},
	}})
	if !errors.Is(err, inventory.ErrInvalid) {
		t.Errorf("got %v, want ErrInvalid", err)
	}
}
