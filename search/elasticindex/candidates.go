package elasticindex

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

// fetchSize is how many documents one request brings.
const fetchSize = 200

// named is a document by the version that a query found.
type named struct {
	id      string
	version int64
}

// candidates is what the cluster finds for the filters that need no price: never
// less than the hits. More than search.MaxPriced with dates is too broad.
func (x *Index) candidates(ctx context.Context, filters []object, most int) ([]named, error) {
	var answer struct {
		Hits struct {
			Hits []struct {
				ID      string `json:"_id"`
				Version int64  `json:"_version"`
			} `json:"hits"`
		} `json:"hits"`
	}
	body := object{
		"size": most + 1, "track_total_hits": false, "_source": false, "version": true, "sort": []string{"_doc"},
		"query": object{"bool": object{"filter": filters}},
	}
	path := x.path("/_search?filter_path=hits.hits._id,hits.hits._version")
	if err := x.cluster.call(ctx, http.MethodPost, path, body, &answer); err != nil {
		return nil, starting(err)
	}
	if len(answer.Hits.Hits) > most {
		return nil, search.ErrBroad
	}
	found := make([]named, len(answer.Hits.Hits))
	for i, h := range answer.Hits.Hits {
		found[i] = named{h.ID, h.Version}
	}
	return found, nil
}

// starting is an alias that names nothing yet.
func starting(err error) error {
	if missing(err) {
		return search.ErrStarting
	}
	return err
}

func (x *Index) path(rest string) string { return "/" + url.PathEscape(x.options.Alias) + rest }

// filters are the parts of a query that the cluster decides. Those of terms
// and totals are decided here, with the price.
func filters(q search.Query) []object {
	var all []object
	add := func(f object) { all = append(all, f) }
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

// area asks for a box, a circle or a polygon; a document on its border may
// come too many, since the hits are judged here once more.
func area(q search.Query) []object {
	var all []object
	if q.Box != nil {
		all = append(all, object{"geo_bounding_box": object{"at": object{
			"top": q.Box.North, "bottom": q.Box.South, "left": q.Box.West, "right": q.Box.East,
		}}})
	}
	return all
}

func circle(at search.Point, km float64) object {
	return object{"geo_distance": object{"distance": fmt.Sprintf("%.3fkm", km*1.01+0.1), "at": geoPoint{at.Lat, at.Lon}}}
}

// houses brings the candidates' documents, from memory where it has that
// version, and leaves out what was removed meanwhile.
func (x *Index) bring(ctx context.Context, found []named) ([]*house, error) {
	brought := make([]*house, len(found))
	var absent []int
	for i, n := range found {
		if brought[i] = x.kept.get(n.id, n.version); brought[i] == nil {
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
			ID      string `json:"_id"`
			Version int64  `json:"_version"`
			Found   bool   `json:"found"`
			Source  struct {
				House packed `json:"house"`
			} `json:"_source"`
		} `json:"docs"`
	}
	if err := x.cluster.call(ctx, http.MethodPost, x.path("/_mget?_source_includes=house"), object{"ids": ids}, &answer); err != nil {
		return starting(err)
	}
	for i, doc := range answer.Docs {
		if !doc.Found || i >= len(part) {
			continue
		}
		h, err := doc.Source.House.unpack()
		if err != nil {
			return err
		}
		x.kept.put(doc.ID, doc.Version, h)
		brought[part[i]] = h
	}
	return nil
}

