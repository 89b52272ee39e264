package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"

	"github.com/vacancyhq/vacancy/money"
)

//go:embed templates static
var files embed.FS

//go:embed countries.txt
var countryList string

// page is a parsed template with the layout around it.
type page = *template.Template

// asset is a file that browsers may keep for ever, since its address changes with it.
type asset struct {
	kind string
	data []byte
	sum  string
}

func (a asset) serve(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(a.data)
}

// layout is what every page has around its own View.
type layout struct {
	Title        string
	Style        string // address of the stylesheet
	Icon         string
	Banner       string
	Attributions []Attribution
	View         any
}

var words = template.FuncMap{
	"money": amountWords, "day": dayWords, "short": dayShort, "stay": stayWords, "party": partyWords,
	"count": count, "stars": stars, "plain": plainWords, "list": func(items ...any) []any { return items },
	"of":   func(minor int64, c money.Currency) money.Amount { return money.Of(minor, c) },
	"code": codeWords, "country": countryName, "inc": func(n int) int { return n + 1 },
	"spaced": func(code string) string { return strings.ReplaceAll(code, "_", " ") },
}

func (s *site) load() (err error) {
	if s.style, err = readAsset("static/site.css", "text/css; charset=utf-8"); err != nil {
		return err
	}
	if s.icon, err = readAsset("static/favicon.svg", "image/svg+xml"); err != nil {
		return err
	}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return fmt.Errorf("web: list the templates: %w", err)
	}
	s.pages = map[string]page{}
	for _, name := range names {
		base := strings.TrimSuffix(strings.TrimPrefix(name, "templates/"), ".html")
		if base == "layout" || base == "parts" {
			continue
		}
		parsed, err := template.New("layout.html").Funcs(words).ParseFS(files, "templates/layout.html", "templates/parts.html", name)
		if err != nil {
			return fmt.Errorf("web: read the page %s: %w", base, err)
		}
		s.pages[base] = parsed
	}
	return nil
}

func readAsset(name, kind string) (asset, error) {
	data, err := files.ReadFile(name)
	if err != nil {
		return asset{}, fmt.Errorf("web: read %s: %w", name, err)
	}
	sum := sha256.Sum256(data)
	return asset{kind: kind, data: data, sum: hex.EncodeToString(sum[:6])}, nil
}

// render writes a whole page or nothing: a template that fails half way must
// not leave half a page behind.
func (s *site) render(w http.ResponseWriter, _ *http.Request, status int, name, title string, view any) error {
	var out bytes.Buffer
	err := s.pages[name].Execute(&out, layout{
		Title: title, View: view, Banner: s.Banner, Attributions: s.Attributions,
		Style: "/static/site.css?v=" + s.style.sum, Icon: "/favicon.svg?v=" + s.icon.sum,
	})
	if err != nil {
		return fmt.Errorf("web: render %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if w.Header().Get("Cache-Control") == "" {
		w.Header().Set("Cache-Control", "no-cache, private")
	}
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // a visitor who left is nobody's error
	return nil
}

// countryName is the country of an ISO code, or the code itself.
func countryName(code string) string {
	_, rest, ok := strings.Cut("\n"+countryList, "\n"+code+" ")
	if !ok || code == "" {
		return code
	}
	name, _, _ := strings.Cut(rest, "\n")
	return name
}

// countries are the choices of the country field.
func countries(chosen string) []choice {
	var all []choice
	for line := range strings.Lines(countryList) {
		code, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		all = append(all, choice{Value: code, Label: name, Chosen: code == chosen})
	}
	return all
}
