// Package ics writes calendar files (RFC 5545) in the time of the place, with
// that zone's rules for the days they are about: nothing has to be looked up by
// who reads them.
package ics

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Method is what a file does to a calendar (RFC 5546).
type Method string

// Methods.
const (
	Publish Method = "PUBLISH" // the entries are as they say
	Cancel  Method = "CANCEL"  // the entries are off
)

// Calendar is one file.
type Calendar struct {
	Method  Method
	Zone    *time.Location // of all entries
	Stamp   time.Time      // when the file was made
	Entries []Entry
}

// Entry is one thing in a calendar. The same UID with a higher Sequence takes
// the place of what a calendar had.
type Entry struct {
	UID         string
	Sequence    int64
	Start, End  time.Time
	Summary     string
	Location    string
	Description string
	URL         string
	Organizer   string // e-mail address; "" for none
}

// ContentType is that of the file, for mail and for the web.
func (c Calendar) ContentType() string {
	return "text/calendar; charset=utf-8; method=" + string(c.Method)
}

// Bytes is the file.
func (c Calendar) Bytes() []byte {
	w := &writer{}
	w.line("BEGIN:VCALENDAR")
	w.line("VERSION:2.0")
	w.line("PRODID:-//Vacancy//Stay//EN")
	w.line("CALSCALE:GREGORIAN")
	w.line("METHOD:" + string(c.Method))
	c.zone(w)
	for _, e := range c.Entries {
		c.entry(w, e)
	}
	w.line("END:VCALENDAR")
	return []byte(w.text.String())
}

func (c Calendar) entry(w *writer, e Entry) {
	w.line("BEGIN:VEVENT")
	w.line("UID:" + escape(e.UID))
	w.line("DTSTAMP:" + c.Stamp.UTC().Format("20060102T150405Z"))
	w.line(fmt.Sprintf("SEQUENCE:%d", e.Sequence))
	w.line("DTSTART;TZID=" + c.Zone.String() + ":" + c.local(e.Start))
	w.line("DTEND;TZID=" + c.Zone.String() + ":" + c.local(e.End))
	for _, field := range []struct{ name, value string }{
		{"SUMMARY", escape(e.Summary)},
		{"LOCATION", escape(e.Location)},
		{"DESCRIPTION", escape(e.Description)},
		{"URL", uri(e.URL)},
	} {
		if field.value != "" {
			w.line(field.name + ":" + field.value)
		}
	}
	if e.Organizer != "" {
		w.line("ORGANIZER:mailto:" + uri(e.Organizer))
	}
	if c.Method == Cancel {
		w.line("STATUS:CANCELLED")
	} else {
		w.line("STATUS:CONFIRMED")
	}
	w.line("TRANSP:TRANSPARENT") // who travels can still be met
	w.line("END:VEVENT")
}

// local is a wall time of the zone.
func (c Calendar) local(t time.Time) string { return t.In(c.Zone).Format("20060102T150405") }

// zone writes the zone's rules: each offset that holds on a day of an entry,
// from when it does.
func (c Calendar) zone(w *writer) {
	if len(c.Entries) == 0 {
		return
	}
	first, last := c.Entries[0].Start, c.Entries[0].End
	for _, e := range c.Entries[1:] {
		if e.Start.Before(first) {
			first = e.Start
		}
		if e.End.After(last) {
			last = e.End
		}
	}
	w.line("BEGIN:VTIMEZONE")
	w.line("TZID:" + c.Zone.String())
	for at := first.In(c.Zone); ; {
		from, until := at.ZoneBounds()
		observance(w, at, from)
		if until.IsZero() || until.After(last) {
			break
		}
		at = until.In(c.Zone)
	}
	w.line("END:VTIMEZONE")
}

// observance is the offset at a time, which began at from (zero: always was).
func observance(w *writer, at, from time.Time) {
	name, offset := at.Zone()
	before := offset
	begin := time.Unix(0, 0).UTC().Add(time.Duration(offset) * time.Second)
	if !from.IsZero() {
		_, before = from.Add(-time.Second).Zone()
		begin = from.UTC().Add(time.Duration(before) * time.Second) // in the time that ended then
	}
	kind := "STANDARD"
	if at.IsDST() {
		kind = "DAYLIGHT"
	}
	w.line("BEGIN:" + kind)
	w.line("DTSTART:" + begin.Format("20060102T150405"))
	w.line("TZOFFSETFROM:" + hours(before))
	w.line("TZOFFSETTO:" + hours(offset))
	w.line("TZNAME:" + escape(name))
	w.line("END:" + kind)
}

// hours writes seconds east of Greenwich: "+0200".
func hours(seconds int) string {
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	text := fmt.Sprintf("%s%02d%02d", sign, seconds/3600, seconds/60%60)
	if rest := seconds % 60; rest > 0 {
		text += fmt.Sprintf("%02d", rest)
	}
	return text
}

// escape makes a text value of one line.
func escape(text string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, text)
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(clean)
}

// uri drops what would end the line.
func uri(text string) string { return strings.NewReplacer("\r", "", "\n", "").Replace(text) }

// writer folds lines after 75 bytes, never within a character.
type writer struct{ text strings.Builder }

func (w *writer) line(text string) {
	limit := 75
	for len(text) > limit {
		cut := limit
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		w.text.WriteString(text[:cut] + "\r\n ")
		text, limit = text[cut:], 74 // the space counts
	}
	w.text.WriteString(text + "\r\n")
}
