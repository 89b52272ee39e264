package booking_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/stay"
)

// machine drives every verb at random and keeps a plain model beside it: which
// stays there are, in which state, and which nights each of them takes.
type machine struct {
	*desk
	rt    *rapid.T
	all   []*kept
	calls int
}

// kept is a booking as the model has it.
type kept struct {
	booking.Booking
	until time.Time // of a hold
	often int       // it was extended
	paid  int64
	stays []*keptStay
}

type keptStay struct {
	id, room string
	moved    string // to a room of another type
	dates    stay.Stay
	uses     []stay.Date
	state    booking.State
	in, end  time.Time
}

// Property 2. Property 9. Property 14. Property 15. Property 34. Property 37.
func TestEveryVerbAgainstAPlainModelOfStock(t *testing.T) {
	eachEngine(t, func(t *testing.T, open func(t *testing.T) *desk) {
		rapid.Check(t, func(rt *rapid.T) {
			m := &machine{desk: open(t), rt: rt}
			m.at(may1-1, "12:00")
			m.run()
		})
	})
}

func (m *machine) run() {
	m.rt.Repeat(map[string]func(*rapid.T){
		"hold":     m.hold,
		"extend":   m.extend,
		"contract": m.contract,
		"use hold": m.useHold,
		"add":      m.addRooms,
		"cancel":   m.verb("cancel", m.stayVerb(m.Cancel)),
		"check in": m.verb("check in", m.stayVerb(m.CheckIn)),
		"leave":    m.verb("check out", m.stayVerb(m.CheckOut)),
		"no-show":  m.verb("no-show", m.stayVerb(m.NoShow)),
		"undo":     m.verb("undo", m.stayVerb(m.Undo)),
		"move":     m.verb("move", m.moveRoom),
		"change":   m.change,
		"pay":      m.receive,
		"pay back": m.payBack,
		"sweep":    m.sweep,
		"clock":    m.tick,
		"":         m.compare,
	})
}

func (m *machine) command() booking.Command {
	m.calls++
	return command(fmt.Sprint("call ", m.calls))
}

func (m *machine) today() stay.Date {
	zone, err := stay.Zone("Europe/Berlin")
	m.must(err)
	return stay.On(m.clock.now(), zone)
}

func nightsOf(dates stay.Stay) []stay.Date {
	var all []stay.Date
	for night := dates.Arrival; night < dates.Departure; night++ {
		all = append(all, night)
	}
	return all
}

func (m *machine) dates(t *rapid.T) stay.Stay {
	first := max(may1, m.today())
	arrival := first.Add(rapid.IntRange(0, 3).Draw(t, "arrival"))
	return stay.Stay{Arrival: arrival, Departure: arrival.Add(rapid.IntRange(1, 3).Draw(t, "nights"))}
}

// taken counts what the model's stays take of a night; dead holds are told apart.
func (m *machine) taken(room string, night stay.Date) (sold, held, dead int) {
	for _, b := range m.all {
		for _, s := range b.stays {
			if s.room != room || !slices.Contains(s.uses, night) {
				continue
			}
			switch {
			case s.state == booking.Held && !m.clock.now().Before(b.until):
				dead++
			case s.state == booking.Held:
				held++
			default:
				sold++
			}
		}
	}
	return sold, held, dead
}

// room tells whether n more rooms are free on each night: for sure, or only when dead holds go.
func (m *machine) room(room string, nights []stay.Date, n int) (sure, possible bool) {
	most := map[string]int{doubleID: 2, familyID: 1}[room]
	sure, possible = true, true
	for _, night := range nights {
		sold, held, dead := m.taken(room, night)
		sure = sure && sold+held+dead+n <= most
		possible = possible && sold+held+n <= most
	}
	return sure, possible
}

// expect compares the outcome of a call with what the model says: it must
// succeed, or it must not. Dead holds may have been ended on the way.
func (m *machine) expect(what string, want bool, err error) bool {
	m.rt.Helper()
	if (err == nil) != want {
		m.rt.Fatalf("%s: %v, the model says success is %v", what, err, want)
	}
	for _, b := range m.all {
		if b.stays[0].state != booking.Held || m.clock.now().Before(b.until) {
			continue
		}
		if now, err := m.Booking(m.ctx, b.ID); err == nil && now.State() == booking.Expired {
			b.end(booking.Expired)
		}
	}
	return err == nil
}

func (b *kept) end(state booking.State) {
	for _, s := range b.stays {
		s.state, s.uses = state, nil
	}
}

// add takes a booking that was just made into the model.
func (m *machine) add(b booking.Booking, rooms ...string) {
	k := &kept{Booking: b, until: b.HeldUntil}
	k.have(b, rooms)
	m.all = append(m.all, k)
}

