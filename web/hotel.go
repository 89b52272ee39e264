package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

type hotelView struct {
	House   property.Property
	Form    searchForm
	Wish    wish
	Dates   string
	Groups  []groupView
	Single  bool // one room: each rate has its own button
	Rooms   int
	Open    bool // every party can have something
	Action  string
	Key     string
	Draft   draft // what a guest typed before the room was lost
	Notice  string
	Trouble []string
	Closed  []closedView
	Nearby  string
}

// groupView is the equal parties of a wish: they choose from one table.
type groupView struct {
	Party string
	Count int
	Types []roomTypeView
}

type roomTypeView struct {
	ID, Name, Description string
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
	wanted := s.wishOf(q)
	if len(wanted.Problems) == 0 && (q.Has("a1") || !q.Has("arrival")) {
		return seeOther(w, r, hotelURL(r.PathValue("id"), wanted))
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
	view := hotelView{
		House: house, Wish: wanted, Form: s.searchForm(wanted, nil), Dates: stayWords(wanted.Stay()),
		Single: len(wanted.Parties) == 1, Rooms: len(wanted.Parties), Action: holdAction(id, wanted), Key: s.formKey(),
		Draft: n.Draft, Notice: n.Text, Trouble: wanted.Problems, Nearby: nearby(house.City, wanted),
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
	return s.render(w, r, n.Status, "hotel", house.Name, view)
}

// fillShop asks for the offers, and for the reasons where there is none.
func (s *site) fillShop(r *http.Request, caller string, view *hotelView) error {
	q := booking.Query{PropertyID: view.House.ID, Stay: view.Wish.Stay(), Parties: view.Wish.Parties, Caller: caller}
	shop, err := s.Bookings.Offers(r.Context(), q)
	switch {
	case errors.Is(err, booking.ErrPast):
		view.Trouble = []string{"The arrival date has passed at the property. Choose a later one."}
		return nil
	case errors.Is(err, booking.ErrBeyondHorizon):
		view.Trouble = []string{"Rooms are sold about two years ahead. Choose an earlier date."}
		return nil
	case err != nil:
		return err
	}
	types, err := s.Houses.RoomTypes(r.Context(), view.House.ID)
	if err != nil {
		return err
	}
	if view.Groups, err = groups(shop, types); err != nil {
		return err
	}
	view.Open = true
	for _, g := range view.Groups {
		view.Open = view.Open && len(g.Types) > 0
	}
	reasons, err := s.Bookings.Explain(r.Context(), q)
	if err != nil {
		return err
	}
	view.Closed = closed(reasons)
	return nil
}

// closedView is what cannot be booked, with each reason as a sentence.
type closedView struct {
	Room    string
	Plans   []string // those that share the reasons; none: all of the room's
	Reasons []string
}

// closed lists what is not available. Plans of a room type that are closed for
// the same reasons are said together.
func closed(reasons booking.Reasons) []closedView {
	var all []closedView
	for _, p := range reasons.Products {
		if len(p.Refusals) == 0 {
			continue
		}
		one := closedView{Room: p.RoomType.Name}
		for _, refusal := range p.Refusals {
			one.Reasons = append(one.Reasons, refusal.Text)
		}
		i := slices.IndexFunc(all, func(c closedView) bool { return c.Room == one.Room && slices.Equal(c.Reasons, one.Reasons) })
		if i < 0 {
			i, all = len(all), append(all, one)
		}
		if !slices.Contains(all[i].Plans, p.Plan.Name) {
			all[i].Plans = append(all[i].Plans, p.Plan.Name)
		}
	}
	for i, c := range all {
		if len(c.Plans) == plansOf(reasons, c.Room) {
			all[i].Plans = nil
		}
	}
	return all
}

// plansOf counts the plans under which a room type is sold.
func plansOf(reasons booking.Reasons, room string) int {
	names := map[string]bool{}
	for _, p := range reasons.Products {
		if p.RoomType.Name == room {
			names[p.Plan.Name] = true
		}
	}
	return len(names)
}

// groups puts equal parties together, and chooses for each group the cheapest
// rooms that are free, so that one click books the cheapest.
func groups(shop booking.Shop, types []property.RoomType) ([]groupView, error) {
	taken := map[string]int{} // rooms of each type that the groups before chose
	var all []groupView
	for i, room := range shop.Rooms {
		if i != firstEqual(shop.Rooms, i) {
			continue
		}
		g := groupView{Party: partyWords(room.Party)}
		for j := range shop.Rooms {
			if firstEqual(shop.Rooms, j) == i {
				g.Count++
			}
		}
		if err := g.fill(shop, room.Offers, types, taken); err != nil {
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

func (g *groupView) fill(shop booking.Shop, offers []booking.Offer, types []property.RoomType, taken map[string]int) error {
	wanted := g.Count
	for _, o := range offers { // cheapest first
		terms, err := viewTerms(o.Terms, shop.Property, shop.Now)
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
		t := g.roomType(o, types)
		t.Offers = append(t.Offers, view)
	}
	return nil
}

// roomType is the group's entry for the offer's room type.
func (g *groupView) roomType(o booking.Offer, types []property.RoomType) *roomTypeView {
	for i := range g.Types {
		if g.Types[i].ID == o.RoomTypeID {
			return &g.Types[i]
		}
	}
	view := roomTypeView{ID: o.RoomTypeID, Name: o.RoomTypeName, Free: o.Free}
	for _, t := range types {
		if t.ID == o.RoomTypeID {
			view.Description, view.Sleeps = t.Description, t.MaxGuests
		}
	}
	g.Types = append(g.Types, view)
	return &g.Types[len(g.Types)-1]
}

// zoneOf is a property's zone; without one no deadline can be shown.
func zoneOf(house property.Property) (*time.Location, error) { return stay.Zone(house.Zone) }
