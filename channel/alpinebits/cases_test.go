package alpinebits_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vacancyhq/vacancy/channel/alpinebits"
)

// shared finds data that does not travel with the repository: stays that the
// alliance's own calculator priced.
func shared(t *testing.T, path ...string) string {
	t.Helper()
	root := os.Getenv("VACANCY_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	found := filepath.Join(append([]string{root}, path...)...)
	if _, err := os.Stat(found); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the priced stays are missing: %v", err)
		}
		t.Skipf("set VACANCY_SHARED to run this: %v", err)
	}
	return found
}

func open(t *testing.T, path string) *os.File {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// Every stay costs what the alliance's calculator says, and is refused for its reasons.
func TestPricesOfTheAlliancesCalculator(t *testing.T) {
	dir := shared(t, "distribution", "alpinebits", "rateplan-prices")
	inventory, err := alpinebits.ReadInventory(open(t, filepath.Join(dir, "inventory.json")))
	if err != nil {
		t.Fatal(err)
	}
	cases, err := alpinebits.ReadCases(open(t, filepath.Join(dir, "cases.jsonl")))
	if err != nil {
		t.Fatal(err)
	}
	results := alpinebits.PriceCases(os.DirFS(filepath.Join(dir, "messages")), inventory, cases)
	matched := 0
	for _, r := range results {
		if r.Matches() {
			matched++
			continue
		}
		t.Errorf("%s: got %v %q %v, want %v %q", r.Case.ID, r.Answer.Totals, r.Answer.Skipped, r.Err, r.Case.Expected, r.Case.Skipped)
	}
	t.Logf("%d of %d", matched, len(cases))
	if len(cases) < 3_240 {
		t.Errorf("only %d cases", len(cases))
	}
}

func TestBadCasesAreNamedByLine(t *testing.T) {
	const good = `{"id":"a","message":"m.xml","arrival":"2027-05-01","departure":"2027-05-03","booking_date":"2027-04-01","adults":2,"children":[]}`
	for name, bad := range map[string]string{
		"no JSON":      `{`,
		"no message":   strings.Replace(good, `"m.xml"`, `""`, 1),
		"bad date":     strings.Replace(good, "2027-05-01", "2027-05-32", 1),
		"no arrival":   strings.Replace(good, `"arrival":"2027-05-01",`, "", 1),
		"reversed":     strings.Replace(good, "2027-05-03", "2027-05-01", 1),
		"no adults":    strings.Replace(good, `"adults":2,`, "", 1),
		"negative age": strings.Replace(good, `[]`, `[-1]`, 1),
		"bad total":    strings.Replace(good, `"id"`, `"expected":{"double":"x"},"id"`, 1),
	} {
		_, err := alpinebits.ReadCases(strings.NewReader(good + "\n\n" + bad + "\n"))
		if !errors.Is(err, alpinebits.ErrCase) || !strings.Contains(err.Error(), "line 3") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCasesWithoutTheirMessageOrRooms(t *testing.T) {
	const line = `{"id":"a","message":"m.xml","arrival":"2027-05-01","departure":"2027-05-03","booking_date":"2027-04-01","adults":2,"children":[]}`
	cases, err := alpinebits.ReadCases(strings.NewReader("\n" + line))
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{
		"unlisted.xml": {Data: []byte(message(ratesDouble))},
		"text.xml":     {Data: []byte("price list")},
		"overlay.xml":  {Data: []byte(strings.Replace(message(ratesDouble), `"New"`, `"Overlay"`, 1))},
	}
	for _, name := range []string{"missing.xml", "unlisted.xml", "text.xml", "overlay.xml", "../text.xml"} {
		cases[0].Message = name
		if r := alpinebits.PriceCases(files, alpinebits.Inventory{}, cases)[0]; r.Err == nil || r.Matches() {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
