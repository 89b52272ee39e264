package web

import (
	"cmp"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/vacancyhq/vacancy/web/words"
)

// page is a parsed template with the layout around it.
type page = *template.Template

// around are the files that every page is parsed with; the first holds them all.
var around = []string{"templates/layout.html", "templates/parts.html", "templates/map.html"}

// pagesIn parses every page for a language, by name.
func pagesIn(l *words.Language) (map[string]page, error) {
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("web: list the templates: %w", err)
	}
	frame := template.New(path.Base(around[0])).Funcs(speaking(l)).Funcs(repeating(l))
	for _, name := range around {
		if err := parse(frame, l, name); err != nil {
			return nil, err
		}
	}
	pages := map[string]page{}
	for _, name := range names {
		if slices.Contains(around, name) {
			continue
		}
		one, err := frame.Clone()
		if err == nil {
			err = parse(one, l, name)
		}
		if err != nil {
			return nil, err
		}
		pages[strings.TrimSuffix(path.Base(name), ".html")] = one
	}
	return pages, nil
}

// parse adds a file to a set of templates.
func parse(to page, l *words.Language, name string) error {
	text, err := files.ReadFile(name)
	if err == nil {
		if base := path.Base(name); base != to.Name() {
			to = to.New(base)
		}
		_, err = to.Parse(said(l, string(text)))
	}
	if err != nil {
		return fmt.Errorf("web: read the page %s: %w", name, err)
	}
	return nil
}

var (
	constant = regexp.MustCompile(`\{\{(?:(t|icon) "([a-z0-9_.]+)"|(lang|dir|language))\}\}`)
	indent   = regexp.MustCompile(`\n\s+`)
)

// said writes into the text of a template what it would say alike each time:
// messages without facts, icons, the language's own names. More than half of
// what a page would evaluate is of this kind. Messages are escaped for text and
// for quoted attributes, where alone they stand.
func said(l *words.Language, text string) string {
	text = constant.ReplaceAllStringFunc(text, func(action string) string {
		parts := constant.FindStringSubmatch(action)
		switch cmp.Or(parts[1], parts[3]) {
		case "t":
			return html.EscapeString(l.Say(parts[2]))
		case "icon":
			return string(icon(parts[2]))
		case "lang":
			return l.Code
		case "dir":
			return l.Dir
		}
		return html.EscapeString(l.Name)
	})
	return indent.ReplaceAllString(text, "\n")
}
