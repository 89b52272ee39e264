package notify

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/wneessen/go-mail"
)

// EML is the message as it goes over the wire (RFC 5322), for drivers: text and
// HTML as alternatives, the calendar as an attachment, the time of now as its date.
func (m Message) EML() (*mail.Msg, error) {
	out := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := out.FromFormat(line(m.From.Name), m.From.Email); err != nil {
		return nil, fmt.Errorf("%w: the sender is no address", ErrRefused)
	}
	if err := out.AddToFormat(line(m.To.Name), m.To.Email); err != nil {
		return nil, fmt.Errorf("%w: the receiver is no address", ErrRefused) // the error would quote it
	}
	out.Subject(line(m.Subject))
	out.SetMessageIDWithValue(line(m.ID))
	out.SetDate()
	out.SetGenHeader("Auto-Submitted", "auto-generated") // no holiday reply, please (RFC 3834)
	if m.Language != "" {
		out.SetGenHeader("Content-Language", line(m.Language))
	}
	out.SetBodyString(mail.TypeTextPlain, m.Text)
	out.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	if f := m.Calendar; f != nil {
		err := out.AttachReader(f.Name, bytes.NewReader(f.Data), mail.WithFileContentType(mail.ContentType(f.ContentType)))
		if err != nil {
			return nil, fmt.Errorf("attach the calendar: %w", err)
		}
	}
	return out, nil
}

// line makes a text fit a header: a line break in a name would begin another one.
func line(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
}
