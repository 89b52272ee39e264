package elasticindex_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/elastic/go-elasticsearch/v9"
	"github.com/opensearch-project/opensearch-go/v4"

	"github.com/vacancyhq/vacancy/internal/ostest"
	"github.com/vacancyhq/vacancy/search/elasticindex"
	"github.com/vacancyhq/vacancy/search/searchtest"
)

func TestMain(m *testing.M) { ostest.Main(m) }

// Both official clients are transports.
var (
	_ elasticindex.Transport = (*opensearch.Client)(nil)
	_ elasticindex.Transport = (*elasticsearch.BaseClient)(nil)
)

func TestSuite(t *testing.T) {
	client := connect(t, ostest.Shared(t))
	searchtest.Run(t, func(t *testing.T, s searchtest.Setup) searchtest.Opened {
		index := open(t, client, s)
		return searchtest.Opened{Index: index, Sync: index.CatchUp, Far: true}
	})
}

func connect(t testing.TB, urls ...string) *opensearch.Client {
	t.Helper()
	client, err := opensearch.NewClient(opensearch.Config{Addresses: urls})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

var aliases atomic.Int64

// open is an index with documents of its own, up to date.
func open(t testing.TB, client elasticindex.Transport, s searchtest.Setup) *elasticindex.Index {
	t.Helper()
	index, err := elasticindex.New(client, s.Source, elasticindex.Options{
		Now: s.Now, Rates: s.Rates, Weights: s.Weights, Places: s.Places,
		Alias: fmt.Sprint("test", aliases.Add(1)), Batch: 7,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := index.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	return index
}
