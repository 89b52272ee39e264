package elasticindex

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// fetchSize is how many documents one request brings.
const fetchSize = 200

// named is a document by the writing that a query found.
type named struct {
	id      string
	writing writing
}

// header is what the cluster says of every document.
type header struct {
	ID         string `json:"_id"`
	Generation string `json:"_index"`
	Number     int64  `json:"_seq_no"`
	Term       int64  `json:"_primary_term"`
}

func (h header) writing() writing { return writing{h.Generation, h.Number, h.Term} }

// maxCandidates is how many properties one query may retrieve; a cluster's
// result window is for pages, not for countries.
const maxCandidates = 20_000

// candidates is what the cluster finds for the filters that need no price: never
// less than the hits.
func (x *Index) candidates(ctx context.Context, filters []object) ([]named, error) {
	var answer struct {
		Hits struct {
			Hits []header `json:"hits"`
		} `json:"hits"`
	}
	body := object{
		"size": maxCandidates + 1, "track_total_hits": false, "_source": false, "seq_no_primary_term": true, "sort": []string{"_doc"},
		"query": object{"bool": object{"filter": filters}},
	}
	path := x.path("/_search?allow_partial_search_results=false&filter_path=hits.hits._id,hits.hits._index,hits.hits._seq_no,hits.hits._primary_term")
	if err := x.look(ctx, path, body, &answer); err != nil {
		return nil, err
	}
	if len(answer.Hits.Hits) > maxCandidates {
		return nil, search.ErrBroad
	}
	found := make([]named, len(answer.Hits.Hits))
	for i, h := range answer.Hits.Hits {
		found[i] = named{h.ID, h.writing()}
	}
	return found, nil
}

// lookTimeout bounds one request of a query: the store can answer some instead.
const lookTimeout = 5 * time.Second

// look asks the cluster for a query.
func (x *Index) look(ctx context.Context, path string, body, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	return x.cluster.call(ctx, http.MethodPost, path, body, answer)
}

// retrieve is the documents of what the cluster finds. A query that meets the
// removal of a generation is asked once more: the alias names the next by then.
// Who finds no alias twice is early: there is no generation yet.
func (x *Index) retrieve(ctx context.Context, filters []object, wanted func(named) bool) ([]*house, error) {
	houses, err := x.retrieveOnce(ctx, filters, wanted)
	if removed(err) {
		houses, err = x.retrieveOnce(ctx, filters, wanted)
	}
	if missing(err) {
		return nil, search.ErrStarting
	}
	return houses, err
}

func (x *Index) retrieveOnce(ctx context.Context, filters []object, wanted func(named) bool) ([]*house, error) {
	found, err := x.candidates(ctx, filters)
	if err != nil {
		return nil, err
	}
	return x.bring(ctx, slices.DeleteFunc(found, func(n named) bool { return !wanted(n) }))
}

// removed tells whether an answer could be that of an index that goes while it is read.
func removed(err error) bool {
	var r *refusal
	return errors.As(err, &r) && (r.status == http.StatusNotFound || r.status == http.StatusServiceUnavailable)
}

func (x *Index) path(rest string) string { return "/" + url.PathEscape(x.options.Alias) + rest }

// filters are the parts of a query that the cluster decides. Those of terms
// and totals are decided here, with the price.
func filters(q search.Query) []object {
	var all []object
	add := func(f object) { all = append(all, f) }
	add(object{"exists": object{"field": "base"}}) // a property that is not shown has no field
	if q.TenantID != "" {
		add(object{"term": object{"tenant": q.TenantID}})
	}
	if len(q.Stars) > 0 && !q.Facets {
		add(object{"terms": object{"stars": q.Stars}})
	}
	if len(q.Kinds) > 0 && !q.Facets {
		add(object{"terms": object{"kind": q.Kinds}})
	}
	if q.MinRating > 0 && !q.Facets {
		add(object{"range": object{"rating": object{"gte": q.MinRating}}})
	}
	for _, amenity := range folded(q.Amenities) {
		add(object{"term": object{"amenities": amenity}})
	}
	return append(all, nights(q)...)
}

// nights asks for a room on every night: not for the same room type, which is
// seen here.
func nights(q search.Query) []object {
	switch {
	case q.Stay != nil:
		return every(*q.Stay)
	case q.Window == nil:
		return nil
	}
	var any []object
	for _, s := range q.Window.Stays() {
		any = append(any, object{"bool": object{"filter": every(s)}})
	}
	return []object{{"bool": object{"should": any, "minimum_should_match": 1}}}
}

