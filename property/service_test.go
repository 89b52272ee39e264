package property_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

// What an edit may change: neither whose house it is nor the money of its prices.
func TestUpdateKeepsOwnerAndCurrency(t *testing.T) {
	s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "property.db"), sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	house := good()
	house.ID, house.TenantID = "prop_1", "ten_1"
	if err := s.ApplyProperty(t.Context(), property.Change{PropertyID: house.ID, Property: &house}); err != nil {
		t.Fatal(err)
	}
	ids, err := ident.New("eu", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	service := property.NewService(s, ids)
	update := func(key string, expect int64, edit func(*property.Property)) error {
		_, err := service.Update(t.Context(), outbox.Command[property.Property]{
			Caller: "key_1", Key: key, Render: func(property.Property) (int, []byte) { return 200, nil },
		}, house.ID, expect, edit)
		return err
	}
	there, err := s.Property(t.Context(), house.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := update("stale", there.Version+1, func(*property.Property) {}); !errors.Is(err, property.ErrStale) {
		t.Errorf("another version: %v, want ErrStale", err)
	}
	if err := update("currency", there.Version, func(p *property.Property) { p.Currency = "CHF" }); !errors.Is(err, property.ErrInvalid) {
		t.Errorf("another currency: %v, want ErrInvalid", err)
	}
	if err := update("owner", there.Version, func(p *property.Property) { p.TenantID, p.ID, p.Name = "ten_2", "prop_2", "Due" }); err != nil {
		t.Error(err)
	}
	after, err := s.Property(t.Context(), house.ID)
	if err != nil || after.TenantID != "ten_1" || after.Name != "Due" || after.Version != there.Version+1 {
		t.Errorf("%+v, %v", after, err)
	}
}
