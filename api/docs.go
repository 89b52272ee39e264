package api

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// introduction is the head of the documentation: what holds for every route.
const introduction = `Search, price, hold, book and cancel rooms.

Money is always {"amount": "123.45", "currency": "EUR", "minor": 12345}; where you write it, a decimal number as text. Dates are 2027-05-15 and mean the property's own days; instants are RFC 3339.

Every write takes an Idempotency-Key of yours: the same request with the same key is done once and answered with the same bytes (Idempotency-Replayed: true). Repeat it whenever an answer was lost. Making keys, staff and sessions takes none, because secrets are shown once and stored nowhere.

Refusals are problems (RFC 9457) with a stable type, listed at /problems.

A guest needs no account: offers asked for without a credential come with a checkout_token that holds and books them. Updates take the ETag that you read in If-Match.`

//go:embed docs.html
var docsPage string

//go:embed problems.html
var problemsPage string

var (
	docsTemplate     = template.Must(template.New("docs").Parse(docsPage))
	problemsTemplate = template.Must(template.New("problems").Parse(problemsPage))
)

// chapter is the routes of one tag.
type chapter struct {
	Name       string
	Operations []operationView
}

// operationView is a route as the page shows it.
type operationView struct {
	ID, Method, Path, Summary string
	Paragraphs                []string
	Parameters                []fieldView
	Body, Answer              []fieldView
	Status                    string
}

// fieldView is a parameter or a field with its rules.
type fieldView struct {
	Name, Type, Doc string
	Required        bool
}

// docs serves the readable documentation, made of the OpenAPI document once.
func (d *door) docs(w http.ResponseWriter, _ *http.Request) {
	d.page(w, docsTemplate, map[string]any{
		"Version": d.Version, "Introduction": strings.Split(introduction, "\n\n"), "Chapters": d.chapters(),
	})
}

// problems serves the table of problems.
func (d *door) problems(w http.ResponseWriter, _ *http.Request) {
	type row struct {
		Code, Type, Title, Advice string
		Status                    int
	}
	var rows []row
	for _, k := range kinds {
		rows = append(rows, row{k.code, problemPrefix + k.code, k.title, k.advice, k.status})
	}
	d.page(w, problemsTemplate, rows)
}

func (d *door) page(w http.ResponseWriter, t *template.Template, data any) {
	var page bytes.Buffer
	if err := t.Execute(&page, data); err != nil {
		writeProblem(w, kindOf("internal").problem())
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("Cache-Control", "public, max-age=300")
	_, _ = w.Write(page.Bytes()) // whoever asked is gone
}

// chapterOrder is that of a newcomer's interest.
var chapterOrder = []string{"Search", "Booking", "Properties", ari, "Events", "Accounts"}

var chaptersOnce sync.Map // by door: the document does not change once it serves

func (d *door) chapters() []chapter {
	if made, ok := chaptersOnce.Load(d); ok {
		return made.([]chapter)
	}
	var all []chapter
	for _, path := range sortedPaths(d.huma.OpenAPI()) {
		for _, op := range operations(d.huma.OpenAPI().Paths[path]) {
			at := slices.IndexFunc(all, func(c chapter) bool { return c.Name == op.Tags[0] })
			if at < 0 {
				all = append(all, chapter{Name: op.Tags[0]})
				at = len(all) - 1
			}
			all[at].Operations = append(all[at].Operations, d.view(op))
		}
	}
	slices.SortFunc(all, func(a, b chapter) int { return slices.Index(chapterOrder, a.Name) - slices.Index(chapterOrder, b.Name) })
	chaptersOnce.Store(d, all)
	return all
}

func sortedPaths(doc *huma.OpenAPI) []string {
	paths := make([]string, 0, len(doc.Paths))
	for path := range doc.Paths {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

// operations lists what a path takes, reading first.
func operations(item *huma.PathItem) []*huma.Operation {
	var all []*huma.Operation
	for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
		if op != nil {
			all = append(all, op)
		}
	}
	return all
}

func (d *door) view(op *huma.Operation) operationView {
	v := operationView{
		ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary,
		Paragraphs: strings.Split(strings.TrimSpace(op.Description), "\n\n"),
	}
	for _, p := range op.Parameters {
		doc := p.Description
		if doc == "" && p.Schema != nil {
			doc = p.Schema.Description
		}
		v.Parameters = append(v.Parameters, fieldView{Name: p.Name, Type: p.In + " " + d.typeOf(p.Schema), Doc: doc, Required: p.Required})
	}
	if op.RequestBody != nil {
		v.Body = d.fields(op.RequestBody.Content["application/json"].Schema, "", 0)
	}
	for status, r := range op.Responses {
		if content, ok := r.Content["application/json"]; ok && strings.HasPrefix(status, "2") {
			v.Status, v.Answer = status, d.fields(content.Schema, "", 0)
		}
	}
	return v
}

// deepest bounds how far the page follows fields of fields.
const deepest = 4

// fields lists a schema's fields, those of nested objects below their parent's name.
func (d *door) fields(s *huma.Schema, prefix string, depth int) []fieldView {
	s = d.resolve(s)
	if s == nil || depth > deepest {
		return nil
	}
	var list []fieldView
	for _, name := range sortedFields(s) {
		field := s.Properties[name]
		list = append(list, fieldView{
			Name: prefix + name, Type: d.typeOf(field), Doc: field.Description, Required: slices.Contains(s.Required, name),
		})
		inner := d.resolve(field)
		if inner.Type == huma.TypeArray {
			list = append(list, d.fields(inner.Items, prefix+name+"[].", depth+1)...)
			continue
		}
		list = append(list, d.fields(inner, prefix+name+".", depth+1)...)
	}
	return list
}

// sortedFields names required fields first.
func sortedFields(s *huma.Schema) []string {
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		first, second := slices.Contains(s.Required, a), slices.Contains(s.Required, b)
		if first != second {
			if first {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	return names
}

func (d *door) resolve(s *huma.Schema) *huma.Schema {
	if s != nil && s.Ref != "" {
		return d.huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

func (d *door) typeOf(s *huma.Schema) string {
	if s == nil {
		return ""
	}
	s = d.resolve(s)
	if s.Type == huma.TypeArray {
		return "list of " + d.typeOf(s.Items)
	}
	if len(s.Enum) > 0 {
		words := make([]string, len(s.Enum))
		for i, e := range s.Enum {
			words[i], _ = e.(string)
		}
		return strings.Join(words, " | ")
	}
	return s.Type
}
