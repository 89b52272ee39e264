package property

import (
	"context"
	"fmt"
	"slices"

	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/outbox"
)

// Service is the rules of writing properties and room types.
type Service struct {
	store Store
	ids   *ident.Source
}

// NewService wires the rules to a store.
func NewService(store Store, ids *ident.Source) *Service { return &Service{store: store, ids: ids} }

// Property is the property with this id.
func (s *Service) Property(ctx context.Context, id string) (Property, error) {
	return s.store.Property(ctx, id)
}

// Properties lists a tenant's properties in id order after the cursor id.
func (s *Service) Properties(ctx context.Context, tenantID, after string, limit int) ([]Property, error) {
	return s.store.Properties(ctx, tenantID, after, limit)
}

// RoomTypes lists the room types of a property.
func (s *Service) RoomTypes(ctx context.Context, propertyID string) ([]RoomType, error) {
	return s.store.RoomTypes(ctx, propertyID)
}

// Create makes a property of p.TenantID. The request is kept with the tenant,
// since the property's id is made here: the same key again must find it.
func (s *Service) Create(ctx context.Context, cmd outbox.Command[Property], p Property) (outbox.Answer, error) {
	p.ID, p.Version = s.ids.ID("prop"), 0
	if err := p.Check(); err != nil {
		return outbox.Answer{}, err
	}
	return outbox.Run(ctx, s.store, cmd.Asked(p.TenantID), nil, func(context.Context) (outbox.Try, error) {
		return s.save(Change{PropertyID: p.ID, Property: &p}, cmd, p)
	})
}

// Update writes what edit makes of the property over the version that the
// client saw: ErrStale when it is another by now.
func (s *Service) Update(
	ctx context.Context, cmd outbox.Command[Property], id string, expect int64, edit func(*Property),
) (outbox.Answer, error) {
	return outbox.Run(ctx, s.store, cmd.Asked(id), ErrConflict, func(ctx context.Context) (outbox.Try, error) {
		p, err := s.store.Property(ctx, id)
		if err != nil {
			return outbox.Try{}, err
		}
		if p.Version != expect {
			return outbox.Try{}, ErrStale
		}
		kept := p
		edit(&p)
		p.ID, p.TenantID, p.Version = kept.ID, kept.TenantID, kept.Version
		if p.Currency != kept.Currency {
			return outbox.Try{}, &FieldError{Field: "currency", Want: "the one that the property was made with: its prices are in it"}
		}
		if err := p.Check(); err != nil {
			return outbox.Try{}, err
		}
		return s.save(Change{PropertyID: id, Property: &p}, cmd, p)
	})
}

func (s *Service) save(change Change, cmd outbox.Command[Property], p Property) (outbox.Try, error) {
	p.Version++
	status, body := cmd.Render(p)
	return s.try(change, status, body), nil
}

// CreateRoomType adds a room type; its nights are opened by inventory.Extend.
func (s *Service) CreateRoomType(ctx context.Context, cmd outbox.Command[RoomType], r RoomType) (outbox.Answer, error) {
	r.ID, r.Version = s.ids.ID("room"), 0
	if err := r.Check(); err != nil {
		return outbox.Answer{}, err
	}
	return outbox.Run(ctx, s.store, cmd.Asked(r.PropertyID), nil, func(ctx context.Context) (outbox.Try, error) {
		there, err := s.store.RoomTypes(ctx, r.PropertyID)
		if err != nil {
			return outbox.Try{}, err
		}
		if len(there) >= MaxRoomTypes {
			return outbox.Try{}, fmt.Errorf("%w: at most %d room types", ErrInvalid, MaxRoomTypes)
		}
		return s.saveRoomType(r, cmd)
	})
}

// UpdateRoomType writes what edit makes of a room type over the version that
// the client saw.
func (s *Service) UpdateRoomType(
	ctx context.Context, cmd outbox.Command[RoomType], propertyID, id string, expect int64, edit func(*RoomType),
) (outbox.Answer, error) {
	return outbox.Run(ctx, s.store, cmd.Asked(propertyID), ErrConflict, func(ctx context.Context) (outbox.Try, error) {
		r, err := s.roomType(ctx, propertyID, id)
		if err != nil {
			return outbox.Try{}, err
		}
		if r.Version != expect {
			return outbox.Try{}, ErrStale
		}
		edit(&r)
		r.ID, r.PropertyID, r.Version = id, propertyID, expect
		if err := r.Check(); err != nil {
			return outbox.Try{}, err
		}
		return s.saveRoomType(r, cmd)
	})
}

func (s *Service) saveRoomType(r RoomType, cmd outbox.Command[RoomType]) (outbox.Try, error) {
	change := Change{PropertyID: r.PropertyID, RoomTypes: []RoomType{r}}
	r.Version++
	status, body := cmd.Render(r)
	return s.try(change, status, body), nil
}

func (s *Service) roomType(ctx context.Context, propertyID, id string) (RoomType, error) {
	types, err := s.store.RoomTypes(ctx, propertyID)
	if err != nil {
		return RoomType{}, err
	}
	at := slices.IndexFunc(types, func(r RoomType) bool { return r.ID == id })
	if at < 0 {
		return RoomType{}, ErrNotFound
	}
	return types[at], nil
}

func (s *Service) try(change Change, status int, body []byte) outbox.Try {
	change.Events = []outbox.Event{change.Event()}
	return outbox.Try{Status: status, Body: body, Apply: func(ctx context.Context, request *outbox.Request) error {
		change.Request = request
		return s.store.ApplyProperty(ctx, change)
	}}
}
