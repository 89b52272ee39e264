// Package snapshot keeps what a search index has read of a store in a file, as
// of a position in the log, so that a start need not read the store again. It
// holds what the store said and nothing of how an index lays it out.
//
// A file is a log of its own: records are appended, a later one about a property
// replaces an earlier one, and a mark says up to which position in the store's
// log all that came before it is complete. Every beginning of a file that ends
// with a mark is therefore a whole snapshot; what comes after the last good mark
// (a torn write, a flipped bit) is not read. Nothing in it is trusted without
// its checksum.
package snapshot

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"reflect"
	"sync"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/search"
)

// Errors of a snapshot.
var (
	// ErrNone is a folder without a file.
	ErrNone = errors.New("snapshot: there is none")
	// ErrFormat is a file that another program, or another version of this one, wrote.
	ErrFormat = errors.New("snapshot: written by another version")
	// ErrBroken is a file, or a part of it, that is not what was written.
	ErrBroken = errors.New("snapshot: broken")
	// ErrUnmarked is a file whose first writing was not finished.
	ErrUnmarked = errors.New("snapshot: not finished")
	// ErrBusy is a folder all of whose files other processes write.
	ErrBusy = errors.New("snapshot: too many processes write into the folder")
	// ErrElsewhere is a snapshot whose last event is not in the log: it is of
	// another store, or of a future that a restore took back, or the log was cut.
	ErrElsewhere = errors.New("snapshot: the log does not hold the event that it ends with")
)

// EncodeFacts writes down what a store said of a property.
func EncodeFacts(f *search.Facts) []byte {
	c := codec{known: make(map[string]uint64), pool: prices{known: make(map[string]uint64)}, data: make([]byte, 0, 8<<10)}
	c.facts(f)
	return c.data
}

// DecodeFacts reads that back.
func DecodeFacts(data []byte) (*search.Facts, error) {
	c := codec{data: data, reading: true}
	f := new(search.Facts)
	c.facts(f)
	if c.broken || len(c.data) > 0 {
		return nil, fmt.Errorf("%w: facts of a property", ErrBroken)
	}
	return f, nil
}

// shapeFor is a fingerprint of every field that a snapshot holds, and of how many
// bits of a version of counts are good: a program with another field refuses the
// file, so that no fact is ever read as its zero.
func shapeFor(versionBits int) uint64 { return shape() ^ uint64(versionBits) }

var shape = sync.OnceValue(func() uint64 {
	hash := fnv.New64a()
	describe(hash, reflect.TypeFor[search.Facts](), make(map[reflect.Type]bool))
	describe(hash, reflect.TypeFor[inventory.Counts](), make(map[reflect.Type]bool))
	return hash.Sum64()
})

func describe(w io.Writer, t reflect.Type, seen map[reflect.Type]bool) {
	fmt.Fprint(w, t, t.Kind(), ";") //nolint:errcheck // a hash takes everything
	if seen[t] || t == reflect.TypeFor[money.Rat]() {
		return
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			fmt.Fprint(w, t.Field(i).Name, ":") //nolint:errcheck // a hash takes everything
			describe(w, t.Field(i).Type, seen)
		}
	case reflect.Map:
		describe(w, t.Key(), seen)
		describe(w, t.Elem(), seen)
	case reflect.Slice, reflect.Pointer, reflect.Array:
		describe(w, t.Elem(), seen)
	}
}