// have takes the last stays of a booking into the model: those in the rooms.
func (b *kept) have(now booking.Booking, rooms []string) {
	for i, r := range now.Stays[len(now.Stays)-len(rooms):] {
		b.stays = append(b.stays, &keptStay{
			id: r.ID, room: rooms[i], dates: r.Terms.Stay, uses: nightsOf(r.Terms.Stay), state: r.State,
		})
	}
}

// offers are one or two of the same room, and whether the stock has them; none
// when the room is not offered, which must be because it is not free.
func (m *machine) offers(t *rapid.T) (rooms, tokens []string, possible bool) {
	q := couple(1)
	q.Stay = m.dates(t)
	shop, err := m.Offers(m.ctx, q)
	m.must(err)
	room := rapid.SampledFrom([]string{doubleID, familyID}).Draw(t, "room")
	sure, _ := m.room(room, nightsOf(q.Stay), 1)
	i := slices.IndexFunc(shop.Rooms[0].Offers, func(o booking.Offer) bool { return o.RoomTypeID == room && o.PlanID == flexID })
	if sure != (i >= 0) {
		t.Fatalf("offered: %v, free: %v", i >= 0, sure)
	}
	if i < 0 {
		return nil, nil, false
	}
	n := rapid.IntRange(1, 2).Draw(t, "rooms")
	_, possible = m.room(room, nightsOf(q.Stay), n)
	return slices.Repeat([]string{room}, n), slices.Repeat([]string{shop.Rooms[0].Offers[i].Token}, n), possible
}

func (m *machine) hold(t *rapid.T) {
	rooms, tokens, possible := m.offers(t)
	if len(tokens) == 0 {
		return
	}
	answer, err := m.Hold(m.ctx, m.command(), tokens)
	if m.expect("hold", possible, err) {
		m.add(m.made(answer, err), rooms...)
	}
}

func (m *machine) extend(t *rapid.T) {
	b := m.one(t)
	if b == nil {
		return
	}
	may := b.alive(m.clock.now()) && b.often < booking.MaxExtensions
	answer, err := m.Extend(m.ctx, m.command(), b.Booking)
	if m.expect("extend", may, err) {
		b.often++
		b.until = m.made(answer, err).HeldUntil
	}
}

// alive tells a hold that can be used.
func (b *kept) alive(now time.Time) bool {
	return b.stays[0].state == booking.Held && now.Before(b.until)
}

func (m *machine) addRooms(t *rapid.T) {
	b := m.one(t)
	if b == nil {
		return
	}
	rooms, tokens, possible := m.offers(t)
	if len(tokens) == 0 {
		return
	}
	lives := slices.ContainsFunc(b.stays, func(s *keptStay) bool {
		return s.state == booking.Confirmed || s.state == booking.InHouse
	})
	may := lives && possible && len(b.stays)+len(rooms) <= booking.MaxRooms
	answer, err := m.AddRooms(m.ctx, m.command(), b.Booking, 0, tokens)
	if m.expect("add rooms", may, err) {
		b.have(m.made(answer, err), rooms)
	}
}

func (m *machine) contract(t *rapid.T) {
	c := contract(1)
	c.Stay, c.Nights = m.dates(t), nil
	c.RoomTypeID = rapid.SampledFrom([]string{doubleID, familyID}).Draw(t, "room")
	c.Forced = rapid.IntRange(0, 9).Draw(t, "forced") == 0
	if rapid.IntRange(0, 5).Draw(t, "day use") == 0 {
		c.DayUse, c.Stay.Departure = true, c.Stay.Arrival
	}
	for range c.Stay.Nights() {
		c.Nights = append(c.Nights, 5_000)
	}
	_, possible := m.room(c.RoomTypeID, nightsOf(c.Stay), 1)
	answer, err := m.BookContract(m.ctx, m.command(), []booking.Contract{c}, booking.Purchase{})
	if m.expect("contract", possible || c.Forced, err) {
		m.add(m.made(answer, err), c.RoomTypeID)
	}
}

// one is a booking of the model, nil when there is none.
func (m *machine) one(t *rapid.T) *kept {
	if len(m.all) == 0 {
		return nil
	}
	return m.all[rapid.IntRange(0, len(m.all)-1).Draw(t, "booking")]
}

func (m *machine) useHold(t *rapid.T) {
	b := m.one(t)
	if b == nil {
		return
	}
	alive := b.alive(m.clock.now())
	book := rapid.Bool().Draw(t, "book")
	var err error
	if book {
		_, err = m.BookHold(m.ctx, m.command(), b.Booking, purchase())
	} else {
		_, err = m.Release(m.ctx, m.command(), b.Booking)
	}
	if !m.expect("use a hold", alive, err) {
		return
	}
	if !book {
		b.end(booking.Released)
		return
	}
	for _, s := range b.stays {
		s.state = booking.Confirmed
	}
}

