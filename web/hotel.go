package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

type hotelView struct {
	House             property.Property
	KindName          string
	Reviews           *reviewsView
	Pictures          []picture
	Amenities         []choice
	Map               *mapView
	CheckIn, CheckOut string
	Taxes             []choice
	Source            string
	Form              searchForm
	Wish              wish
	Dates, Guests     string
	Strip             stripView
	Groups            []groupView
	Single            bool // one room: each rate has its own button
	Rooms             int
	Open              bool // every party can have something
	Action            string
	Key               string
	Draft             draft // what a guest typed before the room was lost
	Notice            string
	Trouble           []string
	Closed            []closedView
	Nearby            string
}

// groupView is the equal parties of a wish: they choose from one table.
type groupView struct {
	Index int
	Party string
	Count int
	Types []roomTypeView
}

type roomTypeView struct {
	ID, Name, Description string
	Scene                 string
	Sleeps, Free          int
	Offers                []offerView
}

type offerView struct {
	termsView
	Token  string
	Counts []choice // how many of the group take it
}

// notice is what a property's page says above the rooms after something went
// otherwise than the guest wanted, and what they had typed by then.
type notice struct {
	Text   string
	Status int
	Draft  draft
}

func (s *site) hotelPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	wanted := s.wishOf(s.voice(r), q)
	if len(wanted.Problems) == 0 && q.Has("a1") {
		return seeOther(w, r, hotelURL(r.PathValue("id"), wanted)+"#choose")
	}
	return s.shop(w, r, r.PathValue("id"), s.welcome(w, r), wanted, notice{Status: http.StatusOK})
}

// shop shows what a property offers for a wish: the property's own page, and
// where a guest lands whose room or price was lost.
func (s *site) shop(w http.ResponseWriter, r *http.Request, id, caller string, wanted wish, n notice) error {
	v := s.voice(r)
	var said *reviewsView
	var beside errgroup.Group
	beside.Go(func() (err error) {
		said, err = s.reviews(r, id)
		return err
	})
	seen, err := s.counter(r, id, caller, wanted)
	if err := errors.Join(err, beside.Wait()); err != nil {
		return err
	}
	view := s.hotelView(v, seen.Property, wanted)
	view.Draft, view.Notice, view.Reviews = n.Draft, n.Text, said
	if seen.trouble != "" {
		view.Trouble = []string{v.Say(seen.trouble)}
	}
	if len(view.Trouble) == 0 {
		if err := s.fillShop(r, seen, &view); err != nil {
			return err
		}
	}
	if len(view.Trouble) > 0 && n.Status == http.StatusOK {
		n.Status = http.StatusUnprocessableEntity
	}
	w.Header().Set("Cache-Control", "no-store") // prices made for one visitor
	return s.renderPublic(w, r, n.Status, "hotel", view.House.Name, s.hotelHead(r, v, view), view)
}

// hotelView is what there is to say of a house without dates.
func (s *site) hotelView(v voice, house property.Property, wanted wish) hotelView {
	view := hotelView{
		House: house, KindName: v.Say("kind." + house.Kind), Wish: wanted, Form: s.searchForm(v, wanted, nil),
		Dates: v.Stay(wanted.Stay()), Guests: v.Parties(wanted.Parties), Pictures: s.gallery(v, house),
		CheckIn: house.CheckInFrom.String(), CheckOut: house.CheckOutUntil.String(), Source: v.source(house),
		Single: len(wanted.Parties) == 1, Rooms: len(wanted.Parties), Action: holdAction(house.ID, wanted), Key: s.formKey(),
		Trouble: wanted.Problems, Nearby: aroundURL(house.ID, wanted), Map: s.locator(house),
	}
	for _, a := range house.Amenities {
		view.Amenities = append(view.Amenities, choice{Value: a, Label: v.amenity(a)})
	}
	for _, t := range house.Taxes {
		view.Taxes = append(view.Taxes, choice{Label: t.Name, Value: v.tax(t)})
	}
	return view
}

func (v voice) tax(t property.Tax) string {
	key := "tax.added"
	switch {
	case t.Included:
		key = "tax.included"
	case t.OnSite:
		key = "tax.on_site"
	}
	text := v.Say(key)
	if t.ExemptBelow > 0 {
		text += v.Say("tax.exempt", "n", t.ExemptBelow)
	}
	return text
}

