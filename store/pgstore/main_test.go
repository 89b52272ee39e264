package pgstore

import (
	"os"
	"strings"
	"testing"

	"github.com/vacancyhq/vacancy/internal/pgtest"
)

func TestMain(m *testing.M) {
	if kind, dsn, ok := strings.Cut(os.Getenv(childVar), " "); ok {
		child(kind, dsn)
		return
	}
	pgtest.Main(m)
}
