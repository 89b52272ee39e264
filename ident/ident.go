// Package ident makes identifiers: "bkg_eu" + a UUIDv7 (RFC 9562) in Crockford
// base32. They sort by time of making, carry the kind and the region of what
// they name, and are identifiers, not secrets.
package ident

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"sync"
	"time"
)

// Alphabet is the letters of identifiers and codes: no I, L, O or U, so that
// people can read it aloud. Its order is that of ASCII, so that ids sort by time.
const Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Crockford writes bytes in the Alphabet.
var Crockford = base32.NewEncoding(Alphabet).WithPadding(base32.NoPadding)

// ErrRegion is a region that is not two lower-case letters.
var ErrRegion = errors.New("ident: region must be two lower-case letters")

// Source makes identifiers for one region.
type Source struct {
	region string
	random io.Reader
	now    func() time.Time

	mu   sync.Mutex
	last uint64 // milliseconds << 12 | sequence, so that ids of one process never go back
}

// New is a source with the machine's randomness. Region is two lower-case letters: "eu".
func New(region string, now func() time.Time) (*Source, error) {
	return NewFrom(region, now, rand.Reader)
}

// NewFrom is a source with the given randomness, for simulations and tests.
func NewFrom(region string, now func() time.Time, random io.Reader) (*Source, error) {
	if len(region) != 2 || strings.Trim(region, "abcdefghijklmnopqrstuvwxyz") != "" {
		return nil, ErrRegion
	}
	return &Source{region: region, random: random, now: now}, nil
}

// ID is a new identifier of this kind: "bkg", "prop", "room".
func (s *Source) ID(kind string) string {
	var u [16]byte
	s.read(u[8:])
	tick := s.tick()
	binary.BigEndian.PutUint64(u[:8], tick>>12<<16|7<<12|tick&0xfff)
	u[8] = u[8]&0x3f | 0x80
	return kind + "_" + s.region + Crockford.EncodeToString(u[:])
}

// tick is the time in milliseconds with a 12-bit sequence, strictly rising.
func (s *Source) tick() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = max(s.last+1, uint64(s.now().UnixMilli())<<12)
	return s.last
}

// Secret is n random bytes in Crockford base32: 8 bits of strength each.
func (s *Source) Secret(n int) string {
	b := make([]byte, n)
	s.read(b)
	return Crockford.EncodeToString(b)
}

// Code is a code that people read and type: length characters of 5 bits each.
func (s *Source) Code(length int) string {
	return s.Secret((length*5 + 7) / 8)[:length]
}

func (s *Source) read(b []byte) {
	if _, err := io.ReadFull(s.random, b); err != nil {
		panic("ident: no randomness: " + err.Error()) // crypto/rand never fails; an id without it must not exist
	}
}

// NormalCode reads a code as people write it: case, spaces and dashes do not
// count, O reads as 0, I and L as 1.
func NormalCode(typed string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-':
			return -1
		case 'O', 'o':
			return '0'
		case 'I', 'i', 'L', 'l':
			return '1'
		}
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, typed)
}