// verb runs a verb on one stay and says what it should do.
func (m *machine) verb(name string, call func(booking.Command, booking.Booking, string) error) func(*rapid.T) {
	return func(t *rapid.T) {
		b, s := m.stay(t, name)
		if b == nil {
			return
		}
		after, ok := m.after(name, *s)
		if ok && len(after.uses) > len(s.uses) {
			_, ok = m.room(s.room, after.uses[len(s.uses):], 1)
		}
		if m.expect(name, ok, call(m.command(), b.Booking, s.id)) {
			*s = after
		}
	}
}

// stay is any stay, but mostly one that can take the verb: few can take an undo.
func (m *machine) stay(t *rapid.T, verb string) (*kept, *keptStay) {
	type pair struct {
		b *kept
		s *keptStay
	}
	var all, able []pair
	for _, b := range m.all {
		for _, s := range b.stays {
			all = append(all, pair{b, s})
			if _, ok := m.after(verb, *s); ok {
				able = append(able, pair{b, s})
			}
		}
	}
	if len(able) > 0 && rapid.IntRange(0, 4).Draw(t, "any") > 0 {
		all = able
	}
	if len(all) == 0 {
		return nil, nil
	}
	p := all[rapid.IntRange(0, len(all)-1).Draw(t, "stay")]
	return p.b, p.s
}

// stayVerb is a verb of the service for one stay.
func (m *machine) stayVerb(verb func(context.Context, booking.Command, booking.Booking, int64, ...string) (booking.Answer, error)) func(booking.Command, booking.Booking, string) error {
	return func(cmd booking.Command, b booking.Booking, stayID string) error {
		_, err := verb(m.ctx, cmd, b, 0, stayID)
		return err
	}
}

// moveRoom puts the guests into the family room, also those who are there: the
// stock of the room sold stays taken.
func (m *machine) moveRoom(cmd booking.Command, b booking.Booking, stayID string) error {
	_, err := m.MoveRoom(m.ctx, cmd, b, 0, stayID, familyID)
	return err
}

// after is what the verb makes of a stay, from the rules as the documentation has them.
func (m *machine) after(verb string, s keptStay) (keptStay, bool) {
	today, now := m.today(), m.clock.now()
	first := s.uses[:min(1, len(s.uses))]
	switch {
	case verb == "cancel" && s.state == booking.Confirmed:
		s.state, s.uses, s.end = booking.Cancelled, nil, now
	case verb == "check in" && s.state == booking.Confirmed && s.dates.Arrival <= today && today <= s.dates.Departure:
		s.state, s.in = booking.InHouse, now
	case verb == "check out" && s.state == booking.InHouse:
		s.state, s.end = booking.CheckedOut, now
		s.uses = slices.DeleteFunc(slices.Clone(s.uses), func(night stay.Date) bool { return night >= today })
	case verb == "no-show" && s.state == booking.Confirmed && m.since(s.dates.Arrival, 15) && today <= s.dates.Arrival+booking.NoShowDays:
		s.state, s.end, s.uses = booking.NoShow, now, first
	case verb == "move" && (s.state == booking.Confirmed || s.state == booking.InHouse):
		s.moved = familyID
		if s.room == familyID {
			s.moved = ""
		}
	case verb == "undo" && s.state == booking.InHouse && m.sameDay(s.in):
		s.state, s.in = booking.Confirmed, time.Time{}
	case verb == "undo" && s.state == booking.CheckedOut && m.sameDay(s.end):
		s.state, s.end, s.uses = booking.InHouse, time.Time{}, nightsOf(s.dates)
	case verb == "undo" && s.state == booking.NoShow && m.sameDay(s.end):
		s.state, s.end, s.uses = booking.Confirmed, time.Time{}, nightsOf(s.dates)
	default:
		return s, false
	}
	return s, true
}

// since tells whether it is that hour of the day at the property, or later.
func (m *machine) since(day stay.Date, hour int) bool {
	zone, err := stay.Zone("Europe/Berlin")
	m.must(err)
	return !m.clock.now().Before(stay.Instant(day, stay.Clock(hour*60), zone, stay.Earlier))
}

func (m *machine) sameDay(at time.Time) bool {
	zone, err := stay.Zone("Europe/Berlin")
	m.must(err)
	return stay.On(at, zone) == m.today()
}

