package pgstore

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/vacancyhq/vacancy/property"
)

// ApplyProperty writes documents beside the columns that are searched by.
func (s *Store) ApplyProperty(ctx context.Context, change property.Change) error {
	return s.write(ctx, "apply property", func(ctx context.Context, tx pgx.Tx) error {
		if err := s.recordRequest(ctx, tx, change.Request); err != nil {
			return err
		}
		if err := putProperty(ctx, tx, change); err != nil {
			return err
		}
		return s.recordEvents(ctx, tx, change.Events...)
	})
}

func putProperty(ctx context.Context, tx pgx.Tx, change property.Change) error {
	if p := change.Property; p != nil {
		next := *p
		next.ID, next.Version = change.PropertyID, p.Version+1
		err := put(ctx, tx, p.Version, propertyRows, next, next.ID, next.TenantID, next.Source.ID)
		if err != nil {
			return err
		}
	}
	for _, r := range change.RoomTypes {
		next := r
		next.PropertyID, next.Version = change.PropertyID, r.Version+1
		if err := put(ctx, tx, r.Version, roomTypeRows, next, next.PropertyID, next.ID, next.Code); err != nil {
			return err
		}
	}
	return nil
}

var propertyRows = documents{
	insert: `insert into property (version, doc, property_id, tenant_id, source_id) values ($1, $2, $3, $4, $5)`,
	update: `update property set version = $1, doc = $2, tenant_id = $4, source_id = $5
		where property_id = $3 and version = $1 - 1`,
	exists:   `select exists (select from property where property_id = $1)`,
	keys:     1,
	notFound: property.ErrNotFound, conflict: property.ErrConflict,
}

var roomTypeRows = documents{
	insert:   `insert into room_type (version, doc, property_id, id, code) values ($1, $2, $3, $4, $5)`,
	update:   `update room_type set version = $1, doc = $2, code = $5 where property_id = $3 and id = $4 and version = $1 - 1`,
	exists:   `select exists (select from room_type where property_id = $1 and id = $2)`,
	keys:     2,
	notFound: property.ErrNotFound, conflict: property.ErrConflict,
}

// documents is how a table of versioned documents is written.
type documents struct {
	insert, update     string // $1 the new version, $2 the document, then the key and the other columns
	exists             string // by the key
	keys               int    // columns of the key
	notFound, conflict error
}

// put inserts a document, or writes it over the version that it replaces.
func put(ctx context.Context, tx pgx.Tx, expect int64, table documents, value any, columns ...any) error {
	document, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("a document cannot be encoded: %w", err)
	}
	statement := table.update
	if expect == 0 {
		statement = table.insert
	}
	tag, err := tx.Exec(ctx, statement, append([]any{expect + 1, document}, columns...)...)
	switch {
	case violates(err, codeUnique):
		return answer{fmt.Errorf("%w: its id, code or source exists", table.conflict)}
	case violates(err, codeForeignKey):
		return answer{table.notFound}
	case err != nil || tag.RowsAffected() == 1:
		return err
	}
	var exists bool
	err = tx.QueryRow(ctx, table.exists, columns[:table.keys]...).Scan(&exists)
	switch {
	case err != nil:
		return err
	case exists:
		return answer{table.conflict}
	}
	return answer{table.notFound}
}

// collect reads documents: rows of a version and a document.
func collect[T any](rows pgx.Rows, version func(*T) *int64) ([]T, error) {
	return collectWith(rows, version, decode[T])
}

func decode[T any](document []byte) (value T, err error) {
	err = json.Unmarshal(document, &value)
	return value, err
}

func collectWith[T any](rows pgx.Rows, version func(*T) *int64, decode func(document []byte) (T, error)) ([]T, error) {
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (value T, err error) {
		var document []byte
		var current int64
		if err := row.Scan(&current, &document); err != nil {
			return value, err
		}
		value, err = decode(document)
		*version(&value) = current
		return value, err
	})
}

func propertyVersion(p *property.Property) *int64 { return &p.Version }
func roomTypeVersion(r *property.RoomType) *int64 { return &r.Version }

const (
	selectProperty  = `select version, doc from property where property_id = $1`
	selectRoomTypes = `select version, doc from room_type where property_id = $1 order by id`
)

// Property reads one property.
func (s *Store) Property(ctx context.Context, id string) (property.Property, error) {
	return s.property(ctx, selectProperty, id)
}

// PropertyBySource finds what was imported from a source.
func (s *Store) PropertyBySource(ctx context.Context, tenantID, sourceID string) (property.Property, error) {
	return s.property(ctx, `
		select version, doc from property
		where tenant_id = $1 and source_id = $2 and source_id <> ''`, tenantID, sourceID)
}

func (s *Store) property(ctx context.Context, query string, args ...any) (property.Property, error) {
	found, err := list(ctx, s.pool, propertyVersion, query, args...)
	if err := sought("property", err); err != nil {
		return property.Property{}, err
	}
	if len(found) == 0 {
		return property.Property{}, property.ErrNotFound
	}
	return found[0], nil
}

// list queries documents.
func list[T any](ctx context.Context, q querier, version func(*T) *int64, query string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return collect(rows, version)
}

// RoomTypes lists the room types of a property by id.
func (s *Store) RoomTypes(ctx context.Context, propertyID string) ([]property.RoomType, error) {
	all, err := list(ctx, s.pool, roomTypeVersion, selectRoomTypes, propertyID)
	return all, sought("room types", err)
}

// Properties pages by id, of one tenant or of all.
func (s *Store) Properties(ctx context.Context, tenantID, after string, limit int) ([]property.Property, error) {
	query := `select version, doc from property where tenant_id = $1 and property_id > $2 order by property_id limit $3`
	if tenantID == "" { // A query of its own: no index serves both.
		query = `select version, doc from property where $1 = '' and property_id > $2 order by property_id limit $3`
	}
	all, err := list(ctx, s.pool, propertyVersion, query, tenantID, after, limit)
	return all, sought("properties", err)
}
