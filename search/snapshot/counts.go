package snapshot

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/stay"
)

// EncodeCounts writes the free rooms of one property down, room type by room
// type. Nights that follow each other with the same count are one run.
func EncodeCounts(counts []inventory.Counts) []byte {
	c := codec{known: make(map[string]uint64)}
	n, _ := c.length(len(counts), true)
	for i := range n {
		roomTypeID, nights := counts[i].RoomTypeID, counts[i].Nights
		if !slices.IsSortedFunc(nights, byNight) {
			nights = slices.Clone(nights)
			slices.SortFunc(nights, byNight)
		}
		text(&c, &roomTypeID)
		c.writeRuns(nights)
	}
	return c.data
}

func byNight(a, b inventory.Count) int { return cmp.Compare(a.Night, b.Night) }

// writeRuns writes (nights << 1 | gap), the gap if there is one, free rooms and
// version of each run; a zero ends them.
func (c *codec) writeRuns(nights []inventory.Count) {
	next := stay.Date(0)
	for len(nights) > 0 {
		first, n := nights[0], 1
		for n < len(nights) && nights[n].Night == first.Night.Add(n) && nights[n].Free == first.Free && nights[n].Version == first.Version {
			n++
		}
		head, gap := uint64(n)<<1, first.Night-next
		if gap != 0 {
			head |= 1
		}
		c.uint(&head)
		if gap != 0 {
			whole(c, &gap)
		}
		whole(c, &first.Free)
		whole(c, &first.Version)
		next, nights = first.Night.Add(n), nights[n:]
	}
	end := uint64(0)
	c.uint(&end)
}

// DecodeCounts reads them back, the nights of each room type in order.
func DecodeCounts(propertyID string, data []byte) ([]inventory.Counts, error) {
	c := codec{data: data, reading: true}
	n, _ := c.length(0, true)
	counts := make([]inventory.Counts, max(0, n))
	for i := range counts {
		counts[i].PropertyID = propertyID
		text(&c, &counts[i].RoomTypeID)
		counts[i].Nights = c.readRuns()
	}
	if c.broken || len(c.data) > 0 {
		return nil, fmt.Errorf("%w: the nights of %s", ErrBroken, propertyID)
	}
	return counts, nil
}

func (c *codec) readRuns() (nights []inventory.Count) {
	next := stay.Date(0)
	for !c.broken {
		var head uint64
		var gap stay.Date
		var count inventory.Count
		c.uint(&head)
		if head == 0 {
			break
		}
		if head&1 == 1 {
			whole(c, &gap)
		}
		whole(c, &count.Free)
		whole(c, &count.Version)
		if c.nights += head >> 1; head>>1 > maxNights || c.nights > maxNights || c.broken {
			c.spoil()
			break
		}
		if nights == nil {
			nights = make([]inventory.Count, 0, inventory.Horizon)
		}
		count.Night = next + gap
		for range head >> 1 {
			nights = append(nights, count)
			count.Night++
		}
		next = count.Night
	}
	return nights
}

// maxNights is more than any property sells; a broken length must not take memory.
const maxNights = 1 << 20
