package property_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

func good() property.Property {
	return property.Property{
		Name: "Pensione Uno", Kind: "guest_house", Country: "IT", City: "Merano", Lat: 46.67, Lon: 11.16,
		Zone: "Europe/Rome", Currency: "EUR", CheckInFrom: 15 * 60, CheckOutUntil: 11 * 60, TermsVersion: "1",
		LocalNames: map[string]string{"de": "Pension Eins"}, Amenities: []string{"wifi"},
		Taxes: []property.Tax{{Code: "vat", Kind: property.TaxPercent, Percent: money.RatOf(10, 1), Included: true}},
	}
}

func TestPropertyCheck(t *testing.T) {
	if err := good().Check(); err != nil {
		t.Fatal(err)
	}
	later, earlier := stay.Date(20100), stay.Date(20000)
	for field, spoil := range map[string]func(*property.Property){
		"name":           func(p *property.Property) { p.Name = " " },
		"kind":           func(p *property.Property) { p.Kind = "castle" },
		"description":    func(p *property.Property) { p.Description = strings.Repeat("x", 10_001) },
		"stars":          func(p *property.Property) { p.Stars = 6 },
		"country":        func(p *property.Property) { p.Country = "it" },
		"city":           func(p *property.Property) { p.City = "Me\nrano" },
		"latitude":       func(p *property.Property) { p.Lat = -90.1 },
		"longitude":      func(p *property.Property) { p.Lon = 181 },
		"zone":           func(p *property.Property) { p.Zone = "Local" },
		"currency":       func(p *property.Property) { p.Currency = "XXQ" },
		"check-in":       func(p *property.Property) { p.CheckInFrom = 24 * 60 },
		"terms version":  func(p *property.Property) { p.TermsVersion = strings.Repeat("x", 201) },
		"amenities":      func(p *property.Property) { p.Amenities = []string{""} },
		"local names":    func(p *property.Property) { p.LocalNames = map[string]string{"": "x"} },
		"taxes[0].kind":  func(p *property.Property) { p.Taxes[0].Kind = "tithe" },
		"taxes[0].perc":  func(p *property.Property) { p.Taxes[0].Percent = money.RatOf(101, 1) },
		"taxes[0].amou":  func(p *property.Property) { p.Taxes[0].Amount = money.RatOf(-1, 1) },
		"taxes[0].thro":  func(p *property.Property) { p.Taxes[0].From, p.Taxes[0].Through = &later, &earlier },
		"taxes":          func(p *property.Property) { p.Taxes = make([]property.Tax, 51) },
		"taxes[0].max n": func(p *property.Property) { p.Taxes[0].MaxNights = 91 },
	} {
		p := good()
		spoil(&p)
		err := p.Check()
		var wrong *property.FieldError
		if !errors.Is(err, property.ErrInvalid) || !errors.As(err, &wrong) || !strings.HasPrefix(wrong.Field, field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestRoomTypeCheck(t *testing.T) {
	room := property.RoomType{Code: "DBL", Name: "Double", Stock: 5, Standard: 2, MaxGuests: 3}
	if err := room.Check(); err != nil {
		t.Fatal(err)
	}
	minus := -1
	for field, spoil := range map[string]func(*property.RoomType){
		"code":            func(r *property.RoomType) { r.Code = "" },
		"name":            func(r *property.RoomType) { r.Name = "\x00" },
		"stock":           func(r *property.RoomType) { r.Stock = 10_001 },
		"max guests":      func(r *property.RoomType) { r.MaxGuests = 0 },
		"min guests":      func(r *property.RoomType) { r.MinGuests = 4 },
		"standard guests": func(r *property.RoomType) { r.Standard = 4 },
		"max children":    func(r *property.RoomType) { r.MaxChildren = &minus },
	} {
		r := room
		spoil(&r)
		var wrong *property.FieldError
		if err := r.Check(); !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
