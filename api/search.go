package api

import (
	"context"
	"net/http"

	"github.com/vacancyhq/vacancy/search"
)

// placesInput and the inputs below are the parameters of looking around.
type placesInput struct {
	Q     string `query:"q" required:"true" minLength:"1" maxLength:"100" doc:"What a guest typed: a city, a region or a name"`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"10"`
}

type searchInput struct {
	Question
	Sort   string `query:"sort" enum:"recommended,total,rating,stars,distance" default:"recommended"`
	Facets bool   `query:"facets" doc:"Count what each other choice of a filter would find"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Cursor string `query:"cursor" maxLength:"500" doc:"next of the page before"`
}

type mapInput struct {
	Question
	Grid int `query:"grid" minimum:"1" maximum:"64" default:"16" doc:"Cells along a side of the box"`
}

type whyInput struct {
	Question
	PropertyID string `path:"property_id"`
}

func (d *door) searchRoutes() {
	read(d, route{
		id: "list-places", method: http.MethodGet, path: "/v1/places", tag: "Search", rule: public(),
		summary: "What a guest may mean by what they typed",
	}, d.listPlaces)
	readWhole(d, route{
		id: "search", method: http.MethodGet, path: "/v1/search", tag: "Search", rule: public(),
		summary: "Where a party can stay, and for how much in total",
		doc: "With dates each hit carries the exact total of its cheapest bookable rate for the whole stay; with flexible dates that of the cheapest stay among them. " +
			"It is a moment old, see `as_of`: ask the property for offers before booking.\n\n" +
			"`facets=true` counts, for every value of a filter, what the same query would find with that value alone in the filter's place.",
	}, plainSearch, d.search)
	read(d, route{
		id: "search-days", method: http.MethodGet, path: "/v1/search/days", tag: "Search", rule: public(),
		summary: "The least total for each day of arrival",
		doc:     "A calendar strip: give `arrive_from`, `arrive_to` and `nights`. Days on which nothing fits are there, with no hits.",
	}, d.searchDays)
	read(d, route{
		id: "search-map", method: http.MethodGet, path: "/v1/search/map", tag: "Search", rule: public(),
		summary: "Hits gathered by where they are",
		doc:     "Clusters over a net of `grid` x `grid` cells on the box, or on the smallest that holds all hits.",
	}, d.searchMap)
	read(d, route{
		id: "search-why", method: http.MethodGet, path: "/v1/search/properties/{property_id}", tag: "Search", rule: public(),
		summary: "Why a property is in the list of a query, or not",
		doc:     "Its hit, or the parameters that keep it out and, for each party and product, what closes it.",
	}, d.searchWhy)
}

func (d *door) listPlaces(ctx context.Context, c *call, in *placesInput) (Places, error) {
	found, err := d.Search.Places(ctx, in.Q, in.Limit)
	if err != nil {
		return Places{}, err
	}
	c.shared = true
	places := make([]Place, len(found))
	for i, p := range found {
		places[i] = placeOf(p)
	}
	return Places{Places: places}, nil
}

func (d *door) search(ctx context.Context, _ *call, in *searchInput) (*Results, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	q.Sort, q.Facets, q.Limit, q.Cursor = search.Sort(in.Sort), in.Facets, in.Limit, in.Cursor
	page, err := d.Search.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	return resultsOf(page), nil
}

func (d *door) searchDays(ctx context.Context, _ *call, in *Question) (Strip, error) {
	q, err := in.query()
	if err != nil {
		return Strip{}, err
	}
	if q.Window == nil {
		return Strip{}, fault("query.arrive_from", "is needed: the first day of arrival, with arrive_to and nights")
	}
	strip, err := d.Search.Days(ctx, q)
	if err != nil {
		return Strip{}, err
	}
	return stripOf(strip), nil
}

func (d *door) searchMap(ctx context.Context, _ *call, in *mapInput) (Map, error) {
	q, err := in.query()
	if err != nil {
		return Map{}, err
	}
	found, err := d.Search.Map(ctx, q, in.Grid)
	if err != nil {
		return Map{}, err
	}
	return mapOf(found), nil
}

func (d *door) searchWhy(ctx context.Context, _ *call, in *whyInput) (Why, error) {
	q, err := in.query()
	if err != nil {
		return Why{}, err
	}
	why, err := d.Search.Why(ctx, q, in.PropertyID)
	if err != nil {
		return Why{}, err
	}
	return whyOf(why), nil
}
