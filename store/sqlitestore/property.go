package sqlitestore

import (
	"context"
	"encoding/json"

	"github.com/vacancyhq/vacancy/internal/decoded"
	"github.com/vacancyhq/vacancy/property"
)

const (
	insertProperty = `INSERT INTO property (property_id, tenant_id, source_id, version, document) VALUES (?, ?, ?, 1, ?)`
	updateProperty = `UPDATE property SET tenant_id = ?, source_id = ?, version = version + 1, document = ?
		WHERE property_id = ? AND version = ?`
	propertyExists   = `SELECT count(*) FROM property WHERE property_id = ?`
	selectProperty   = `SELECT version, document FROM property WHERE property_id = ?`
	selectBySource   = `SELECT version, document FROM property WHERE tenant_id = ? AND source_id = ? AND source_id <> ''`
	selectProperties = `SELECT version, document FROM property WHERE property_id > ? ORDER BY property_id LIMIT ?`
	selectOfTenant   = `SELECT version, document FROM property WHERE tenant_id = ? AND property_id > ? ORDER BY property_id LIMIT ?`

	insertRoomType = `INSERT INTO room_type (property_id, id, version, code, document) VALUES (?, ?, 1, ?, ?)`
	updateRoomType = `UPDATE room_type SET version = version + 1, code = ?, document = ?
		WHERE property_id = ? AND id = ? AND version = ?`
	roomTypeExists  = `SELECT count(*) FROM room_type WHERE property_id = ? AND id = ?`
	selectRoomTypes = `SELECT version, document FROM room_type WHERE property_id = ? ORDER BY id`
)

// ApplyProperty writes a property with its room types, all or none.
func (s *Store) ApplyProperty(ctx context.Context, change property.Change) error {
	return s.write(ctx, "apply property", func(ctx context.Context, t *tx) error {
		if err := t.remember(ctx, change.Request); err != nil {
			return err
		}
		if err := t.putProperty(ctx, change); err != nil {
			return err
		}
		return t.finish(ctx, change.PropertyID, change.Events)
	})
}

func (t *tx) putProperty(ctx context.Context, change property.Change) error {
	if p := change.Property; p != nil {
		document, err := encode(p)
		if err != nil {
			return err
		}
		if p.Version == 0 {
			_, err = t.exec(ctx, insertProperty, change.PropertyID, p.TenantID, p.Source.ID, document)
		} else {
			err = t.replace(ctx, propertyErrors, updateProperty,
				[]any{p.TenantID, p.Source.ID, document, change.PropertyID, p.Version}, propertyExists, change.PropertyID)
		}
		if err = constraint(err, property.ErrConflict, property.ErrNotFound); err != nil {
			return err
		}
	}
	for _, room := range change.RoomTypes {
		if err := t.putRoomType(ctx, change.PropertyID, room); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) putRoomType(ctx context.Context, propertyID string, room property.RoomType) error {
	document, err := encode(room)
	if err != nil {
		return err
	}
	if room.Version == 0 {
		_, err = t.exec(ctx, insertRoomType, propertyID, room.ID, room.Code, document)
	} else {
		err = t.replace(ctx, propertyErrors, updateRoomType,
			[]any{room.Code, document, propertyID, room.ID, room.Version}, roomTypeExists, propertyID, room.ID)
	}
	return constraint(err, property.ErrConflict, property.ErrNotFound)
}

// versionErrors are a noun's words for a row with another version and for no row.
type versionErrors struct{ conflict, missing error }

var propertyErrors = versionErrors{property.ErrConflict, property.ErrNotFound}

// replace runs an update that names the expected version, and when it wrote
// nothing asks whether there is such a row at all.
func (t *tx) replace(ctx context.Context, errs versionErrors, update string, args []any, exists string, key ...any) error {
	n, err := t.exec(ctx, update, args...)
	if err != nil || n == 1 {
		return err
	}
	if err := t.get(ctx, exists, key, &n); err != nil {
		return err
	}
	if n == 0 {
		return errs.missing
	}
	return errs.conflict
}

// Property is one property.
func (s *Store) Property(ctx context.Context, id string) (p property.Property, err error) {
	err = s.read(ctx, "property", func(ctx context.Context, c *conn) error {
		p, err = loadProperty(ctx, c, id)
		return err
	})
	return p, err
}

func loadProperty(ctx context.Context, c *conn, id string) (property.Property, error) {
	return one(ctx, c, property.ErrNotFound, scanProperty, selectProperty, id)
}

// PropertyBySource is the tenant's property with the source's own id.
func (s *Store) PropertyBySource(ctx context.Context, tenantID, sourceID string) (p property.Property, err error) {
	err = s.read(ctx, "property by source", func(ctx context.Context, c *conn) error {
		p, err = one(ctx, c, property.ErrNotFound, scanProperty, selectBySource, tenantID, sourceID)
		return err
	})
	return p, err
}

// RoomTypes lists a property's room types by id.
func (s *Store) RoomTypes(ctx context.Context, propertyID string) (rooms []property.RoomType, err error) {
	err = s.read(ctx, "room types", func(ctx context.Context, c *conn) error {
		rooms, err = list(ctx, c, scanRoomType, selectRoomTypes, propertyID)
		return err
	})
	return rooms, err
}

// Properties lists properties by id, after the cursor.
func (s *Store) Properties(ctx context.Context, tenantID, after string, limit int) (all []property.Property, err error) {
	err = s.read(ctx, "properties", func(ctx context.Context, c *conn) error {
		if tenantID == "" {
			all, err = list(ctx, c, scanProperty, selectProperties, after, limit)
		} else {
			all, err = list(ctx, c, scanProperty, selectOfTenant, tenantID, after, limit)
		}
		return err
	})
	return all, err
}

func scanProperty(row scanner) (p property.Property, err error) {
	version, err := scanDocument(row, &p)
	p.Version = version
	return p, err
}

func scanRoomType(row scanner) (r property.RoomType, err error) {
	version, err := scanDocument(row, &r)
	r.Version = version
	return r, err
}

// encode makes the document of a value: its exported fields by their names in
// Go. A field that is renamed needs a migration; TestDocuments notices.
func encode(value any) (string, error) {
	data, err := json.Marshal(value)
	return string(data), err
}

// scanDocument reads (version, document). The version that counts is the column's.
func scanDocument(row scanner, value any) (version int64, err error) {
	var document []byte
	if err := row.Scan(&version, &document); err != nil {
		return 0, err
	}
	return version, json.Unmarshal(document, value)
}

// scanShared is scanDocument for a value that nobody changes.
func scanShared[T any](row scanner, memo *decoded.Memo[T]) (value T, version int64, err error) {
	var document []byte
	if err := row.Scan(&version, &document); err != nil {
		return value, 0, err
	}
	value, err = memo.Value(document)
	return value, version, err
}

func (s *Store) sharedProperty(row scanner) (p property.Property, err error) {
	p, version, err := scanShared(row, &s.houses)
	p.Version = version
	return p, err
}

func (s *Store) sharedRoomType(row scanner) (r property.RoomType, err error) {
	r, version, err := scanShared(row, &s.rooms)
	r.Version = version
	return r, err
}
