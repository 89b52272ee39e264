package notify

import (
	"fmt"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/stay/ics"
)

// letterOf is what a mail is written of.
type letterOf struct {
	mail    Mail
	booking booking.Booking
	guest   guest.Guest
	house   property.Property
	now     time.Time
}

// letter is a mail in words, for both templates.
type letter struct {
	*words
	Subject, Heading, Lead string
	House, Address         string
	Code, CodeLabel        string
	Facts                  []fact // dates and place
	Rooms                  []roomLine
	Sums                   []fact // what it costs
	Notes                  []string
	Action, ActionURL      string
	Why                    string
	Over                   bool // the stay will not take place
}

// fact is a label with its value; more is a second line of it.
type fact struct {
	Label, Value, More string
	Struck             bool
}

type roomLine struct{ Name, Detail, Price string }

// Lang is the language of the letter as HTML names it.
func (l letter) Lang() string { return l.tag.String() }

// compose writes the mail.
func (w *Worker) compose(of letterOf) (Message, error) {
	zone, err := stay.Zone(of.house.Zone)
	if err != nil {
		return Message{}, err
	}
	link := w.BaseURL + "/bookings/" + w.Bookings.ManageToken(of.booking.ID)
	l := of.letter(zone, link)
	if of.mail.About == HoldExpiring {
		l.ActionURL = w.BaseURL + "/resume/" + w.Bookings.ResumeToken(of.booking.ID)
	}
	html, plain, err := l.render()
	if err != nil {
		return Message{}, err
	}
	m := Message{
		ID:   of.messageID(w.From.Email),
		From: Address{Name: of.house.Name, Email: w.From.Email}, To: Address{Name: of.guest.Name, Email: of.guest.Email},
		Subject: l.Subject, HTML: html, Text: plain, Language: l.Lang(),
	}
	if of.mail.About == Confirmed || of.mail.About == Changed || of.mail.About == Cancelled {
		m.Calendar = of.calendar(zone, link, w.From.Email)
	}
	return m, nil
}

// messageID is the same for the same event, so that a mail sent again is known
// as the one that was.
func (of letterOf) messageID(from string) string {
	_, domain, _ := strings.Cut(from, "@")
	return fmt.Sprintf("%s.%s.%s@%s", of.mail.About, of.mail.Event, of.booking.ID, domain)
}

func (of letterOf) letter(zone *time.Location, link string) letter {
	w := wordsFor(of.guest.Language)
	kind, code := string(of.mail.About), codeWords(of.booking.Code)
	first, last := of.span()
	args := []string{
		"house", of.house.Name, "arrival", w.day(first.Arrival), "time", of.booking.HeldUntil.In(zone).Format("15:04"),
	}
	l := letter{
		words: w, Subject: w.say(kind+".subject", args...), Heading: w.say(kind+".heading", args...), Lead: w.say(kind+".lead", args...),
		House: of.house.Name, Address: address(of.house), Code: code, CodeLabel: w.say("code"),
		Action: w.say("manage"), ActionURL: link, Why: w.say("why_booking", "code", code), Over: of.mail.About == Cancelled,
	}
	switch of.mail.About {
	case Cancelled:
		l.Action = w.say("see")
	case HoldExpiring:
		l.Code, l.Why = "", w.say("why_hold")
		l.Action = w.say("finish")
	case ReviewRequest:
		l.Code, l.Why = "", w.say("why_review", "code", code)
		l.Action, l.ActionURL = w.say("review"), link+"/review"
		return l // how it was is asked, not what was booked
	}
	l.Facts = of.facts(w, first, last)
	l.Rooms = of.rooms(w)
	l.Sums = of.sums(w)
	l.Notes = of.notes(w, zone)
	return l
}

// told are the stays that the mail is about: those that will take place, or of
// what is over all.
func (of letterOf) told() []booking.RoomStay {
	var stays []booking.RoomStay
	for _, r := range of.booking.Stays {
		if r.State == booking.Confirmed || r.State == booking.InHouse || r.State == booking.Held {
			stays = append(stays, r)
		}
	}
	if len(stays) == 0 {
		return of.booking.Stays
	}
	return stays
}

// span is the stay that begins first and the one that ends last.
func (of letterOf) span() (first, last stay.Stay) {
	stays := of.told()
	first, last = stays[0].Terms.Stay, stays[0].Terms.Stay
	for _, r := range stays[1:] {
		if r.Terms.Stay.Arrival < first.Arrival {
			first = r.Terms.Stay
		}
		if r.Terms.Stay.Departure > last.Departure {
			last = r.Terms.Stay
		}
	}
	return first, last
}

const between = " · " // two things that are no list

