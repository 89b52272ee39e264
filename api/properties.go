package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

// PropertyContent is what a house enters about itself.
type PropertyContent struct {
	Name          string            `json:"name" minLength:"1" maxLength:"200" pattern:"^[^<>]*$"`
	LocalNames    map[string]string `json:"local_names,omitempty" doc:"By language (BCP 47)"`
	Kind          string            `json:"kind" enum:"hotel,guest_house,hostel,motel,apartment"`
	Description   string            `json:"description,omitempty" maxLength:"10000"`
	Stars         int               `json:"stars,omitempty" minimum:"0" maximum:"5" doc:"0: unrated"`
	Amenities     []string          `json:"amenities,omitempty" maxItems:"100" nullable:"false"`
	Country       string            `json:"country" pattern:"^[A-Z]{2}$"`
	City          string            `json:"city" maxLength:"200"`
	Address       string            `json:"address,omitempty" maxLength:"200"`
	Postcode      string            `json:"postcode,omitempty" maxLength:"200"`
	Lat           float64           `json:"lat" minimum:"-90" maximum:"90"`
	Lon           float64           `json:"lon" minimum:"-180" maximum:"180"`
	Zone          string            `json:"zone" maxLength:"64" doc:"IANA time zone" example:"Europe/Rome"`
	Currency      string            `json:"currency" minLength:"3" maxLength:"3" doc:"ISO 4217; it cannot be changed later" example:"EUR"`
	CheckInFrom   string            `json:"check_in_from" maxLength:"5" example:"15:00"`
	CheckOutUntil string            `json:"check_out_until" maxLength:"5" example:"11:00"`
	Taxes         []Tax             `json:"taxes,omitempty" maxItems:"50" nullable:"false"`
	TermsVersion  string            `json:"terms_version" maxLength:"200" doc:"Of the house's terms, which guests accept" example:"2027-01"`
	Horizon       int               `json:"horizon_nights,omitempty" minimum:"0" maximum:"730" doc:"For how many nights from today rooms are put on sale by themselves; 0: 730"`
	Closed        bool              `json:"closed,omitempty" doc:"Neither sold nor shown"`
}

// Tax is a tax or mandatory fee as data.
type Tax struct {
	Code        string `json:"code" minLength:"1" maxLength:"200"`
	Name        string `json:"name" maxLength:"200"`
	Kind        string `json:"kind" enum:"percent,per_person_night,per_night,per_stay"`
	Percent     string `json:"percent,omitempty" maxLength:"40" doc:"Decimal number: of room and supplements" example:"10"`
	Amount      string `json:"amount,omitempty" maxLength:"40" doc:"Decimal number in the property's currency, for the other kinds" example:"2.50"`
	Included    bool   `json:"included,omitempty" doc:"Already in the prices: shown, not added"`
	OnSite      bool   `json:"on_site,omitempty" doc:"Paid at the property"`
	ExemptBelow int    `json:"exempt_below,omitempty" minimum:"0" maximum:"120" doc:"Guests younger than this pay nothing"`
	MaxNights   int    `json:"max_nights,omitempty" minimum:"0" maximum:"90" doc:"Charged for at most so many nights; 0: all"`
	From        string `json:"from,omitempty" maxLength:"10"`
	Through     string `json:"through,omitempty" maxLength:"10"`
}

// Property is a property as it is kept.
type Property struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	PropertyContent
	Source    *Source  `json:"source,omitempty"`
	Generated []string `json:"generated,omitempty" doc:"Facts that were made up because the source lacks them"`
}

// Source says where a property's facts come from.
type Source struct {
	Name    string `json:"name"`
	Licence string `json:"licence,omitempty"`
}

// PublicProperty is a property with its room types, as guests see it.
type PublicProperty struct {
	Property
	RoomTypes []RoomType `json:"room_types" nullable:"false"`
}

// Properties is one page of a tenant's properties.
type Properties struct {
	Properties []Property `json:"properties" nullable:"false"`
	Next       string     `json:"next,omitempty" doc:"cursor of the next page"`
}

