package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/vacancyhq/vacancy/booking"
)

// message is what the guest wrote to the house. Notes of the staff are theirs
// and are not shown here.
type message struct{ Text, When string }

func (v voice) messages(view bookingView) ([]message, error) {
	zone, err := zoneOf(view.House)
	if err != nil {
		return nil, err
	}
	var all []message
	for _, note := range view.Booking.Notes {
		if note.By == manager(view.Booking) {
			all = append(all, message{note.Text, v.Moment(note.At, zone)})
		}
	}
	return all, nil
}

// write leaves the house a message: a note on the booking, which its staff read.
func (s *site) write(w http.ResponseWriter, r *http.Request) error {
	if err := posted(r); err != nil {
		return err
	}
	view, err := s.managed(w, r)
	if err != nil {
		return err
	}
	text := strings.TrimSpace(strings.ReplaceAll(r.PostForm.Get("text"), "\r\n", "\n"))
	version, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil || text == "" || len(text) > booking.MaxNote {
		return errForm
	}
	cmd := command(r, manager(view.Booking), "note", view.Booking.ID, text)
	if _, err := s.Bookings.AddNote(r.Context(), cmd, view.Booking, version, text); err != nil {
		return err
	}
	return seeOther(w, r, view.Self+"#messages")
}
