package main

import (
	"errors"
	"io"
	"log/slog"
	"testing"

	"github.com/vacancyhq/vacancy/internal/ostest"
	"github.com/vacancyhq/vacancy/search"
)

// Property 61: a cluster is filled from the database by a command, over again
// while it answers.
func TestRebuild(t *testing.T) {
	s, err := openMigrated(t.Context(), "sqlite:"+t.TempDir()+"/rebuild.db")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := generate(t.Context(), s, generateFlags{region: "eu", seed: 7, properties: 5, nights: 40}, io.Discard); err != nil {
		t.Fatal(err)
	}
	if _, err := rebuild(t.Context(), s, inMemory, io.Discard); !errors.Is(err, errInMemory) {
		t.Errorf("in memory: %v", err)
	}
	address := openSearchScheme + ostest.Own(t, 1).URLs()[0]
	for range 2 {
		done, err := rebuild(t.Context(), s, address, io.Discard)
		if err != nil || done.Properties != 5 {
			t.Fatalf("%+v, %v", done, err)
		}
	}
	index, err := openIndex(s, settings{search: address, logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := index.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	page, err := index.Search(t.Context(), search.Query{})
	if err != nil || page.Total != 5 {
		t.Errorf("%d properties, %v", page.Total, err)
	}
}
