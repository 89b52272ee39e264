package world

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"

	"github.com/vacancyhq/vacancy/ident"
)

// dice is the randomness of one thing: what is drawn for a hotel never depends
// on what was drawn for another.
type dice struct{ *rand.Rand }

// cast makes the dice of thing n of a kind.
func cast(seed uint64, kind string, n uint64) dice {
	var key [16]byte
	binary.LittleEndian.PutUint64(key[:8], seed)
	binary.LittleEndian.PutUint64(key[8:], n)
	return castFor(kind + string(key[:]))
}

// castFor makes the dice of a thing that has a name of its own.
func castFor(name string) dice {
	sum := sha256.Sum256([]byte(name))
	return dice{rand.New(rand.NewPCG(binary.LittleEndian.Uint64(sum[:8]), binary.LittleEndian.Uint64(sum[8:16])))}
}

// between draws from lo to hi, both included.
func (d dice) between(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// chance is true in so many of a hundred cases.
func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

// weighted draws an index by its weight.
func (d dice) weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	at := d.IntN(sum)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

func pick[T any](d dice, from []T) T { return from[d.IntN(len(from))] }

// id is an identifier that depends on nothing but its parts, in the form of package ident.
func id(kind, region string, parts ...string) string {
	hash := sha256.New()
	for _, part := range parts {
		hash.Write([]byte(part))
		hash.Write([]byte{0})
	}
	return kind + "_" + region + ident.Crockford.EncodeToString(hash.Sum(nil)[:16])
}
