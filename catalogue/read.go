// Package catalogue reads files of real hotels and puts them on sale. A row is
// taken whole or not at all: what is wrong with a bad one is reported with its
// line, and the rows after it are read. What the source does not know (rooms,
// rates, stock) comes from package world and is marked as made up.
package catalogue

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"
)

// MaxRow is the longest row, in bytes.
const MaxRow = 1 << 20

// Rejection is a row that was not taken, and why.
type Rejection struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// Error says "hotels.ndjson:12: name missing".
func (r *Rejection) Error() string { return fmt.Sprintf("%s:%d: %s", r.File, r.Line, r.Reason) }

// Read yields the rows of a file: one JSON object a line, a JSON array of
// objects, or GeoJSON made from OpenStreetMap; plain or gzipped. A bad row is yielded as a *Rejection and reading
// goes on; any other error (the file is damaged, ctx is done) is the last.
// Memory stays bounded by MaxRow and the ids seen, except for arrays and
// GeoJSON, which are read whole.
func Read(ctx context.Context, r io.Reader, name string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		in, err := open(r)
		if err != nil {
			yield(Row{}, fmt.Errorf("%s: %w", name, err))
			return
		}
		f := &file{ctx: ctx, name: name, in: in, yield: yield, seen: make(map[string]int)}
		first, _ := in.Peek(1)
		switch {
		case string(first) == "[":
			err = f.array()
		case isCollection(in):
			err = f.features()
		default:
			err = f.lines()
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(Row{}, fmt.Errorf("%s: line %d: %w", name, f.line, err))
		}
	}
}

// open looks through compression, a byte order mark and leading space.
func open(r io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	if magic, _ := in.Peek(2); string(magic) == "\x1f\x8b" {
		unzip, err := gzip.NewReader(in)
		if err != nil {
			return nil, err
		}
		in = bufio.NewReaderSize(unzip, 64<<10)
	}
	if mark, _ := in.Peek(3); string(mark) == "\ufeff" {
		_, err := in.Discard(3)
		return in, err
	}
	return in, nil
}

// errStopped ends reading because the caller wants no more rows.
var errStopped = errors.New("catalogue: stopped")

// file is one file being read.
type file struct {
	ctx   context.Context
	name  string
	in    *bufio.Reader
	line  int
	yield func(Row, error) bool
	seen  map[string]int // line by id
}

func (f *file) lines() error {
	for {
		f.line++
		text, tooLong, err := f.next()
		if err != nil && err != io.EOF {
			return err
		}
		last := err == io.EOF
		switch text = bytes.TrimSpace(text); {
		case tooLong:
			err = f.reject(fmt.Sprintf("row longer than %d bytes", MaxRow))
		case len(text) > 0:
			err = f.row(text, decode)
		default:
			err = f.ctx.Err()
		}
		if last || err != nil && err != io.EOF {
			return ignoreEOF(err)
		}
	}
}

func ignoreEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// next is the next line; one that is too long is read past, not into memory.
func (f *file) next() (text []byte, tooLong bool, err error) {
	for {
		part, err := f.in.ReadSlice('\n')
		if len(text)+len(part) > MaxRow {
			tooLong, text = true, nil
		}
		if !tooLong {
			text = append(text, part...)
		}
		if err != bufio.ErrBufferFull {
			return text, tooLong, err
		}
	}
}

// row decodes and checks one row and hands it on.
func (f *file) row(text []byte, decode func([]byte) (Row, error)) error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	if !utf8.Valid(text) {
		return f.reject("not valid UTF-8")
	}
	row, err := decode(text)
	if err != nil {
		return f.reject(err.Error())
	}
	if first, again := f.seen[row.ID]; again {
		return f.reject(fmt.Sprintf("the id occurs on line %d already", first))
	}
	f.seen[row.ID] = f.line
	row.File, row.Line = f.name, f.line
	if !f.yield(row, nil) {
		return errStopped
	}
	return nil
}

func (f *file) reject(reason string) error {
	if !f.yield(Row{}, &Rejection{File: f.name, Line: f.line, Reason: reason}) {
		return errStopped
	}
	return nil
}