// source says where the facts of a house come from.
func (v voice) source(house property.Property) string {
	text := ""
	if name := house.Source.Name; name != "" && len(house.Generated) == 0 || house.Source.Licence != "" {
		text = v.Say("source.from", "name", name)
		if house.Source.Licence != "" {
			text = v.Say("source.licensed", "name", name, "licence", house.Source.Licence)
		}
	}
	if len(house.Generated) > 0 {
		var facts []string
		for _, fact := range house.Generated {
			if key := "fact." + fact; v.Has(key) {
				fact = v.Say(key)
			}
			facts = append(facts, strings.ReplaceAll(fact, "_", " "))
		}
		text += " " + v.Say("source.generated", "facts", v.And(facts...))
	}
	return strings.TrimSpace(text)
}

// counter is what a house shows for a wish.
type counter struct {
	booking.Shop
	reasons booking.Reasons
	trouble string // the message that says why there is only the house
}

// counter asks for offers, and for the reasons where there is none, in one
// reading that also has the house.
func (s *site) counter(r *http.Request, id, caller string, wanted wish) (seen counter, err error) {
	if len(wanted.Problems) == 0 {
		seen.Shop, seen.reasons, err = s.Bookings.Display(r.Context(), booking.Query{
			PropertyID: id, Stay: wanted.Stay(), Parties: wanted.Parties, Caller: caller,
		})
		switch {
		case errors.Is(err, booking.ErrPast):
			seen.trouble = "hotel.past"
		case errors.Is(err, booking.ErrBeyondHorizon):
			seen.trouble = "hotel.beyond"
		default:
			return seen, err
		}
	}
	if seen.Property, err = s.Houses.Property(r.Context(), id); err == nil && seen.Property.Closed {
		err = property.ErrNotFound
	}
	return seen, err
}

// fillShop shows what was found.
func (s *site) fillShop(r *http.Request, seen counter, view *hotelView) (err error) {
	v := s.voice(r)
	if view.Groups, err = s.groups(v, seen.Shop); err != nil {
		return err
	}
	view.Open = true
	for _, g := range view.Groups {
		view.Open = view.Open && len(g.Types) > 0
	}
	view.Closed = v.closed(seen.reasons)
	return s.houseStrip(r, view)
}

// groups puts equal parties together, and chooses for each group the cheapest
// rooms that are free, so that one click books the cheapest.
func (s *site) groups(v voice, shop booking.Shop) ([]groupView, error) {
	taken := map[string]int{} // rooms of each type that the groups before chose
	var all []groupView
	for i, room := range shop.Rooms {
		if i != firstEqual(shop.Rooms, i) {
			continue
		}
		g := groupView{Index: len(all), Party: v.Party(room.Party)}
		for j := range shop.Rooms {
			if firstEqual(shop.Rooms, j) == i {
				g.Count++
			}
		}
		if err := s.fillGroup(v, &g, shop, room.Offers, taken); err != nil {
			return nil, err
		}
		all = append(all, g)
	}
	return all, nil
}

func firstEqual(rooms []booking.RoomOffers, i int) int {
	for j := range i {
		if rooms[j].Party.Equal(rooms[i].Party) {
			return j
		}
	}
	return i
}

func (s *site) fillGroup(v voice, g *groupView, shop booking.Shop, offers []booking.Offer, taken map[string]int) error {
	wanted := g.Count
	for _, o := range offers { // cheapest first
		terms, err := v.terms(o.Terms, shop.Property, shop.Now)
		if err != nil {
			return err
		}
		take := max(0, min(wanted, o.Free-taken[o.RoomTypeID]))
		wanted -= take
		taken[o.RoomTypeID] += take
		view := offerView{termsView: terms, Token: o.Token}
		for n := range min(g.Count, o.Free) + 1 {
			view.Counts = append(view.Counts, choice{Value: strconv.Itoa(n), Label: strconv.Itoa(n), Chosen: n == take})
		}
		t := s.roomType(g, shop, o)
		t.Offers = append(t.Offers, view)
	}
	return nil
}

// roomType is the group's entry for the offer's room type.
func (s *site) roomType(g *groupView, shop booking.Shop, o booking.Offer) *roomTypeView {
	for i := range g.Types {
		if g.Types[i].ID == o.RoomTypeID {
			return &g.Types[i]
		}
	}
	view := roomTypeView{ID: o.RoomTypeID, Name: o.RoomTypeName, Free: o.Free}
	for _, t := range shop.RoomTypes {
		if t.ID == o.RoomTypeID {
			view.Description, view.Sleeps, view.Scene = t.Description, t.MaxGuests, s.roomScene(shop.Property, t)
		}
	}
	g.Types = append(g.Types, view)
	return &g.Types[len(g.Types)-1]
}

// zoneOf is a property's zone; without one no deadline can be shown.
func zoneOf(house property.Property) (*time.Location, error) { return stay.Zone(house.Zone) }
