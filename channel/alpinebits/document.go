// Package alpinebits speaks AlpineBits HotelData, the format in which hotels
// of the Alps and beyond exchange rates, availability and reservations
// (https://www.alpinebits.org; versions 2018-10 to 2024-10).
//
// So far it reads rate plans: OTA_HotelRatePlanNotifRQ messages become plans
// and calendars of package rate, and package pricing prices them.
package alpinebits

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ErrMessage is a message that cannot be understood.
var ErrMessage = errors.New("alpinebits: bad message")

// MessageError is an ErrMessage with its place and with what would do. It never
// repeats what the message holds.
type MessageError struct {
	Line  int    // of the element, counted from 1
	Where string // element or element/@attribute
	Want  string
}

// Error says "alpinebits: line 12: Rate/@Start must be a date".
func (e *MessageError) Error() string {
	return fmt.Sprintf("alpinebits: line %d: %s must be %s", e.Line, e.Where, e.Want)
}

// Unwrap makes every MessageError an ErrMessage.
func (e *MessageError) Unwrap() error { return ErrMessage }

// Limits of a message. A year of a large hotel is well below a megabyte.
const (
	MaxBytes    = 16 << 20
	maxDepth    = 24
	maxElements = 400_000
)

const namespace = "http://www.opentravel.org/OTA/2003/05"

// element is a part of a message. Only names of the OTA namespace are kept;
// what lies in another one is skipped, as the schema's extension points allow.
type element struct {
	name       string
	line       int
	attributes []xml.Attr
	children   []*element
	text       string
}

// parse reads one document strictly: no document type (and so no entities), no
// attribute twice, nothing after the root, bounded in size and depth.
func parse(r io.Reader) (*element, error) {
	limited := &io.LimitedReader{R: r, N: MaxBytes + 1}
	d := parser{decoder: xml.NewDecoder(limited)}
	root, err := d.document()
	if limited.N <= 0 {
		return nil, fmt.Errorf("%w: larger than %d bytes", ErrMessage, MaxBytes)
	}
	return root, err
}

type parser struct {
	decoder  *xml.Decoder
	open     []*element // from the root to where the decoder stands
	root     *element
	elements int
}

func (p *parser) document() (*element, error) {
	for {
		token, err := p.decoder.Token()
		if errors.Is(err, io.EOF) && len(p.open) == 0 && p.root != nil {
			return p.root, nil
		}
		if err == nil {
			err = p.take(token)
		} else {
			err = p.malformed(err)
		}
		if err != nil {
			return nil, err
		}
	}
}

func (p *parser) malformed(err error) error {
	line, _ := p.decoder.InputPos()
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) || errors.Is(err, io.EOF) {
		return &MessageError{Line: line, Where: "the document", Want: "well-formed XML"}
	}
	return fmt.Errorf("%w: line %d: %w", ErrMessage, line, err)
}

func (p *parser) take(token xml.Token) error {
	line, _ := p.decoder.InputPos()
	switch t := token.(type) {
	case xml.StartElement:
		return p.start(t, line)
	case xml.EndElement:
		p.open = p.open[:len(p.open)-1]
	case xml.CharData:
		if len(p.open) > 0 {
			p.open[len(p.open)-1].write(t)
		} else if strings.TrimSpace(string(t)) != "" {
			return &MessageError{Line: line, Where: "the document", Want: "one root element and nothing beside it"}
		}
	case xml.Directive:
		return &MessageError{Line: line, Where: "the document", Want: "free of document type declarations"}
	}
	return nil
}

func (p *parser) start(t xml.StartElement, line int) error {
	e := &element{name: t.Name.Local, line: line}
	p.elements++
	switch {
	case len(p.open) == 0 && p.root != nil:
		return &MessageError{Line: line, Where: "the document", Want: "one root element and nothing beside it"}
	case len(p.open) == maxDepth:
		return &MessageError{Line: line, Where: "the document", Want: fmt.Sprintf("at most %d elements deep", maxDepth)}
	case p.elements > maxElements:
		return &MessageError{Line: line, Where: "the document", Want: fmt.Sprintf("of at most %d elements", maxElements)}
	}
	for i, a := range t.Attr {
		for _, b := range t.Attr[:i] {
			if a.Name == b.Name {
				return &MessageError{Line: line, Where: e.name, Want: "free of attributes that occur twice"}
			}
		}
		if a.Name.Space == "" && a.Name.Local != "xmlns" {
			e.attributes = append(e.attributes, a)
		}
	}
	if len(p.open) == 0 {
		p.root = e
		if t.Name.Space != namespace {
			return &MessageError{Line: line, Where: e.name, Want: "in the namespace " + namespace}
		}
	} else if t.Name.Space == namespace {
		parent := p.open[len(p.open)-1]
		parent.children = append(parent.children, e)
	}
	p.open = append(p.open, e)
	return nil
}

// maxText bounds the text of one element: descriptions are read, not essays, and
// appending without end would cost the square of the length.
const maxText = 16 << 10

func (e *element) write(text xml.CharData) {
	if len(e.text)+len(text) <= maxText {
		e.text += string(text)
	}
}

// first is the first child of that name, nil when there is none.
func (e *element) first(name string) *element {
	if e == nil {
		return nil
	}
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// below lists the children of that name inside the first container: below("Rates", "Rate").
func (e *element) below(container, name string) []*element {
	var found []*element
	if inner := e.first(container); inner != nil {
		for _, c := range inner.children {
			if c.name == name {
				found = append(found, c)
			}
		}
	}
	return found
}

// attribute is an attribute's value with the spaces around it taken off, and
// whether it is there.
func (e *element) attribute(name string) (string, bool) {
	if e == nil {
		return "", false
	}
	for _, a := range e.attributes {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value), true
		}
	}
	return "", false
}
