package snapshot

import (
	"encoding/binary"
	"hash/crc32"
)

// A file begins with a header: what it is, of which shape its values are, and a
// number of its own.
const (
	magic      = "vacancy search snapshot 1\n"
	headerSize = len(magic) + 8 + 4
)

// header is what distinguishes files. The seed is random, so that a record of an
// older file, which a disk may bring back after a crash, has another checksum.
type header struct {
	shape uint64
	seed  uint32
}

func (h header) bytes() []byte {
	data := binary.LittleEndian.AppendUint64([]byte(magic), h.shape)
	return binary.LittleEndian.AppendUint32(data, h.seed)
}

func parseHeader(data []byte) (header, bool) {
	if len(data) < headerSize || string(data[:len(magic)]) != magic {
		return header{}, false
	}
	rest := data[len(magic):]
	return header{binary.LittleEndian.Uint64(rest), binary.LittleEndian.Uint32(rest[8:])}, true
}

// kind says what a record is about.
type kind byte

const (
	factsOf  kind = 'F' // EncodeFacts
	countsOf kind = 'C' // EncodeCounts
	removed  kind = 'R' // a property that is no more
	marked   kind = 'M' // a Mark
)

// A record is its kind, the lengths of its id and body, these, and the checksum
// of all of it with its place in the file.
const (
	headSize = 1 + 2 + 4
	sumSize  = 4
	maxID    = 1<<16 - 1
	maxBody  = 64 << 20
)

type record struct {
	kind kind
	id   []byte
	body []byte
}

func appendRecord(data []byte, seed uint32, at int64, r record) []byte {
	begin := len(data)
	data = append(data, byte(r.kind))
	data = binary.LittleEndian.AppendUint16(data, uint16(len(r.id)))
	data = binary.LittleEndian.AppendUint32(data, uint32(len(r.body)))
	data = append(append(data, r.id...), r.body...)
	return binary.LittleEndian.AppendUint32(data, checksum(seed, at, data[begin:]))
}

// sizeOf is how long the record with this head is; false when none is.
func sizeOf(head []byte) (int64, bool) {
	id, body := int64(binary.LittleEndian.Uint16(head[1:])), int64(binary.LittleEndian.Uint32(head[3:]))
	return headSize + id + body + sumSize, body <= maxBody
}

// parseRecord reads a record of exactly these bytes; it keeps hold of them.
func parseRecord(data []byte, seed uint32, at int64) (record, bool) {
	if len(data) < headSize+sumSize {
		return record{}, false
	}
	size, ok := sizeOf(data)
	all := data[:len(data)-sumSize]
	if !ok || size != int64(len(data)) || binary.LittleEndian.Uint32(data[len(all):]) != checksum(seed, at, all) {
		return record{}, false
	}
	id := int(binary.LittleEndian.Uint16(data[1:]))
	return record{kind(data[0]), all[headSize : headSize+id], all[headSize+id:]}, true
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(seed uint32, at int64, data []byte) uint32 {
	var place [8]byte
	binary.LittleEndian.PutUint64(place[:], uint64(at))
	return crc32.Update(crc32.Update(seed, castagnoli, place[:]), castagnoli, data)
}
