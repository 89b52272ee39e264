package catalogue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
)

// digest is a short name for everything that a row says of a house.
func digest(facts property.Property) string {
	facts.Source.Digest, facts.TenantID = "", ""
	text, err := json.Marshal(facts)
	if err != nil {
		panic("catalogue: a property cannot be encoded: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// seen is a row whose house was imported before, when its source said what the
// digest names.
func (i *importing) seen(ctx context.Context, row Row, before string) error {
	bundle, err := i.bundle(row)
	if err != nil {
		i.report.Rejected++
		i.report.RejectedRows = append(i.report.RejectedRows, Rejection{File: row.File, Line: row.Line, Reason: err.Error()})
		return nil
	}
	fresh := *bundle.Property.Property
	if fresh.Source.Digest == before {
		i.unchanged()
		return nil
	}
	if err := i.update(ctx, fresh); err != nil {
		return fmt.Errorf("update the content: %w", err)
	}
	i.known.add(fresh)
	i.report.Duplicates++
	i.report.Updated++
	return nil
}

// maxConflicts bounds how often an update starts over because a desk wrote the
// property between its read and its write.
const maxConflicts = 4

func (i *importing) update(ctx context.Context, fresh property.Property) error {
	for conflicts := 0; ; conflicts++ {
		stored, err := i.options.Store.PropertyBySource(ctx, fresh.TenantID, fresh.Source.ID)
		if err != nil {
			return err
		}
		next := renewed(stored, fresh)
		change := property.Change{PropertyID: next.ID, Property: &next}
		change.Record = outbox.Record{Events: []outbox.Event{change.Event()}}
		err = i.options.Store.ApplyProperty(ctx, change)
		if !errors.Is(err, property.ErrConflict) || conflicts == maxConflicts {
			return err
		}
	}
}

// renewed is the stored property with the content that its source has now. What
// bookings, rates and stock hang on stays: zone, currency, taxes and terms.
func renewed(stored, fresh property.Property) property.Property {
	next := stored
	next.Name, next.LocalNames, next.Kind, next.Description = fresh.Name, fresh.LocalNames, fresh.Kind, fresh.Description
	next.Stars, next.Amenities = fresh.Stars, fresh.Amenities
	next.City, next.Address, next.Postcode = fresh.City, fresh.Address, fresh.Postcode
	next.Lat, next.Lon = fresh.Lat, fresh.Lon
	next.CheckInFrom, next.CheckOutUntil = fresh.CheckInFrom, fresh.CheckOutUntil
	next.Source, next.Generated = fresh.Source, fresh.Generated
	return next
}
