package memindex_test

import (
	"testing"

	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/search/searchtest"
)

func TestSuite(t *testing.T) {
	searchtest.Run(t, func(t *testing.T, s searchtest.Setup) searchtest.Opened {
		index, err := memindex.Open(t.Context(), s.Source, memindex.Options{
			Now: s.Now, Rates: s.Rates, Places: s.Places, Batch: 7,
		})
		if err != nil {
			t.Fatal(err)
		}
		return searchtest.Opened{Index: index, Sync: index.CatchUp}
	})
}
