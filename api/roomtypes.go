package api

import (
	"context"
	"net/http"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/property"
)

// RoomTypeContent is what a house enters about a class of rooms.
type RoomTypeContent struct {
	Code        string `json:"code" minLength:"1" maxLength:"200" doc:"The house's own name for it" example:"DBL"`
	Name        string `json:"name" minLength:"1" maxLength:"200" pattern:"^[^<>]*$" example:"Double room"`
	Description string `json:"description,omitempty" maxLength:"10000"`
	Stock       int    `json:"stock" minimum:"0" maximum:"10000" doc:"Rooms of this type: the default of nights as the horizon moves"`
	MinGuests   int    `json:"min_guests,omitempty" minimum:"0" maximum:"30"`
	Standard    int    `json:"standard_guests" minimum:"1" maximum:"30" doc:"Guests that the base price covers"`
	MaxGuests   int    `json:"max_guests" minimum:"1" maximum:"30"`
	MaxChildren *int   `json:"max_children,omitempty" minimum:"0" maximum:"30" doc:"Absent: no limit of its own"`
	Closed      bool   `json:"closed,omitempty" doc:"Not sold"`
}

// RoomType is a class of rooms as it is kept.
type RoomType struct {
	ID      string `json:"id"`
	Version int64  `json:"version" doc:"Its ETag"`
	RoomTypeContent
}

// RoomTypes is the room types of a property.
type RoomTypes struct {
	RoomTypes []RoomType `json:"room_types" nullable:"false"`
}

type roomTypeInput struct {
	PropertyPath
	Body RoomTypeContent
}

type roomTypeUpdate struct {
	PropertyPath
	RoomTypeID string `path:"room_type_id" maxLength:"64"`
	Body       RoomTypeContent
}

func (d *door) roomTypeRoutes() {
	write[roomTypeInput, RoomType](d, route{
		id: "create-room-type", method: http.MethodPost, path: "/v1/properties/{property_id}/room-types", tag: "Properties",
		status: http.StatusCreated, rule: house(account.WriteProperties),
		summary: "Add a room type; its nights open for two years with its stock",
	}, d.createRoomType)
	read(d, route{
		id: "list-room-types", method: http.MethodGet, path: "/v1/properties/{property_id}/room-types", tag: "Properties",
		rule: house(account.ReadProperties), summary: "The room types of a property",
	}, d.listRoomTypes)
	write[roomTypeUpdate, RoomType](d, route{
		id: "update-room-type", method: http.MethodPut, path: "/v1/properties/{property_id}/room-types/{room_type_id}",
		tag: "Properties", expects: true, rule: house(account.WriteProperties), summary: "Replace what a room type says of itself",
	}, d.updateRoomType)
}

func (d *door) createRoomType(ctx context.Context, c *call, in *roomTypeInput) (answer, error) {
	r := property.RoomType{PropertyID: in.PropertyID}
	in.Body.into(&r)
	cmd := command(c, func(r property.RoomType) (int, []byte) { return http.StatusCreated, encode(roomTypeOf(r)) })
	a, err := given(d.Properties.CreateRoomType(ctx, cmd, r))
	if err != nil {
		return answer{}, err
	}
	// After a replay too: the first request may have ended between the two writes.
	if _, err := d.Inventory.ExtendProperty(ctx, in.PropertyID); err != nil {
		return answer{}, err
	}
	return a, nil
}

func (d *door) updateRoomType(ctx context.Context, c *call, in *roomTypeUpdate) (answer, error) {
	expect, err := c.mustExpect()
	if err != nil {
		return answer{}, err
	}
	cmd := command(c, func(r property.RoomType) (int, []byte) { return http.StatusOK, encode(roomTypeOf(r)) })
	return given(d.Properties.UpdateRoomType(ctx, cmd, in.PropertyID, in.RoomTypeID, expect, in.Body.into))
}

func (d *door) listRoomTypes(ctx context.Context, _ *call, in *PropertyPath) (RoomTypes, error) {
	types, err := d.Properties.RoomTypes(ctx, in.PropertyID)
	if err != nil {
		return RoomTypes{}, err
	}
	out := RoomTypes{RoomTypes: []RoomType{}}
	for _, t := range types {
		out.RoomTypes = append(out.RoomTypes, roomTypeOf(t))
	}
	return out, nil
}

func (in RoomTypeContent) into(r *property.RoomType) {
	r.Code, r.Name, r.Description, r.Closed = in.Code, in.Name, in.Description, in.Closed
	r.Stock, r.MinGuests, r.Standard, r.MaxGuests, r.MaxChildren = in.Stock, in.MinGuests, in.Standard, in.MaxGuests, in.MaxChildren
}

func roomTypeOf(r property.RoomType) RoomType {
	return RoomType{ID: r.ID, Version: r.Version, RoomTypeContent: RoomTypeContent{
		Code: r.Code, Name: r.Name, Description: r.Description, Stock: r.Stock, MinGuests: r.MinGuests,
		Standard: r.Standard, MaxGuests: r.MaxGuests, MaxChildren: r.MaxChildren, Closed: r.Closed,
	}}
}
