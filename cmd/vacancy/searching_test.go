package main

import (
	"strings"
	"testing"
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
