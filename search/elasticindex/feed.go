package elasticindex

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/rate"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/stay"
)

const (
	propertyPage = 500
	bulkSize     = 200 // documents in one request
	readers      = 4   // properties that are read at once
)

// Run keeps the documents up to date until the context ends, and makes the
// first generation when there is none. A store or a cluster that fails is
// asked again; answers say by their staleness how old they are.
func (x *Index) Run(ctx context.Context) error {
	return outbox.Follow(ctx, x.source.Committed(), x.options.Poll, x.CatchUp, func(err error) {
		x.options.Log.Warn("search cluster cannot be fed", "error", err)
	})
}

// CatchUp brings every event that the log lists into the documents. Several
// processes may do so at once: the version of a document keeps the newest.
func (x *Index) CatchUp(ctx context.Context) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	err := x.readNames(ctx)
	if err != nil {
		return err
	}
	for range takes {
		if err = x.catchUp(ctx); !missing(err) {
			return err
		}
	}
	return err // not replaced under our hands all the time: something else is missing
}

func (x *Index) catchUp(ctx context.Context) error {
	name, err := x.generation(ctx)
	if err != nil {
		return err
	}
	if name == "" {
		return x.rebuild(ctx, func(int, int) {})
	}
	return x.follow(ctx, name)
}

// Rebuild writes all documents anew into a generation of its own, which then
// takes the place of the present one. Queries are answered meanwhile. It tells
// now and then how many properties of how many are written.
func (x *Index) Rebuild(ctx context.Context, tell func(written, all int)) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	if err := x.readNames(ctx); err != nil {
		return err
	}
	return x.rebuild(ctx, tell)
}

func (x *Index) rebuild(ctx context.Context, tell func(written, all int)) error {
	began := x.options.Now()
	position, err := outbox.End(ctx, x.source) // before the state is read: what comes later is applied after it
	if err != nil {
		return fmt.Errorf("elasticindex: find the end of the log: %w", err)
	}
	name, err := x.begin(ctx)
	if err != nil {
		return err
	}
	if err := x.writeAll(ctx, name, tell); err != nil {
		return err
	}
	if err := x.reach(ctx, name, position, began); err != nil {
		return err
	}
	if err := x.follow(ctx, name); err != nil {
		return err
	}
	return x.take(ctx, name)
}

func (x *Index) writeAll(ctx context.Context, name string, tell func(written, all int)) error {
	written := 0
	for after := ""; ; {
		page, err := x.source.Properties(ctx, "", after, propertyPage)
		if err != nil {
			return fmt.Errorf("elasticindex: list properties: %w", err)
		}
		if len(page) == 0 {
			return nil
		}
		ids := make([]string, len(page))
		for i, p := range page {
			ids[i] = p.ID
		}
		if err := x.write(ctx, name, ids); err != nil {
			return err
		}
		after = ids[len(ids)-1]
		written += len(ids)
		tell(written, max(written, x.names.Load().Len()))
	}
}

// follow applies the log from the generation's own position on.
func (x *Index) follow(ctx context.Context, name string) error {
	reached, err := x.progress(ctx, name)
	if err != nil {
		return err
	}
	position := outbox.Position{Major: reached.Major, Minor: reached.Minor}
	if err := x.roll(ctx, name); err != nil {
		return err
	}
	for {
		began := x.options.Now()
		events, err := x.source.Events(ctx, position, x.options.Batch)
		if err != nil {
			return fmt.Errorf("elasticindex: read the log: %w", err)
		}
		if err := x.write(ctx, name, changed(events)); err != nil {
			return err // the position stays: the events come again
		}
		if len(events) > 0 {
			position = events[len(events)-1].Position
		}
		if len(events) < x.options.Batch {
			return x.reach(ctx, name, position, began)
		}
	}
}

// reach makes what was written findable and notes how far that is.
func (x *Index) reach(ctx context.Context, name string, at outbox.Position, asOf time.Time) error {
	if err := x.refresh(ctx, name); err != nil {
		return err
	}
	x.asOf.Store(&asOf)
	return x.setProgress(ctx, name, progress{at.Major, at.Minor, asOf})
}

// changed is the properties that events speak of, each once.
func changed(events []outbox.Stored) []string {
	var ids []string
	for _, e := range events {
		switch e.Type {
		case inventory.EventChanged, rate.EventChanged, property.EventChanged:
			ids = append(ids, e.PropertyID)
		default:
			if strings.HasPrefix(e.Type, "review.") {
				ids = append(ids, e.PropertyID)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// write sends the documents of properties as they are now. A version is the
// moment before the property was read, so that of two writers the one who read
// later wins; what changed between has an event, and is read again for it.
func (x *Index) write(ctx context.Context, name string, ids []string) error {
	for part := range slices.Chunk(ids, bulkSize) {
		found, err := x.readAll(ctx, part)
		if err != nil {
			return err
		}
		if err := x.send(ctx, name, found); err != nil {
			return err
		}
		x.note(found)
	}
	return nil
}

// note keeps the names up with what was written.
func (x *Index) note(found []reading) {
	var labels []search.Label
	var gone []string
	for _, r := range found {
		if r.shown {
			labels = append(labels, labelOf(&r.stock.Property))
		} else {
			gone = append(gone, r.id)
		}
	}
	x.rename(labels, gone)
}

// reading is a property as it was at a moment.
type reading struct {
	id      string
	version int64
	shown   bool
	stock   stock
}

func (x *Index) readAll(ctx context.Context, ids []string) ([]reading, error) {
	found, errs := make([]reading, len(ids)), make([]error, len(ids))
	next := make(chan int, len(ids))
	for i := range ids {
		next <- i
	}
	close(next)
	var workers sync.WaitGroup
	for range min(readers, len(ids)) {
		workers.Go(func() {
			for i := range next {
				found[i].id, found[i].version = ids[i], x.version()
				found[i].stock, found[i].shown, errs[i] = x.read(ctx, ids[i])
			}
		})
	}
	workers.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("elasticindex: read properties: %w", err)
	}
	return found, nil
}

// version is the present moment in microseconds, and later than any before,
// whatever the clock does.
func (x *Index) version() int64 {
	for {
		last := x.versions.Load()
		next := max(last+1, x.options.Now().UnixMicro())
		if x.versions.CompareAndSwap(last, next) {
			return next
		}
	}
}

// add appends what the cluster is told of the property.
func (r *reading) add(body *lines) error {
	target := object{"_id": r.id, "version": r.version, "version_type": "external_gte"}
	if !r.shown {
		// Not a removal: the cluster would forget its version, and make an index
		// for it where there is none.
		return body.add(object{"index": target}, object{})
	}
	doc, err := r.stock.document()
	if err != nil {
		return fmt.Errorf("elasticindex: encode property %s: %w", r.id, err)
	}
	return body.add(object{"index": target}, doc)
}

// send writes a bulk. A document that is newer already is no failure.
func (x *Index) send(ctx context.Context, name string, found []reading) error {
	var body lines
	for i := range found {
		if err := found[i].add(&body); err != nil {
			return err
		}
	}
	var answer struct {
		Items []map[string]struct {
			Status int `json:"status"`
			Error  struct {
				Type string `json:"type"`
			} `json:"error"`
		} `json:"items"`
	}
	path := "/" + url.PathEscape(x.feed(name)) + "/_bulk?require_alias=true&filter_path=items.*.status,items.*.error.type"
	if err := x.cluster.call(ctx, http.MethodPost, path, body, &answer); err != nil {
		return err
	}
	for _, item := range answer.Items {
		for _, told := range item {
			if told.Error.Type != "" && told.Status != http.StatusConflict {
				return &refusal{told.Status, told.Error.Type}
			}
		}
	}
	return nil
}

// rollEvery is how often documents are looked for whose nights begin too long
// ago: today moves without any event.
const rollEvery = time.Hour

func (x *Index) roll(ctx context.Context, name string) error {
	now := x.options.Now()
	if now.Sub(x.rolled) < rollEvery {
		return nil
	}
	old := stay.On(now, time.UTC) - spareNights/2
	for {
		ids, err := x.older(ctx, name, old)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			x.rolled = now
			return nil
		}
		if err := errors.Join(x.write(ctx, name, ids), x.refresh(ctx, name)); err != nil {
			return err
		}
	}
}

// older is some properties whose documents begin before a night.
func (x *Index) older(ctx context.Context, name string, night stay.Date) ([]string, error) {
	var answer struct {
		Hits struct {
			Hits []struct {
				ID string `json:"_id"`
			} `json:"hits"`
		} `json:"hits"`
	}
	body := object{"size": propertyPage, "_source": false, "query": object{"range": object{"base": object{"lt": int(night)}}}}
	err := x.cluster.call(ctx, http.MethodPost, "/"+url.PathEscape(name)+"/_search?filter_path=hits.hits._id", body, &answer)
	var ids []string
	for _, h := range answer.Hits.Hits {
		ids = append(ids, h.ID)
	}
	return ids, err
}