func every(s stay.Stay) []object {
	var all []object
	for night := s.Arrival; night < s.Departure; night++ {
		all = append(all, object{"term": object{"open": int(night)}})
	}
	return all
}

// fewIDs is up to how many properties are asked for one by one; more lie in a
// box of their own.
const fewIDs = 1000

// area asks for where the query looks; what comes too many is left out here.
func (s *scope) area() []object {
	var all []object
	if s.ground.RadiusKM > 0 {
		all = append(all, circle(*s.ground.From, s.ground.RadiusKM))
	}
	if s.ground.Box != nil {
		all = append(all, rectangle(*s.ground.Box))
	}
	if s.ground.Polygon != nil && !crossesAntimeridian(s.ground.Polygon) {
		all = append(all, rectangle(boundsOf(slices.Values(s.ground.Polygon))))
	}
	switch {
	case s.named == nil:
	case len(s.named) <= fewIDs:
		all = append(all, object{"ids": object{"values": slices.Collect(maps.Keys(s.named))}})
	default:
		all = append(all, rectangle(boundsOf(maps.Values(s.named))))
	}
	return all
}

// crossesAntimeridian tells whether a side goes the short way across it.
func crossesAntimeridian(polygon []search.Point) bool {
	for i, a := range polygon {
		if b := polygon[(i+1)%len(polygon)]; math.Abs(a.Lon-b.Lon) > 180 {
			return true
		}
	}
	return false
}

func boundsOf(points iter.Seq[search.Point]) search.Box {
	b := search.Box{South: 90, West: 180, North: -90, East: -180}
	for p := range points {
		b.South, b.North = min(b.South, p.Lat), max(b.North, p.Lat)
		b.West, b.East = min(b.West, p.Lon), max(b.East, p.Lon)
	}
	return b
}

// rectangle is a little wider than the box: the cluster keeps coordinates with
// fewer digits.
func rectangle(b search.Box) object {
	const margin = 1e-5 // degrees, about a metre
	return object{"geo_bounding_box": object{"at": object{
		"top": min(90, b.North+margin), "bottom": max(-90, b.South-margin),
		"left": max(-180, b.West-margin), "right": min(180, b.East+margin),
	}}}
}

// circle is a little wider too: the cluster's earth has another radius.
func circle(at search.Point, km float64) object {
	return object{"geo_distance": object{"distance": fmt.Sprintf("%.3fkm", km*1.01+0.1), "at": geoPoint{at.Lat, at.Lon}}}
}

// bring fetches the candidates' documents, from memory where it has that
// version, and leaves out what was removed meanwhile.
func (x *Index) bring(ctx context.Context, found []named) ([]*house, error) {
	brought := make([]*house, len(found))
	var absent []int
	for i, n := range found {
		if brought[i] = x.kept.get(n.id, n.writing); brought[i] == nil {
			absent = append(absent, i)
		}
	}
	if err := x.fetchAll(ctx, found, absent, brought); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(brought, func(h *house) bool { return h == nil }), nil
}

func (x *Index) fetchAll(ctx context.Context, found []named, absent []int, brought []*house) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	parts := make(chan []int, len(absent)/fetchSize+1)
	for part := range slices.Chunk(absent, fetchSize) {
		parts <- part
	}
	close(parts)
	var workers sync.WaitGroup
	for range min(readers, len(parts)) {
		workers.Go(func() {
			for part := range parts {
				if err := x.fetch(ctx, found, part, brought); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}

func (x *Index) fetch(ctx context.Context, found []named, part []int, brought []*house) error {
	ids := make([]string, len(part))
	for i, at := range part {
		ids[i] = found[at].id
	}
	var answer struct {
		Docs []struct {
			header
			Found bool `json:"found"`
			Error struct {
				Type string `json:"type"`
			} `json:"error"`
			Source struct {
				House packed `json:"house"`
			} `json:"_source"`
		} `json:"docs"`
	}
	if err := x.look(ctx, x.path("/_mget?_source_includes=house"), object{"ids": ids}, &answer); err != nil {
		return err
	}
	for i, doc := range answer.Docs {
		if doc.Error.Type != "" {
			return &refusal{http.StatusServiceUnavailable, doc.Error.Type} // half a page is none
		}
		if !doc.Found || len(doc.Source.House.Bytes) == 0 || i >= len(part) {
			continue
		}
		h, err := doc.Source.House.unpack()
		if err != nil {
			return err
		}
		x.kept.put(doc.ID, doc.writing(), h)
		brought[part[i]] = h
	}
	return nil
}