// PropertyPath is the property in a path; exported because huma skips what is not.
type PropertyPath struct {
	PropertyID string `path:"property_id" maxLength:"64"`
}

type propertyInput struct{ Body PropertyContent }

type propertyUpdate struct {
	PropertyPath
	Body PropertyContent
}

type listInput struct {
	Cursor string `query:"cursor" maxLength:"100" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (d *door) propertyRoutes() {
	write[propertyInput, Property](d, route{
		id: "create-property", method: http.MethodPost, path: "/v1/properties", tag: "Properties", status: http.StatusCreated,
		rule: tenant(account.WriteProperties), summary: "Add a property",
	}, d.createProperty)
	read(d, route{
		id: "list-properties", method: http.MethodGet, path: "/v1/properties", tag: "Properties",
		rule: tenant(account.ReadProperties), summary: "Your properties",
	}, d.listProperties)
	read(d, route{
		id: "get-property", method: http.MethodGet, path: "/v1/properties/{property_id}", tag: "Properties",
		rule: public(), summary: "A property with its room types",
	}, d.getProperty)
	write[propertyUpdate, Property](d, route{
		id: "update-property", method: http.MethodPut, path: "/v1/properties/{property_id}", tag: "Properties", expects: true,
		rule: house(account.WriteProperties), summary: "Replace what a property says of itself",
	}, d.updateProperty)
}

func (d *door) createProperty(ctx context.Context, c *call, in *propertyInput) (answer, error) {
	p := property.Property{TenantID: c.TenantID}
	if len(c.PropertyIDs) > 0 {
		return answer{}, account.ErrForbidden // a credential for some properties cannot make another
	}
	if err := in.Body.into(&p); err != nil {
		return answer{}, err
	}
	return given(d.Properties.Create(ctx, command(c, func(p property.Property) (int, []byte) {
		return http.StatusCreated, encode(propertyOf(p))
	}), p))
}

func (d *door) updateProperty(ctx context.Context, c *call, in *propertyUpdate) (answer, error) {
	expect, err := c.mustExpect()
	if err != nil {
		return answer{}, err
	}
	wanted := c.property
	if err := in.Body.into(&wanted); err != nil {
		return answer{}, err
	}
	cmd := command(c, func(p property.Property) (int, []byte) { return http.StatusOK, encode(propertyOf(p)) })
	return given(d.Properties.Update(ctx, cmd, in.PropertyID, expect, func(p *property.Property) {
		source, generated := p.Source, p.Generated
		*p = wanted
		p.Source, p.Generated = source, generated
	}))
}

func (d *door) listProperties(ctx context.Context, c *call, in *listInput) (Properties, error) {
	out := Properties{Properties: []Property{}}
	list, err := d.Properties.Properties(ctx, c.TenantID, in.Cursor, in.Limit+1)
	if err != nil {
		return Properties{}, err
	}
	for i, p := range list {
		if i == in.Limit {
			out.Next = list[i-1].ID
			break
		}
		if c.Reaches(p.TenantID, p.ID) {
			out.Properties = append(out.Properties, propertyOf(p))
		}
	}
	return out, nil
}

func (d *door) getProperty(ctx context.Context, c *call, in *PropertyPath) (PublicProperty, error) {
	p, err := d.Properties.Property(ctx, in.PropertyID)
	if err != nil {
		return PublicProperty{}, err
	}
	if p.Closed && !c.Reaches(p.TenantID, p.ID) {
		return PublicProperty{}, errNotFound
	}
	types, err := d.Properties.RoomTypes(ctx, p.ID)
	if err != nil {
		return PublicProperty{}, err
	}
	c.etag = etag(p.Version)
	out := PublicProperty{Property: propertyOf(p), RoomTypes: []RoomType{}}
	for _, t := range types {
		if !t.Closed || c.Reaches(p.TenantID, p.ID) {
			out.RoomTypes = append(out.RoomTypes, roomTypeOf(t))
		}
	}
	return out, nil
}

// into writes the content over the property; what it does not say is emptied.
func (in PropertyContent) into(p *property.Property) error {
	from, err1 := stay.ParseClock(in.CheckInFrom)
	until, err2 := stay.ParseClock(in.CheckOutUntil)
	switch {
	case err1 != nil:
		return fault("body.check_in_from", "must be a time of day such as 15:00")
	case err2 != nil:
		return fault("body.check_out_until", "must be a time of day such as 11:00")
	}
	currency := money.Currency(in.Currency)
	if !currency.Valid() {
		return fault("body.currency", "must be an ISO 4217 code in use, such as EUR")
	}
	taxes, err := taxesFrom(in.Taxes, currency)
	if err != nil {
		return err
	}
	p.Name, p.LocalNames, p.Kind, p.Description, p.Stars = in.Name, in.LocalNames, in.Kind, in.Description, in.Stars
	p.Amenities, p.Country, p.City, p.Address, p.Postcode = in.Amenities, in.Country, in.City, in.Address, in.Postcode
	p.Lat, p.Lon, p.Zone, p.Currency = in.Lat, in.Lon, in.Zone, currency
	p.CheckInFrom, p.CheckOutUntil, p.Taxes = from, until, taxes
	p.TermsVersion, p.Horizon, p.Closed = in.TermsVersion, in.Horizon, in.Closed
	return nil
}

func taxesFrom(in []Tax, currency money.Currency) ([]property.Tax, error) {
	var taxes []property.Tax
	for i, t := range in {
		at := fmt.Sprintf("body.taxes[%d].", i)
		tax := property.Tax{
			Code: t.Code, Name: t.Name, Kind: property.TaxKind(t.Kind), Included: t.Included, OnSite: t.OnSite,
			ExemptBelow: t.ExemptBelow, MaxNights: t.MaxNights,
		}
		var err error
		if tax.Percent, err = percentOf(at+"percent", t.Percent); err != nil {
			return nil, err
		}
		if t.Amount != "" {
			if tax.Amount, err = minorOf(at+"amount", t.Amount, currency); err != nil {
				return nil, err
			}
		}
		if tax.From, err = optionalDate(at+"from", t.From); err != nil {
			return nil, err
		}
		if tax.Through, err = optionalDate(at+"through", t.Through); err != nil {
			return nil, err
		}
		taxes = append(taxes, tax)
	}
	return taxes, nil
}

func optionalDate(location, text string) (*stay.Date, error) {
	if text == "" {
		return nil, nil
	}
	d, err := parseDate(location, text)
	return &d, err
}

func dateText(d *stay.Date) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func propertyOf(p property.Property) Property {
	wire := Property{ID: p.ID, Version: p.Version, Generated: p.Generated, PropertyContent: PropertyContent{
		Name: p.Name, LocalNames: p.LocalNames, Kind: p.Kind, Description: p.Description, Stars: p.Stars,
		Amenities: p.Amenities, Country: p.Country, City: p.City, Address: p.Address, Postcode: p.Postcode,
		Lat: p.Lat, Lon: p.Lon, Zone: p.Zone, Currency: string(p.Currency),
		CheckInFrom: p.CheckInFrom.String(), CheckOutUntil: p.CheckOutUntil.String(),
		TermsVersion: p.TermsVersion, Horizon: p.Horizon, Closed: p.Closed,
	}}
	for _, t := range p.Taxes {
		wire.Taxes = append(wire.Taxes, taxOf(t, p.Currency))
	}
	if p.Source.Name != "" {
		wire.Source = &Source{Name: p.Source.Name, Licence: p.Source.Licence}
	}
	return wire
}

func taxOf(t property.Tax, currency money.Currency) Tax {
	wire := Tax{
		Code: t.Code, Name: t.Name, Kind: string(t.Kind), Included: t.Included, OnSite: t.OnSite,
		ExemptBelow: t.ExemptBelow, MaxNights: t.MaxNights, From: dateText(t.From), Through: dateText(t.Through),
	}
	if t.Kind == property.TaxPercent {
		wire.Percent = plainDecimal(t.Percent, 0)
	} else {
		wire.Amount = decimalOf(t.Amount, currency)
	}
	return wire
}
