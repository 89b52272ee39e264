package elasticindex

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/review"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// document is a property in the cluster: the fields by which it is retrieved,
// and House, all that pricing needs, which the cluster only keeps.
type document struct {
	Tenant    string   `json:"tenant"`
	Kind      string   `json:"kind"`
	Stars     int      `json:"stars"`
	Rating    int      `json:"rating"`
	Amenities []string `json:"amenities"`
	At        geoPoint `json:"at"`
	Open      []int    `json:"open"` // nights on which any room type has a room left, in days since 1970
	Base      int      `json:"base"` // first night of House
	House     packed   `json:"house"`
}

type geoPoint struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// packed is compressed JSON; Bytes travels as base64.
type packed struct {
	Bytes []byte `json:"deflate"`
}

// stock is a property with everything that it sells.
type stock struct {
	Property  property.Property
	RoomTypes []property.RoomType
	Plans     []rate.Plan
	Calendars []rate.Calendar
	Rating    review.Summary
	Base      stay.Date         // the first night of Free
	Free      map[string][]byte // by room type: rooms left on each night from Base, two bytes, little-endian
}

// window is how many nights a document holds, from yesterday: the sellable
// ones, and as many more as a property's today may move before it is written again.
const (
	spareNights = 7
	window      = 1 + inventory.Horizon + spareNights
)

// read is a property as the store has it now; false when there is none, or
// none that is shown.
func (x *Index) read(ctx context.Context, id string) (stock, bool, error) {
	var s stock
	var err error
	if s.Property, err = x.source.Property(ctx, id); errors.Is(err, property.ErrNotFound) {
		return stock{}, false, nil
	}
	if err != nil || s.Property.Closed {
		return stock{}, false, err
	}
	zone, err := stay.Zone(s.Property.Zone)
	if err != nil {
		x.options.Log.Error("property has no valid time zone; it is not shown", "property", id)
		return stock{}, false, nil
	}
	var errs [5]error
	s.RoomTypes, errs[0] = x.source.RoomTypes(ctx, id)
	s.Plans, errs[1] = x.source.Plans(ctx, id)
	s.Calendars, errs[2] = x.source.Calendars(ctx, id)
	if rated, ok := x.source.(search.Rated); ok {
		s.Rating, errs[4] = rated.Rating(ctx, id)
	}
	s.Base = stay.On(x.options.Now(), zone) - 1
	counts, err := x.source.Counts(ctx, id, id, s.Base, s.Base+window)
	errs[3] = err
	s.count(counts)
	return s, true, errors.Join(errs[:]...)
}

func (s *stock) count(counts []inventory.Counts) {
	s.Free = make(map[string][]byte)
	for _, c := range counts {
		left := make([]byte, 2*window)
		for _, n := range c.Nights {
			binary.LittleEndian.PutUint16(left[2*(n.Night-s.Base):], uint16(min(max(0, n.Free), math.MaxUint16)))
		}
		s.Free[c.RoomTypeID] = left
	}
}

// open is the nights on which there is any room.
func (s *stock) open() []int {
	var open []int
	for i := range window {
		for _, left := range s.Free {
			if left[2*i]|left[2*i+1] != 0 {
				open = append(open, int(s.Base)+i)
				break
			}
		}
	}
	return open
}

// document is what the cluster is sent.
func (s *stock) document() (document, error) {
	house, err := pack(s)
	p := &s.Property
	return document{
		Tenant: p.TenantID, Kind: p.Kind, Stars: p.Stars, Rating: s.Rating.Tenths,
		Amenities: folded(p.Amenities), At: geoPoint{p.Lat, p.Lon},
		Open: s.open(), Base: int(s.Base), House: house,
	}, err
}

// folded is how amenities are compared (search.House): without case.
func folded(amenities []string) []string {
	all := make([]string, len(amenities))
	for i, a := range amenities {
		all[i] = search.AmenityKey(a)
	}
	slices.Sort(all)
	return all
}

func pack(s *stock) (packed, error) {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err != nil {
		return packed{}, err
	}
	err = errors.Join(json.NewEncoder(w).Encode(s), w.Close())
	return packed{out.Bytes()}, err
}

// unpack is the opposite; more than maxHouse bytes is no house of ours.
func (p packed) unpack() (*house, error) {
	const maxHouse = 64 << 20
	r := flate.NewReader(bytes.NewReader(p.Bytes))
	defer r.Close()
	var s stock
	if err := json.NewDecoder(io.LimitReader(r, maxHouse)).Decode(&s); err != nil {
		return nil, fmt.Errorf("%w: a document cannot be read: %w", ErrCluster, err)
	}
	zone, err := stay.Zone(s.Property.Zone)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCluster, err)
	}
	return &house{
		facts: &search.House{
			Property: s.Property, Zone: zone, Rating: s.Rating,
			Products: pricing.Products(s.RoomTypes, s.Plans, s.Calendars, s.Property.Taxes),
		},
		base: s.Base, free: s.Free,
	}, nil
}

// house is a document as pricing needs it; it is never changed.
type house struct {
	facts *search.House
	base  stay.Date
	free  map[string][]byte
}

func (h *house) candidate(km float64) search.Candidate {
	return search.Candidate{House: h.facts, KM: km, Left: h.left}
}

// left is how many rooms of a type there are on every night of the stay.
func (h *house) left(nights stay.Stay, roomTypeID string) int {
	counts := h.free[roomTypeID]
	least := math.MaxUint16
	for night := nights.Arrival; night < nights.Departure; night++ {
		at := 2 * int(night-h.base)
		if at < 0 || at+2 > len(counts) {
			return 0
		}
		least = min(least, int(binary.LittleEndian.Uint16(counts[at:])))
	}
	return least
}