func (of letterOf) facts(w *words, first, last stay.Stay) []fact {
	nights := int(last.Departure - first.Arrival)
	over := of.mail.About == Cancelled
	return []fact{
		{Label: w.say("check_in"), Struck: over, Value: w.day(first.Arrival), More: w.say("from", "time", of.house.CheckInFrom.String())},
		{
			Label: w.say("check_out"), Struck: over, Value: w.day(last.Departure),
			More: w.say("until", "time", of.house.CheckOutUntil.String()) + between + w.count("nights", nights),
		},
		{Label: w.say("address"), Value: address(of.house)},
	}
}

func (of letterOf) rooms(w *words) []roomLine {
	var rooms []roomLine
	for _, r := range of.told() {
		detail := w.party(r.Terms.Party)
		if board := w.say("board." + string(r.Terms.Board)); board != "" {
			detail += between + board
		}
		rooms = append(rooms, roomLine{Name: r.Terms.RoomTypeName, Detail: detail, Price: w.amount(r.Terms.Price())})
	}
	return rooms
}

func (of letterOf) sums(w *words) []fact {
	currency := of.booking.Stays[0].Terms.Currency
	total, there, fee := money.Zero(currency), money.Zero(currency), money.Zero(currency)
	for _, r := range of.booking.Stays {
		fee.Minor += r.Fee + r.Terms.Removed
	}
	for _, r := range of.told() {
		total.Minor += r.Terms.Total
		there.Minor += r.Terms.DueAtProperty
	}
	if of.mail.About == Cancelled {
		if fee.IsZero() {
			return nil
		}
		return []fact{{Label: w.say("fee"), Value: w.amount(fee)}}
	}
	sums := []fact{{Label: w.say("total"), Value: w.amount(total), More: w.say("all_included")}}
	switch {
	case there == total:
		sums[0].More += " " + w.say("paid_there")
	case !there.IsZero():
		sums = append(sums, fact{Label: w.say("due_at_property"), Value: w.amount(there)})
	}
	if !fee.IsZero() {
		sums = append(sums, fact{Label: w.say("fee"), Value: w.amount(fee)})
	}
	return sums
}

func (of letterOf) notes(w *words, zone *time.Location) []string {
	switch of.mail.About {
	case Cancelled:
		notes := []string{w.say("calendar_cancelled")}
		if of.sums(w) == nil {
			notes = append([]string{w.say("nothing_to_pay")}, notes...)
		}
		return notes
	case HoldExpiring:
		return []string{of.cancelling(w, zone)}
	}
	return []string{of.cancelling(w, zone), w.say("calendar")}
}

// cancelling says until when leaving costs nothing: the first deadline of any room.
func (of letterOf) cancelling(w *words, zone *time.Location) string {
	var deadline time.Time
	for _, r := range of.told() {
		for _, step := range r.Terms.Cancellation {
			at := step.Deadline(r.Terms.Stay.Arrival, zone)
			if !at.After(of.now) {
				return w.say("not_free")
			}
			if deadline.IsZero() || at.Before(deadline) {
				deadline = at
			}
		}
	}
	if deadline.IsZero() {
		return w.say("always_free")
	}
	return w.say("free_until", "deadline", w.instant(deadline, zone))
}

// calendar is a file with an entry for each room, in the time of the house.
func (of letterOf) calendar(zone *time.Location, link, from string) *File {
	c := ics.Calendar{Method: ics.Publish, Zone: zone, Stamp: of.mail.At}
	if of.mail.About == Cancelled {
		c.Method = ics.Cancel
	}
	_, domain, _ := strings.Cut(from, "@")
	for _, r := range of.told() {
		c.Entries = append(c.Entries, ics.Entry{
			UID: r.ID + "@" + domain, Sequence: of.mail.Version,
			Start:   stay.Instant(r.Terms.Stay.Arrival, of.house.CheckInFrom, zone, stay.Earlier),
			End:     stay.Instant(r.Terms.Stay.Departure, of.house.CheckOutUntil, zone, stay.Earlier),
			Summary: of.house.Name, Location: of.house.Name + ", " + address(of.house),
			Description: r.Terms.RoomTypeName + " · " + codeWords(of.booking.Code) + "\n" + link, URL: link, Organizer: from,
		})
	}
	return &File{Name: "stay.ics", ContentType: c.ContentType(), Data: c.Bytes()}
}

// address is where the house is, in one line.
func address(p property.Property) string {
	var parts []string
	for _, part := range []string{p.Address, strings.TrimSpace(p.Postcode + " " + p.City), p.Country} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// codeWords groups a confirmation code for reading aloud: "ABC-DEFG-HJKM".
func codeWords(code string) string {
	if len(code) != booking.CodeLength {
		return code
	}
	return code[:3] + "-" + code[3:7] + "-" + code[7:]
}
