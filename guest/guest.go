// Package guest is who a booking is for: the person who answers for it and how
// to reach them. It is personal data: it never enters an event, a log or an error.
package guest

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Errors of the noun.
var (
	ErrNotFound = errors.New("guest: no such guest")
	ErrInvalid  = errors.New("guest: invalid")
)

// Guest is a person with a booking at a property.
type Guest struct {
	ID         string // gst_...
	PropertyID string
	Name       string
	Email      string // as entered; compare with NormalEmail
	Phone      string
	Country    string // ISO 3166-1 alpha-2, or ""
	Language   string // BCP 47, or ""
}

// Limits of what a guest may enter, in characters.
const (
	MaxName  = 200
	MaxEmail = 254 // RFC 5321
	MaxPhone = 40
)

// Check reports ErrInvalid with the field that is wrong, never with its value.
func (g Guest) Check() error {
	if !address(g.Email) {
		return fmt.Errorf("%w: email must be one plain address", ErrInvalid)
	}
	return g.CheckAtDesk()
}

// CheckAtDesk is Check for a guest whom the staff enter: a name is enough.
func (g Guest) CheckAtDesk() error {
	if strings.TrimSpace(g.Name) == "" || !plain(g.Name, MaxName) {
		return fmt.Errorf("%w: name must be 1 to %d printable characters", ErrInvalid, MaxName)
	}
	if g.Email != "" && !address(g.Email) {
		return fmt.Errorf("%w: email must be one plain address", ErrInvalid)
	}
	if !plain(g.Phone, MaxPhone) {
		return fmt.Errorf("%w: phone must be at most %d printable characters", ErrInvalid, MaxPhone)
	}
	return nil
}

// CheckContact is Check for a guest who has left an address and nothing else yet.
func (g Guest) CheckContact() error {
	if !address(g.Email) {
		return fmt.Errorf("%w: email must be one plain address", ErrInvalid)
	}
	if !plain(g.Name, MaxName) {
		return fmt.Errorf("%w: name must be at most %d printable characters", ErrInvalid, MaxName)
	}
	return nil
}

func address(email string) bool {
	parsed, err := mail.ParseAddress(email)
	return err == nil && parsed.Address == email && len(email) <= MaxEmail
}

func plain(text string, most int) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= most &&
		strings.IndexFunc(text, unicode.IsControl) < 0
}

// NormalEmail is the form in which two addresses are compared.
func NormalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }
