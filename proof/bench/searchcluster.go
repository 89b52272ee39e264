package bench

import (
	"context"
	"errors"
	"time"

	"github.com/opensearch-project/opensearch-go/v4"

	"github.com/vacancyhq/vacancy/internal/ostest"
	"github.com/vacancyhq/vacancy/search/elasticindex"
)

// cluster holds the index against elasticindex on an OpenSearch node of its own,
// in a smaller world: the node retrieves candidates, which are priced here. Times
// are by the clock, because most of one is spent waiting for the node.
func (b *searchBench) cluster(ctx context.Context) (err error) {
	if b.Quick && len(b.Only) == 0 {
		b.report.skip("OpenSearch: not in a quick run without --only cluster")
		return nil
	}
	node, err := ostest.Start()
	if ostest.Missing(err) {
		b.report.skip("OpenSearch: %v; ./dev up installs it", err)
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, node.Close()) }()
	client, err := opensearch.NewClient(opensearch.Config{Addresses: node.URLs()})
	if err != nil {
		return err
	}
	c, err := b.open(ctx, b.scaled(clusterHotels))
	if err != nil {
		return err
	}
	cluster, err := elasticindex.New(client, c.source, elasticindex.Options{Now: time.Now, Places: c.world.places(), Alias: "bench"})
	if err != nil {
		return err
	}
	began := time.Now()
	if err := cluster.CatchUp(ctx); err != nil {
		return err
	}
	b.report.note(c.about("filling OpenSearch, s"), []float64{time.Since(began).Seconds()})
	b.sameAnswers(ctx, c, cluster)
	queries := c.breadth(inLargest).queries
	var ratios []float64
	for round := range b.rounds() {
		t := b.turn(ctx, "OpenSearch", round)
		index := t.ask("index", len(queries), asking(c.index, queries))
		served := t.ask("elasticindex", len(queries), asking(cluster, queries))
		if t.err != nil {
			return t.err
		}
		ratios = append(ratios, served.P50/index.P50)
	}
	b.report.note(c.about("times faster than elasticindex in its largest city, p50 by the clock"), ratios)
	return nil
}