func (m *machine) change(t *rapid.T) {
	b := m.one(t)
	if b == nil {
		return
	}
	s := b.stays[rapid.IntRange(0, len(b.stays)-1).Draw(t, "stay")]
	to := s.dates
	to.Arrival = to.Arrival.Add(rapid.IntRange(-1, 2).Draw(t, "arrival"))
	to.Departure = to.Departure.Add(rapid.IntRange(-2, 2).Draw(t, "departure"))
	if to.Nights() < 1 || to.Arrival < may1 {
		return
	}
	today := m.today()
	may := (s.state == booking.Confirmed || s.state == booking.InHouse) && to.Departure >= today
	if to.Arrival != s.dates.Arrival {
		may = may && s.state == booking.Confirmed && s.dates.Arrival >= today && to.Arrival >= today
	}
	more := slices.DeleteFunc(nightsOf(to), func(night stay.Date) bool { return slices.Contains(s.uses, night) })
	sure, possible := m.room(s.room, more, 1)
	wanted := booking.Alteration{StayID: s.id, Stay: to, Agreed: make([]int64, to.Nights()), Reason: "agreed"}
	now, err := m.Booking(m.ctx, b.ID)
	m.must(err)
	offer, err := m.OfferChange(m.ctx, now, []booking.Alteration{wanted})
	if err != nil && may && possible && !sure && errors.Is(err, inventory.ErrSoldOut) {
		return // a dry run ends no dead holds
	}
	if m.expect("offer a change", may && sure, err) {
		_, err = m.Change(m.ctx, m.command(), now, now.Version, offer.Token)
		m.expect("change", true, err)
		s.dates, s.uses = to, nightsOf(to)
	}
}

func (m *machine) receive(t *rapid.T) {
	b := m.one(t)
	if b == nil || b.stays[0].state == booking.Held {
		return
	}
	account, err := m.Account(m.ctx, b.Booking)
	m.must(err)
	minor := rapid.Int64Range(1, 20_000).Draw(t, "minor")
	_, err = m.Receive(m.ctx, m.command(), b.Booking, 0, cash(minor))
	if m.expect("receive", minor <= account.Open.Minor, err) {
		b.paid += minor
	}
}

// Property 34, at the desk.
func (m *machine) payBack(t *rapid.T) {
	b := m.one(t)
	if b == nil {
		return
	}
	minor := rapid.Int64Range(1, 20_000).Draw(t, "minor")
	_, err := m.PayBack(m.ctx, m.command(), b.Booking, 0, cash(minor))
	if m.expect("pay back", minor <= b.paid, err) {
		b.paid -= minor
	}
}

func (m *machine) sweep(*rapid.T) {
	_, err := m.Sweep(m.ctx, 100)
	m.expect("sweep", true, err)
}

func (m *machine) tick(t *rapid.T) {
	// No sum of these is the life of a hold: PostgreSQL's clock runs on between two
	// looks at it, so that on the very edge either answer would be right.
	m.clock.forward(rapid.SampledFrom([]time.Duration{
		61 * time.Second, booking.HoldLife + 7*time.Second, 5*time.Hour + 13*time.Second, 24 * time.Hour,
	}).Draw(t, "time"))
}

// compare recounts everything: the nights from the model, the books from what the stays owe.
func (m *machine) compare(t *rapid.T) {
	m.expect("look", true, nil)
	rows, err := m.store.Nights(m.ctx, houseID, may1, may1+60)
	m.must(err)
	for _, row := range rows {
		sold, held, dead := m.taken(row.RoomTypeID, row.Night)
		if row.Sold != sold || row.Held != held+dead {
			t.Fatalf("%s on %s: sold %d, held %d; the model has %d and %d", row.RoomTypeID, row.Night, row.Sold, row.Held, sold, held+dead)
		}
		if taken := row.Sold + row.Held + row.Blocked; taken > row.Cap+row.Oversold || row.Oversold != max(0, taken-row.Cap) {
			t.Fatalf("impossible night %+v", row)
		}
	}
	for _, k := range m.all {
		b, err := m.Booking(m.ctx, k.ID)
		m.must(err)
		owed := int64(0)
		for i, r := range b.Stays {
			want := k.stays[i]
			if r.State != want.state || r.Terms.Stay != want.dates || r.RoomTypeID != want.moved {
				t.Fatalf("stay %s is %s %v in %q, the model has %s %v in %q",
					r.ID, r.State, r.Terms.Stay, r.RoomTypeID, want.state, want.dates, want.moved)
			}
			for _, e := range r.Owes() {
				if e.Account == "guest_receivable" {
					owed += e.Amount.Minor
				}
			}
		}
		account, err := m.Account(m.ctx, b)
		m.must(err)
		if account.Charged.Minor != owed || account.Received.Minor != k.paid {
			t.Fatalf("booking %s is charged %s and paid %s, its stays owe %d and %d was paid",
				b.ID, account.Charged, account.Received, owed, k.paid)
		}
	}
	audit, err := m.store.Audit(m.ctx)
	m.must(err)
	if len(audit.Breaks) > 0 {
		t.Fatalf("reconcile: %+v", audit.Breaks)
	}
}
