// Package notify writes to guests: it follows the outbox, makes a job of what a
// guest should hear of, and when the job runs writes the mail from what the
// store holds then. Drivers that take mail are below it; notifytest is what they
// all keep to.
//
// A mail is sent at least once and made to count once: its Message-ID is made of
// the event that it tells, so that a second copy is known as the same mail.
package notify

import (
	"context"
	"errors"
)

// Message is one mail, ready to be sent.
type Message struct {
	ID       string // without brackets; the same mail has the same
	From     Address
	To       Address
	Subject  string
	Text     string
	HTML     string
	Language string // BCP 47
	Calendar *File  // nil: none
}

// Address is a mailbox with the name of its owner.
type Address struct{ Name, Email string }

// File is an attachment.
type File struct {
	Name        string // "stay.ics"
	ContentType string // with its parameters
	Data        []byte
}

// Sender hands mail to whoever delivers it. Send returns when the other side has
// answered for the message; sending the same message again is allowed and must
// not make two where the driver can tell.
//
// An error that wraps ErrRefused is for good: the same message will never be
// taken. Any other may pass.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// ErrRefused is mail that its receiver will never take.
var ErrRefused = errors.New("notify: refused for good")
