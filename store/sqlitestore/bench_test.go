package sqlitestore_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/vacancyhq/vacancy/store/sqlitestore"
	"github.com/vacancyhq/vacancy/store/storetest"
)

// BenchmarkImport imports houses of three room types over the whole horizon.
func BenchmarkImport(b *testing.B) {
	path := filepath.Join(b.TempDir(), "vacancy.db")
	o := open(b, path, sqlitestore.Options{})
	nights := storetest.BenchmarkImport(b, o)
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/float64(nights), "B/night")
}

// BenchmarkBook books two nights at a time, each durable before the next begins.
func BenchmarkBook(b *testing.B) {
	storetest.BenchmarkBook(b, open(b, filepath.Join(b.TempDir(), "vacancy.db"), sqlitestore.Options{}))
}
