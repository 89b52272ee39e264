package elasticindex

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

//go:embed mapping.json
var mapping []byte

// A generation is an index of the cluster with its documents. Queries go to
// the alias, which names one generation; another is filled beside it and takes
// its place in one step, so that nobody finds half an index.

// generation is the index that the alias names; "" when there is none.
func (x *Index) generation(ctx context.Context) (string, error) {
	var named map[string]any
	err := x.cluster.call(ctx, http.MethodGet, "/_alias/"+url.PathEscape(x.options.Alias), nil, &named)
	if missing(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return slices.Max(slices.Collect(maps.Keys(named))), nil
}

// begin makes an empty generation.
func (x *Index) begin(ctx context.Context) (string, error) {
	name := fmt.Sprintf("%s-%d", x.options.Alias, x.options.Now().UnixMicro())
	settings, err := x.settings()
	if err != nil {
		return "", err
	}
	return name, x.cluster.call(ctx, http.MethodPut, "/"+url.PathEscape(name), settings, nil)
}

func (x *Index) settings() (object, error) {
	var settings object
	if err := json.Unmarshal(mapping, &settings); err != nil {
		return nil, fmt.Errorf("elasticindex: mapping.json: %w", err)
	}
	index := settings["settings"].(map[string]any)["index"].(map[string]any)
	index["number_of_shards"], index["number_of_replicas"] = x.options.Shards, x.options.Replicas
	return settings, nil
}

// take points the alias at a generation, in one step, and removes the others.
func (x *Index) take(ctx context.Context, name string) error {
	actions := []object{
		{"remove": object{"index": x.options.Alias + "-*", "alias": x.options.Alias, "must_exist": false}},
		{"add": object{"index": name, "alias": x.options.Alias}},
	}
	if err := x.cluster.call(ctx, http.MethodPost, "/_aliases", object{"actions": actions}, nil); err != nil {
		return err
	}
	return x.drop(ctx, name)
}

// drop removes every generation but one.
func (x *Index) drop(ctx context.Context, but string) error {
	var all map[string]any
	if err := x.cluster.call(ctx, http.MethodGet, "/"+url.PathEscape(x.options.Alias)+"-*", nil, &all); err != nil {
		return err
	}
	for name := range all {
		if name == but || !strings.HasPrefix(name, x.options.Alias+"-") {
			continue
		}
		if err := x.cluster.call(ctx, http.MethodDelete, "/"+url.PathEscape(name), nil, nil); err != nil && !missing(err) {
			return err
		}
	}
	return nil
}

// refresh makes everything that was written findable.
func (x *Index) refresh(ctx context.Context, name string) error {
	return x.cluster.call(ctx, http.MethodPost, "/"+url.PathEscape(name)+"/_refresh", nil, nil)
}

// progress is how far the documents of a generation have come. It lies in a
// small index of its own, so that a query never meets it.
type progress struct {
	Major uint64    `json:"major,string"` // of the last event in the documents
	Minor uint64    `json:"minor,string"`
	AsOf  time.Time `json:"as_of"`
}

func (x *Index) setProgress(ctx context.Context, name string, p progress) error {
	return x.cluster.call(ctx, http.MethodPut, x.progressPath(name), p, nil)
}

func (x *Index) progress(ctx context.Context, name string) (progress, error) {
	var answer struct {
		Source progress `json:"_source"`
	}
	err := x.cluster.call(ctx, http.MethodGet, x.progressPath(name), nil, &answer)
	return answer.Source, err
}

func (x *Index) progressPath(name string) string {
	return "/" + url.PathEscape(x.options.Alias) + "_progress/_doc/" + url.PathEscape(name)
}
