package web

import (
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

// calendarFile is the stay as an RFC 5545 calendar. The link that opens the
// booking is not in it: calendars are shared.
func (s *site) calendarFile(w http.ResponseWriter, r *http.Request) error {
	view, err := s.managed(w, r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="stay.ics"`)
	_, _ = w.Write([]byte(s.voice(r).calendar(view.Booking, view.House)))
	return nil
}

// calendar writes one all-day event for each room stay: the days are those of
// the property, [arrival, departure), as in RFC 5545 itself.
func (v voice) calendar(b booking.Booking, house property.Property) string {
	var c calendarWriter
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//Vacancy//Guest site//EN")
	c.line("CALSCALE", "GREGORIAN")
	c.line("METHOD", "PUBLISH")
	c.line("X-WR-TIMEZONE", house.Zone)
	for _, r := range b.Stays {
		c.stay(v, b, r, house)
	}
	c.line("END", "VCALENDAR")
	return c.String()
}

func (c *calendarWriter) stay(v voice, b booking.Booking, r booking.RoomStay, house property.Property) {
	status := "CONFIRMED"
	if r.State == booking.Cancelled {
		status = "CANCELLED"
	}
	stamp := b.Accepted.At
	if b.CancelledAt.After(stamp) {
		stamp = b.CancelledAt
	}
	c.line("BEGIN", "VEVENT")
	c.line("UID", r.ID+"@vacancy")
	c.line("DTSTAMP", stamp.UTC().Format("20060102T150405Z"))
	c.line("SEQUENCE", fmt.Sprint(b.Version))
	c.line("DTSTART;VALUE=DATE", calendarDate(r.Terms.Stay.Arrival))
	c.line("DTEND;VALUE=DATE", calendarDate(r.Terms.Stay.Departure))
	c.text("SUMMARY", house.Name)
	c.text("LOCATION", strings.Join(address(house), ", "))
	c.text("DESCRIPTION", strings.Join([]string{
		v.Say("booking.title", "code", codeWords(b.Code)), r.Terms.RoomTypeName + ", " + v.Party(r.Terms.Party),
		v.Say("house.times", "in", house.CheckInFrom.String(), "out", house.CheckOutUntil.String(), "zone", house.Zone),
	}, "\n"))
	c.line("STATUS", status)
	c.line("TRANSP", "TRANSPARENT")
	c.line("END", "VEVENT")
}

func calendarDate(d stay.Date) string {
	year, month, day := d.Civil()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Format("20060102")
}

// address is what there is of a property's address, for a line.
func address(house property.Property) []string {
	var parts []string
	for _, part := range []string{house.Address, strings.TrimSpace(house.Postcode + " " + house.City), house.Country} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// calendarWriter writes content lines: CRLF, folded at 75 bytes, never within a
// character.
type calendarWriter struct{ strings.Builder }

const foldAt = 75

func (c *calendarWriter) text(name, value string) {
	c.line(name, strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r", "", "\n", `\n`).Replace(value))
}

func (c *calendarWriter) line(name, value string) {
	room := foldAt
	for _, char := range name + ":" + strings.ToValidUTF8(value, "") {
		if size := utf8.RuneLen(char); room < size {
			c.WriteString("\r\n ")
			room = foldAt - 1 - size
		} else {
			room -= size
		}
		c.WriteRune(char)
	}
	c.WriteString("\r\n")
}
