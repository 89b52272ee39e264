package web

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vacancyhq/vacancy/web/words"
)

var (
	actions  = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	tags     = regexp.MustCompile(`(?s)<[^>]*>`)
	spoken   = regexp.MustCompile(`\b(?:alt|title|placeholder|aria-label)="([^"]*)"`)
	letters  = regexp.MustCompile(`\pL{2,}`)
	inPage   = regexp.MustCompile(`\bt "([a-z_]+\.[a-z_0-9.]*[a-z0-9])"`)
	inSource = regexp.MustCompile(`\b[sS]ay\("([a-z_]+\.[a-z_0-9.]*[a-z0-9])"`)
)

// No page holds a sentence: everything that is read comes from the messages.
func TestPagesHoldNoSentences(t *testing.T) {
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		plain := actions.ReplaceAllString(string(data), "")
		for _, found := range spoken.FindAllStringSubmatch(plain, -1) {
			if letters.MatchString(found[1]) {
				t.Errorf("%s: %q is not a message", name, found[1])
			}
		}
		text := strings.ReplaceAll(tags.ReplaceAllString(plain, ""), "Vacancy", "") // the name is the same everywhere
		if found := letters.FindAllString(text, 5); found != nil {
			t.Errorf("%s: %q are not messages", name, found)
		}
	}
}

// Every message that a page or the source names is there.
func TestMessagesExist(t *testing.T) {
	tongues, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob("templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, name := range append(sources, pages...) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, pattern := range []*regexp.Regexp{inPage, inSource} {
			for _, found := range pattern.FindAllStringSubmatch(string(data), -1) {
				seen++
				if !tongues[0].Has(found[1]) {
					t.Errorf("%s: there is no message %q", name, found[1])
				}
			}
		}
	}
	if seen < 200 {
		t.Errorf("only %d messages were found in use", seen)
	}
	for _, trouble := range append(troubles, unexpected) {
		for _, part := range []string{"title", "text"} {
			if key := "trouble." + trouble.Name + "." + part; !tongues[0].Has(key) {
				t.Errorf("there is no message %q", key)
			}
		}
	}
}

// What a browser loads beside a page stays small: 60 kB of script are promised,
// an eighth of that is used.
func TestBudgets(t *testing.T) {
	s := &site{}
	if err := s.loadAssets(); err != nil {
		t.Fatal(err)
	}
	for _, budget := range []struct {
		what string
		size int
		most int
	}{{"script", len(s.script.small), 8 << 10}, {"style", len(s.style.small), 14 << 10}} {
		t.Logf("%s: %d bytes compressed", budget.what, budget.size)
		if budget.size == 0 || budget.size > budget.most {
			t.Errorf("%s: %d bytes compressed, at most %d", budget.what, budget.size, budget.most)
		}
	}
}
