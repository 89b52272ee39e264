package api

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// maxFaults bounds the answer to a request in which everything is wrong.
const maxFaults = 20

// fromHuma adapts what huma refuses by itself: it keeps location and rule and
// drops the value, and of names that do not exist it says only where, and which do.
func fromHuma(ctx huma.Context, status int, message string, errs ...error) *Problem {
	var p *Problem
	switch {
	case status == http.StatusBadRequest && len(errs) == 0: // all else that is wrong with a body was found before
		p = kindOf("body-missing").problem()
	case status >= http.StatusInternalServerError:
		p = kindOf("internal").problem()
		p.cause = errors.Join(append(errs, errors.New(message))...)
	default:
		p = kindOf("invalid").problem()
	}
	if ctx == nil { // huma asks for an example
		return p
	}
	p.RequestID = requestID(ctx.Context())
	for _, err := range errs {
		var detailer huma.ErrorDetailer
		if p.Status < http.StatusInternalServerError && errors.As(err, &detailer) {
			p.Errors = append(p.Errors, adapt(detailer.ErrorDetail(), ctx.Operation()))
		}
	}
	p.Errors = p.Errors[:min(len(p.Errors), maxFaults)]
	return p
}

func adapt(d *huma.ErrorDetail, op *huma.Operation) Fault {
	parent := d.Location[:max(0, strings.LastIndexByte(d.Location, '.'))]
	switch d.Message {
	case "unexpected property":
		return Fault{parent, "has a field that does not exist; those that do: " + strings.Join(fieldsAt(op, parent), ", ")}
	case "unknown query parameter":
		return Fault{"query", "has a parameter that does not exist; those that do: " + strings.Join(parametersOf(op), ", ")}
	}
	if missing := requiredProperty.FindStringSubmatch(d.Message); missing != nil {
		return Fault{d.Location + "." + missing[1], "is required"}
	}
	for _, p := range phrases {
		if p.pattern.MatchString(d.Message) {
			return Fault{d.Location, p.pattern.ReplaceAllString(d.Message, p.say)}
		}
	}
	return Fault{d.Location, d.Message}
}

var requiredProperty = regexp.MustCompile(`^expected required property (\S+) to be present$`)

// phrases says huma's rules as ours are said.
var phrases = []struct {
	pattern *regexp.Regexp
	say     string
}{
	{regexp.MustCompile(`^required (\w+) parameter is missing$`), "is required"},
	{regexp.MustCompile(`^expected value to be one of "(.*)"$`), "must be one of $1"},
	{regexp.MustCompile(`^expected length >= (\d+)$`), "must have at least $1 characters"},
	{regexp.MustCompile(`^expected length <= (\d+)$`), "must have at most $1 characters"},
	{regexp.MustCompile(`^expected array length >= (\d+)$`), "must have at least $1 items"},
	{regexp.MustCompile(`^expected array length <= (\d+)$`), "must have at most $1 items"},
	{regexp.MustCompile(`^expected number >= (.*)$`), "must be $1 or more"},
	{regexp.MustCompile(`^expected number <= (.*)$`), "must be $1 or less"},
	{exactly("expected string to match pattern ^[^<>]*$"), "must be plain text without < or >"},
	{exactly("expected string to match pattern ^[A-Z]{2}$"), "must be a country code of two capital letters"},
	{exactly("expected string to match pattern ^([A-Z]{2})?$"), "must be a country code of two capital letters"},
	{exactly("expected string to match pattern ^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$"), "must be a language code such as en or pt-BR"},
	{regexp.MustCompile(`^expected string to be (.*)$`), "must be $1"},
	{regexp.MustCompile(`^(?:expected|invalid) (integer|object|array)$`), "must be an $1"},
	{regexp.MustCompile(`^(?:expected|invalid) (number|string|boolean|float)$`), "must be a $1"},
	{regexp.MustCompile(`^expected `), "must be: "},
}

func exactly(text string) *regexp.Regexp {
	return regexp.MustCompile("^" + regexp.QuoteMeta(text) + "$")
}

func parametersOf(op *huma.Operation) []string {
	var names []string
	for _, p := range op.Parameters {
		if p.In == "query" {
			names = append(names, p.Name)
		}
	}
	return names
}

// fieldsAt names the fields of the object at a location such as body.writes[0].
func fieldsAt(op *huma.Operation, location string) []string {
	schemas, ok := op.Metadata[schemasKey].(huma.Registry)
	if !ok || op.RequestBody == nil {
		return nil
	}
	at := resolved(schemas, op.RequestBody.Content["application/json"].Schema)
	for i, step := range strings.Split(location, ".") {
		name, _, list := strings.Cut(step, "[")
		if i > 0 && at != nil {
			at = resolved(schemas, at.Properties[name])
		}
		if list && at != nil {
			at = resolved(schemas, at.Items)
		}
	}
	if at == nil {
		return nil
	}
	names := make([]string, 0, len(at.Properties))
	for name := range at.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func resolved(schemas huma.Registry, s *huma.Schema) *huma.Schema {
	if s != nil && s.Ref != "" {
		return schemas.SchemaFromRef(s.Ref)
	}
	return s
}
