package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// route is one line of the table of routes: each resource's file registers its own.
type route struct {
	id       string // of the operation: "hold-offers"
	method   string
	path     string
	tag      string // chapter of the documentation
	summary  string
	doc      string
	rule     rule
	status   int  // of success; 0: 200
	keyless  bool // a write that leaves nothing to repeat: no Idempotency-Key
	volatile bool // its answer must not be stored: the process remembers it for a while
	expects  bool // takes If-Match
	pending  bool // may answer 202 with a Location
}

func (r route) writes() bool { return r.method != http.MethodGet }

// ruleKey is where an operation carries its rule, for the test that wants one
// on every route.
const ruleKey = "rule"

// schemasKey is where it carries the schemas, for refusals that say what exists.
const schemasKey = "schemas"

// operation describes the route to huma; a route without a rule is a mistake of
// the program and stops it.
func (d *door) operation(r route) huma.Operation {
	if r.rule.admit == nil {
		panic("api: route " + r.id + " has no rule")
	}
	if r.status == 0 {
		r.status = http.StatusOK
	}
	op := huma.Operation{
		OperationID: r.id, Method: r.method, Path: r.path, Tags: []string{r.tag}, Summary: r.summary,
		Description: r.doc, DefaultStatus: r.status, RejectUnknownQueryParameters: true,
		MaxBodyBytes: maxBody + 1, BodyReadTimeout: -1, Metadata: map[string]any{ruleKey: r.rule, schemasKey: d.huma.OpenAPI().Components.Schemas},
		Middlewares: huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) { d.admit(r, ctx, next) }},
		Security:    r.rule.security(),
	}
	if r.rule.say != "" {
		op.Description += "\n\nWho may: " + r.rule.say + "."
	}
	if r.writes() && !r.keyless {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header", Required: true, Schema: &huma.Schema{Type: "string"},
			Description: "Yours to choose, new for each thing that you want done; the same request with the same key is done once and answered with the same bytes.",
		})
	}
	if r.expects {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "If-Match", In: "header", Schema: &huma.Schema{Type: "string"},
			Description: "The ETag that you saw.",
		})
	}
	return op
}

// reply is what a reading route answers with.
type reply[B any] struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         B
}

// read registers a route that changes nothing. It is generic, as write is,
// because huma makes the schema from the types.
func read[I, B any](d *door, r route, handle func(ctx context.Context, c *call, in *I) (B, error)) {
	op := d.operation(r)
	op.Responses = map[string]*huma.Response{"4XX": d.failure(), "default": d.failure()}
	huma.Register(d.huma, op, func(ctx context.Context, in *I) (*reply[B], error) {
		c := callOf(ctx)
		body, err := handle(ctx, c, in)
		if err != nil {
			return nil, d.fail(ctx, err)
		}
		return &reply[B]{ETag: c.etag, CacheControl: c.cache(), Body: body}, nil
	})
}

// whole is an answer that writes itself down; it fails for text that is no UTF-8.
type whole interface {
	appendJSON(to []byte) ([]byte, error)
}

// readWhole registers a reading route whose answer is a whole. It leaves in one
// piece with its length said, where huma's would be looked into by reflection
// and sent in pieces. What plain can read of the query goes past huma, which
// looks at every parameter that there is; what it cannot, huma reads or refuses.
func readWhole[I any, B whole](d *door, r route, plain func(url.Values) (*I, bool), handle func(ctx context.Context, c *call, in *I) (B, error)) {
	answer := func(ctx context.Context, in *I) (*stream, error) {
		c := callOf(ctx)
		body, err := handle(ctx, c, in)
		if err != nil {
			return nil, d.fail(ctx, err)
		}
		buffer, _ := wholes.Get().(*[]byte)
		if *buffer, err = body.appendJSON((*buffer)[:0]); err != nil {
			return nil, d.fail(ctx, err)
		}
		return &stream{Body: func(out huma.Context) {
			defer wholes.Put(buffer)
			out.SetHeader("Content-Type", "application/json")
			out.SetHeader("Content-Length", strconv.Itoa(len(*buffer)))
			out.SetHeader("Cache-Control", c.cache())
			out.SetStatus(http.StatusOK)
			_, _ = out.BodyWriter().Write(*buffer) // whoever asked is gone
		}}, nil
	}
	op := d.operation(r)
	op.Responses = map[string]*huma.Response{"200": {
		Content: map[string]*huma.MediaType{"application/json": {Schema: schemaOf[B](d)}},
		Headers: map[string]*huma.Param{"Cache-Control": {Schema: &huma.Schema{Type: "string"}}},
	}, "4XX": d.failure(), "default": d.failure()}
	op.Middlewares = append(op.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		in, ok := plain(callOf(ctx.Context()).query)
		if !ok {
			next(ctx)
			return
		}
		found, err := answer(ctx.Context(), in)
		if err != nil {
			_, w := humago.Unwrap(ctx)
			writeProblem(w, err.(*Problem)) // fail makes no other
			return
		}
		found.Body(ctx)
	})
	huma.Register(d.huma, op, answer)
}

// wholes are buffers for answers while they are written down.
var wholes = sync.Pool{New: func() any { return new([]byte) }}

// answer is what a writing route answers with: bytes, because a replay must be
// the same bytes.
type answer struct {
	status   int
	body     []byte
	replayed bool
	location string // of a 202
}

// stream lets huma write an answer as it is.
type stream struct{ Body func(huma.Context) }

// write registers a route that changes something; B is only its documentation.
func write[I, B any](d *door, r route, handle func(ctx context.Context, c *call, in *I) (answer, error)) {
	op := d.operation(r)
	op.Responses = map[string]*huma.Response{strconv.Itoa(op.DefaultStatus): {
		Description: http.StatusText(op.DefaultStatus),
		Content:     map[string]*huma.MediaType{"application/json": {Schema: schemaOf[B](d)}},
		Headers: map[string]*huma.Param{"Idempotency-Replayed": {
			Schema: &huma.Schema{Type: "string"}, Description: "true when the request was done before and this is its answer",
		}},
	}, "4XX": d.failure(), "default": d.failure()}
	if r.pending {
		op.Responses["202"] = &huma.Response{
			Description: "It waits for its payment. Ask again at Location until the state is another",
			Content:     map[string]*huma.MediaType{"application/json": {Schema: schemaOf[B](d)}},
			Headers:     map[string]*huma.Param{"Location": {Schema: &huma.Schema{Type: "string"}, Description: "Where its state is told"}},
		}
	}
	huma.Register(d.huma, op, func(ctx context.Context, in *I) (*stream, error) {
		c := callOf(ctx)
		run := func() (answer, error) { return handle(ctx, c, in) }
		if r.volatile {
			run = d.memory.remembering(c, run)
		}
		a, err := run()
		if err != nil {
			return nil, d.fail(ctx, err)
		}
		return &stream{Body: func(out huma.Context) { a.write(out, c) }}, nil
	})
}

func (a answer) write(out huma.Context, c *call) {
	out.SetHeader("Content-Type", "application/json")
	out.SetHeader("Cache-Control", "no-store")
	if a.location != "" {
		out.SetHeader("Location", a.location)
	}
	if a.replayed {
		out.SetHeader("Idempotency-Replayed", "true")
	}
	if c.etag != "" {
		out.SetHeader("ETag", c.etag)
	}
	out.SetStatus(a.status)
	_, _ = out.BodyWriter().Write(a.body) // the client is gone: the stored answer waits for its next try
}
