package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/stay"
)

// Errors go to logs and screens: none repeats a password.
func TestBadSearchAddressIsNotRepeated(t *testing.T) {
	for _, address := range []string{
		"opensearch:http://vacancy:s3cret@host:port", "opensearch:http://vacancy:s3cret%@host:9200",
		"elasticsearch:http://vacancy:s3cret@host:port", "elasticsearch:http://vacancy:s3cret%@host:9200",
		"opensearch:vacancy:s3cret@host:9200", "http://vacancy:s3cret@host:9200",
	} {
		_, err := openCluster(address)
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"opensearch:http://vacancy:s3cret@host:9200", "elasticsearch:http://a:9200,http://b:9200"} {
		if _, err := openCluster(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// What is read is kept beside the data, or in the cache: a folder for each
// database, whose name tells nothing of a password.
func TestSnapshotFolder(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	for _, c := range []struct{ chosen, db, want string }{
		{"", "sqlite:/var/lib/v.db", "/var/lib/v.db.search"},
		{"off", "sqlite:/var/lib/v.db", ""},
		{"/srv/search", "postgres://db/v", "/srv/search"},
		{"", "postgres://%zz", ""},
	} {
		if got := snapshotFolder(c.chosen, c.db); got != c.want {
			t.Errorf("%q of %q: %q, want %q", c.chosen, c.db, got, c.want)
		}
	}
	const one = "postgres://vacancy:first@db/v"
	folder := snapshotFolder("", one)
	if folder == "" || folder != snapshotFolder("", "postgres://vacancy:second@db/v") {
		t.Errorf("another password, another folder: %q", folder)
	}
	for _, other := range []string{"postgres://vacancy:first@db/w", "postgres://vacancy:first@other/v", "postgres:///v?host=/run/db"} {
		if snapshotFolder("", other) == folder {
			t.Errorf("%s shares the folder of %s", other, one)
		}
	}
}

// Property 60: what both doors showed is compared with what booking asks, and
// counted by channel, while the process serves.
func TestWhatIsShownIsChecked(t *testing.T) {
	s, err := openMigrated(t.Context(), "sqlite:"+t.TempDir()+"/checks.db")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := generate(t.Context(), s, generateFlags{region: "eu", seed: 7, properties: 5, nights: 40}, io.Discard); err != nil {
		t.Fatal(err)
	}
	a, err := newApp(t.Context(), s, settings{region: "eu", logger: slog.New(slog.DiscardHandler), checks: spotChecks{share: 1, perSecond: 1000}})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.index.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	loops, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.run(loops) }()
	first := stay.On(time.Now(), time.UTC)
	for ahead := range 20 {
		dates := fmt.Sprintf("arrival=%s&departure=%s", first.Add(3+ahead), first.Add(4+ahead))
		ask(a.handler, "GET", "/v1/search?"+dates, "", "", "198.51.100.1")
		ask(a.handler, "GET", "/?room=2&"+dates, "", "", "198.51.100.1")
	}
	metrics := ""
	for began := time.Now(); time.Since(began) < 30*time.Second && !bothAgree.MatchString(metrics); time.Sleep(10 * time.Millisecond) {
		_, metrics = ask(a.handler, "GET", "/metrics", "", "", "198.51.100.1")
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	for _, never := range []string{`{channel="api",outcome="price"} 0`, `{channel="web",outcome="missing"} 0`} {
		if !strings.Contains(metrics, "vacancy_search_checks_total"+never) {
			t.Errorf("/metrics lacks %s", never)
		}
	}
	if !bothAgree.MatchString(metrics) {
		t.Error("not both doors were checked")
	}
}

var bothAgree = regexp.MustCompile(`(?s)channel="api",outcome="same"} [1-9].*channel="web",outcome="same"} [1-9]`)
