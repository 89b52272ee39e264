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
	"strconv"
	"strings"
	"time"
)

//go:embed mapping.json
var mapping []byte

// A generation is an index of the cluster with its documents. Queries go to
// the alias, which names one generation; another is filled beside it and takes
// its place in one step, so that nobody finds half an index.
//
// Several processes may fill generations at once. They are numbered, and one
// that is complete removes those before it in the step in which it takes their
// place, so that the last is left. Its documents are written through an alias
// of its own: when it is removed under the one who fills it, the cluster refuses
// what is written, and makes no index of that name without our mapping.

// label is a generation by its number.
func (x *Index) label(number int64) string { return fmt.Sprintf("%s-%d", x.options.Alias, number) }

// number is the generation's, false for another index.
func (x *Index) number(name string) (int64, bool) {
	text, ours := strings.CutPrefix(name, x.options.Alias+"-")
	n, err := strconv.ParseInt(text, 10, 64)
	return n, ours && err == nil
}

// feed is the alias that a generation is written through.
func (x *Index) feed(name string) string {
	return x.options.Alias + "_feed" + strings.TrimPrefix(name, x.options.Alias)
}

// generations are the numbers of those that exist, ascending.
func (x *Index) generations(ctx context.Context) (numbers []int64, err error) {
	var all map[string]any
	if err := x.cluster.call(ctx, http.MethodGet, "/"+url.PathEscape(x.options.Alias)+"-*", nil, &all); err != nil {
		return nil, err
	}
	for name := range all {
		if n, ours := x.number(name); ours {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

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
	before, err := x.generations(ctx)
	if err != nil {
		return "", err
	}
	number := x.options.Now().UnixMicro()
	if len(before) > 0 {
		number = max(number, before[len(before)-1]+1) // whatever the clocks of others say
	}
	settings, err := x.settings()
	if err != nil {
		return "", err
	}
	name := x.label(number)
	settings["aliases"] = object{x.feed(name): object{}}
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

// takes is how often a generation tries to take its place while others go.
const takes = 5

// take points the alias at a generation and removes those before it, in one step.
func (x *Index) take(ctx context.Context, name string) (err error) {
	own, _ := x.number(name)
	for range takes {
		before, err := x.generations(ctx)
		if err != nil {
			return err
		}
		actions := []object{{"add": object{"index": name, "alias": x.options.Alias}}}
		for _, n := range before {
			if n < own {
				actions = append(actions, object{"remove_index": object{"index": x.label(n)}})
			}
		}
		err = x.cluster.call(ctx, http.MethodPost, "/_aliases", object{"actions": actions}, nil)
		if !missing(err) {
			return err
		}
	}
	return err
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
