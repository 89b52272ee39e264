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
	house, err := s.Houses.Property(r.Context(), id)
	if err != nil {
		return err
	}
	if house.Closed {
		return property.ErrNotFound
	}
	v := s.voice(r)
	view := s.hotelView(v, house, wanted)
	view.Draft, view.Notice = n.Draft, n.Text
	if view.Reviews, err = s.reviews(r, house.ID); err != nil {
		return err
	}
	if len(wanted.Problems) == 0 {
		if err := s.fillShop(r, caller, &view); err != nil {
			return err
		}
	}
	if len(view.Trouble) > 0 && n.Status == http.StatusOK {
		n.Status = http.StatusUnprocessableEntity
	}
	w.Header().Set("Cache-Control", "no-store") // prices made for one visitor
	return s.renderPublic(w, r, n.Status, "hotel", house.Name, s.hotelHead(r, v, view), view)
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

// fillShop asks for the offers, and for the reasons where there is none.
func (s *site) fillShop(r *http.Request, caller string, view *hotelView) error {
	v := s.voice(r)
	q := booking.Query{PropertyID: view.House.ID, Stay: view.Wish.Stay(), Parties: view.Wish.Parties, Caller: caller}
	var reasons booking.Reasons
	var explained errgroup.Group // beside the offers: it reads the same again
	explained.Go(func() (err error) {
		reasons, err = s.Bookings.Explain(r.Context(), q)
		return err
	})
	shop, err := s.Bookings.Offers(r.Context(), q)
	unexplained := explained.Wait()
	switch {
	case errors.Is(err, booking.ErrPast):
		view.Trouble = []string{v.Say("hotel.past")}
		return nil
	case errors.Is(err, booking.ErrBeyondHorizon):
		view.Trouble = []string{v.Say("hotel.beyond")}
		return nil
	case err != nil:
		return err
	}
	types, err := s.Houses.RoomTypes(r.Context(), view.House.ID)
	if err != nil {
		return err
	}
	if view.Groups, err = s.groups(v, shop, types); err != nil {
		return err
	}
	view.Open = true
	for _, g := range view.Groups {
		view.Open = view.Open && len(g.Types) > 0
	}
	if unexplained != nil {
		return unexplained
	}
	view.Closed = v.closed(reasons)
	return s.houseStrip(r, view)
}

// groups puts equal parties together, and chooses for each group the cheapest
// rooms that are free, so that one click books the cheapest.
func (s *site) groups(v voice, shop booking.Shop, types []property.RoomType) ([]groupView, error) {
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
		if err := s.fillGroup(v, &g, shop, room.Offers, types, taken); err != nil {
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

func (s *site) fillGroup(v voice, g *groupView, shop booking.Shop, offers []booking.Offer, types []property.RoomType, taken map[string]int) error {
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
		t := s.roomType(g, shop.Property, o, types)
		t.Offers = append(t.Offers, view)
	}
	return nil
}

// roomType is the group's entry for the offer's room type.
func (s *site) roomType(g *groupView, house property.Property, o booking.Offer, types []property.RoomType) *roomTypeView {
	for i := range g.Types {
		if g.Types[i].ID == o.RoomTypeID {
			return &g.Types[i]
		}
	}
	view := roomTypeView{ID: o.RoomTypeID, Name: o.RoomTypeName, Free: o.Free}
	for _, t := range types {
		if t.ID == o.RoomTypeID {
			view.Description, view.Sleeps, view.Scene = t.Description, t.MaxGuests, s.roomScene(house, t)
		}
	}
	g.Types = append(g.Types, view)
	return &g.Types[len(g.Types)-1]
}

// zoneOf is a property's zone; without one no deadline can be shown.
func zoneOf(house property.Property) (*time.Location, error) { return stay.Zone(house.Zone) }
