package pgstore

import (
	"testing"

	"github.com/vacancyhq/vacancy/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }
