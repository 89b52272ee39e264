package snapshot

import (
	"encoding/binary"
	"math"

	"github.com/vacancyhq/vacancy/money"
)

// codec writes values down, or reads them back into the same places: one list
// of fields serves both ways, so that the two cannot drift apart. What it writes
// down it only reads: stores share their answers.
//
// Numbers are varints, and a text that came before is the number of its first
// appearance: ids are long and said often.
type codec struct {
	data    []byte // written so far, or still to be read
	reading bool
	broken  bool // what is read is no such value

	known map[string]uint64 // when writing
	texts []string          // when reading
	pool  prices

	nights uint64 // of the counts read so far
}

func (c *codec) uint(p *uint64) {
	if !c.reading {
		c.data = binary.AppendUvarint(c.data, *p)
		return
	}
	value, n := binary.Uvarint(c.data)
	if n <= 0 {
		c.spoil()
		return
	}
	*p, c.data = value, c.data[n:]
}

// spoil makes all that follows read as zero.
func (c *codec) spoil() { c.broken, c.data = true, nil }

// whole is any integer.
func whole[T ~int | ~int8 | ~int32 | ~int64 | ~uint8](c *codec, p *T) {
	n := int64(*p)
	folded := uint64(n)<<1 ^ uint64(n>>63)
	c.uint(&folded)
	if c.reading {
		*p = T(int64(folded>>1) ^ -int64(folded&1))
	}
}

func flag(c *codec, p *bool) {
	value := uint8(0)
	if *p {
		value = 1
	}
	whole(c, &value)
	if c.reading {
		*p = value == 1
	}
}

func float(c *codec, p *float64) {
	if !c.reading {
		c.data = binary.LittleEndian.AppendUint64(c.data, math.Float64bits(*p))
		return
	}
	if len(c.data) < 8 {
		c.spoil()
		return
	}
	*p, c.data = math.Float64frombits(binary.LittleEndian.Uint64(c.data)), c.data[8:]
}

func text[T ~string](c *codec, p *T) {
	if c.reading {
		*p = T(c.readText())
	} else {
		c.writeText(string(*p))
	}
}

func (c *codec) writeText(s string) {
	at, known := c.known[s]
	if !known {
		at = uint64(len(c.known))
		c.known[s] = at
	}
	c.uint(&at)
	if !known {
		c.data = append(binary.AppendUvarint(c.data, uint64(len(s))), s...)
	}
}

func (c *codec) readText() string {
	var at uint64
	c.uint(&at)
	if at < uint64(len(c.texts)) {
		return c.texts[at]
	}
	s := string(c.bytes())
	if at != uint64(len(c.texts)) {
		c.spoil()
		return ""
	}
	c.texts = append(c.texts, s)
	return s
}

// maybe is a value that may be absent.
func maybe[T any](c *codec, p **T, value func(*codec, *T)) {
	there := *p != nil
	flag(c, &there)
	switch {
	case there && c.reading:
		*p = new(T)
	case c.reading:
		*p = nil
	}
	if there {
		value(c, *p)
	}
}

// list keeps nil and empty apart, as a store's answer does.
func list[T any](c *codec, p *[]T, value func(*codec, *T)) {
	n, there := c.length(len(*p), *p != nil)
	if !c.reading {
		for i := range *p {
			value(c, &(*p)[i])
		}
		return
	}
	*p = nil
	if there {
		*p = make([]T, 0, min(n, soonRead))
	}
	for i := 0; i < n && !c.broken; i++ {
		var zero T
		*p = append(*p, zero)
		value(c, &(*p)[i])
	}
}

// soonRead is how many values are made room for before they are read: a broken
// length must not take memory.
const soonRead = 512

// length is how many values follow, each of at least a byte.
func (c *codec) length(n int, there bool) (int, bool) {
	size := uint64(0)
	if there {
		size = uint64(n) + 1
	}
	c.uint(&size)
	if size > uint64(len(c.data))+1 && c.reading {
		c.spoil()
		return 0, false
	}
	return int(size) - 1, size > 0
}

// number is exact. Nearly all are whole and small; others are written as text.
func number(c *codec, p *money.Rat) {
	n, small := p.Int64()
	small = small && n < 1<<61 && n > -1<<61
	folded := (uint64(n)<<1^uint64(n>>63))<<1 | 1
	if !small {
		folded = 0
	}
	c.uint(&folded)
	if folded&1 == 1 {
		if c.reading {
			folded >>= 1
			*p = money.RatOf(int64(folded>>1)^-int64(folded&1), 1)
		}
		return
	}
	if !c.reading {
		ratio := p.String()
		c.data = append(binary.AppendUvarint(c.data, uint64(len(ratio))), ratio...)
	} else if p.UnmarshalText(c.bytes()) != nil {
		c.spoil()
	}
}

// bytes reads what begins with its length.
func (c *codec) bytes() []byte {
	var n uint64
	c.uint(&n)
	if n > uint64(len(c.data)) {
		c.spoil()
		return nil
	}
	b := c.data[:n]
	c.data = c.data[n:]
	return b
}
