package bench

import (
	"bytes"
	"context"
	"errors"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/memindex"
)

// floor reads as many bytes for a query as the index has to, one after the
// other, and does nothing else: no search over that layout can be faster. Each
// query has a stretch of memory of its own, so that a round of queries passes
// through as much of the caches as the index's does.
type floor struct {
	memory    []byte
	stretches []int64 // where each query's ends
}

func newFloor(ctx context.Context, index *memindex.Index, queries []search.Query) (*floor, error) {
	f, sum := new(floor), int64(0)
	for _, q := range queries {
		n, err := index.Touched(ctx, q)
		if err != nil {
			return nil, err
		}
		sum += n
		f.stretches = append(f.stretches, sum)
	}
	f.memory = bytes.Repeat([]byte{1}, int(sum))
	return f, nil
}

// bytes is what a query reads on average.
func (f *floor) bytes() int64 { return int64(len(f.memory)) / int64(len(f.stretches)) }

var errFloor = errors.New("bench: the memory was changed")

// read looks for a byte that is not there: the library's fastest way through
// memory, with the widest loads that the machine has.
func (f *floor) read(_ context.Context, i int) error {
	from := int64(0)
	if i > 0 {
		from = f.stretches[i-1]
	}
	if bytes.IndexByte(f.memory[from:f.stretches[i]], 0) >= 0 {
		return errFloor
	}
	return nil
}
