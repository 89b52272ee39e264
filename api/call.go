package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/outbox"
	"github.com/vacancyhq/vacancy/property"
)

// maxKey bounds an Idempotency-Key, in bytes.
const maxKey = 255

// call is one request on its way through the door.
type call struct {
	account.Principal
	secret      string // the credential itself, for signing out
	manage      string // a bearer that is no credential of ours by form: a manage or set-up token
	key         string
	fingerprint [32]byte
	ifMatch     string
	query       url.Values // as checkQuery found it
	client      string     // address, for limits
	property    property.Property
	booking     booking.Booking
	etag        string
	shared      bool // the answer is the same for everybody and may be cached
}

type callKey struct{}

func callOf(ctx context.Context) *call { return ctx.Value(callKey{}).(*call) }

func (c *call) cache() string {
	if c.shared {
		return "public, max-age=60"
	}
	return "no-store"
}

// admit decides whether the request may go on, cheapest question first, and
// tells the handler who asks.
func (d *door) admit(r route, ctx huma.Context, next func(huma.Context)) {
	request, w := humago.Unwrap(ctx)
	c := &call{client: clientOf(request.Context()), ifMatch: request.Header.Get("If-Match")}
	refuse := func(err error) {
		failure := d.fail(request.Context(), err).(*Problem)
		writeProblem(w, failure)
	}
	var err error
	if c.query, err = checkQuery(ctx.Operation(), request.URL.RawQuery); err != nil {
		refuse(err)
		return
	}
	if err := d.identify(request, c); err != nil {
		refuse(err)
		return
	}
	noteCaller(request.Context(), c.Caller)
	if err := d.limits.credential(w, c.Caller); err != nil {
		refuse(err)
		return
	}
	if err := r.rule.admit(request.Context(), d, c, ctx.Param); err != nil {
		refuse(err)
		return
	}
	if r.writes() {
		leave, err := d.admitWrite(r, request, c)
		if err != nil {
			refuse(err)
			return
		}
		defer leave()
	}
	next(huma.WithValue(ctx, callKey{}, c))
}

// checkQuery refuses what a lenient parser would drop or choose from: broken
// escapes, and a second value where one is taken.
func checkQuery(op *huma.Operation, raw string) (url.Values, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, fault("query", "must be well-formed: names and values with %-escapes, joined by &")
	}
	for _, p := range op.Parameters {
		given := values[p.Name]
		if p.In == "query" && len(given) > 1 && (p.Explode == nil || !*p.Explode) {
			return nil, fault("query."+p.Name, "must be given once")
		}
	}
	return values, nil
}

// identify finds out whose credential comes with the request; none is fine here.
func (d *door) identify(request *http.Request, c *call) error {
	secret := request.Header.Get("Vacancy-Checkout")
	if header := request.Header.Get("Authorization"); header != "" {
		scheme, rest, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") || rest == "" {
			return account.ErrUnauthorized
		}
		secret = rest
	}
	var err error
	switch {
	case secret == "":
	case strings.HasPrefix(secret, account.CheckoutPrefix):
		c.Principal, err = d.Accounts.Checkout(request.Context(), secret)
	case strings.HasPrefix(secret, account.KeyPrefix), strings.HasPrefix(secret, account.SessionPrefix):
		c.Principal, err = d.Accounts.Authenticate(request.Context(), secret)
		c.secret = secret
	default:
		c.manage = secret
	}
	return err
}

// admitWrite reads what makes the write the same as an earlier one. The
// returned function ends the request's time in flight.
func (d *door) admitWrite(r route, request *http.Request, c *call) (leave func(), err error) {
	c.key = request.Header.Get("Idempotency-Key")
	if !r.keyless && !goodKey(c.key) {
		return nil, errNoKey
	}
	body, err := readBody(request)
	if err != nil {
		return nil, err
	}
	c.fingerprint = fingerprint(request.Method, request.URL.Path, body)
	if r.keyless {
		return func() {}, nil
	}
	return d.flights.enter(c.Caller + "\x00" + c.key)
}

// readBody reads the body, checks that it is JSON as we read it, leaves it for
// huma, and gives its canonical form. Slow senders are the server's to end
// (http.Server.ReadTimeout).
func readBody(request *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(request.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, &syntaxError{"the body ended early"}
	case len(body) > maxBody:
		return nil, errTooLarge
	case len(body) == 0:
		request.Body = http.NoBody
		return nil, nil
	}
	if err := checkMedia(request.Header.Get("Content-Type")); err != nil {
		return nil, err
	}
	request.Body = io.NopCloser(bytes.NewReader(body))
	return canonical(body)
}

func fingerprint(method, path string, body []byte) [32]byte {
	h := sha256.New()
	for _, part := range [][]byte{[]byte(method), []byte(path), body} {
		h.Write([]byte(strconv.Itoa(len(part)) + ":"))
		h.Write(part)
	}
	return [32]byte(h.Sum(nil))
}

func goodKey(key string) bool {
	return key != "" && len(key) <= maxKey && strings.IndexFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

// expected is the version of If-Match; 0 when there is none.
func (c *call) expected() (int64, error) {
	if c.ifMatch == "" {
		return 0, nil
	}
	version, err := strconv.ParseInt(strings.Trim(strings.TrimPrefix(c.ifMatch, "W/"), `"`), 10, 64)
	if err != nil || version <= 0 {
		return 0, fault("header.If-Match", `must be one ETag of ours, such as "3"`)
	}
	return version, nil
}

// mustExpect is the version of If-Match, which must be there.
func (c *call) mustExpect() (int64, error) {
	version, err := c.expected()
	if err == nil && version == 0 {
		err = errNoIfMatch
	}
	return version, err
}

func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// command is the call as the nouns take it.
func command[R any](c *call, render func(R) (int, []byte)) outbox.Command[R] {
	return outbox.Command[R]{Caller: c.Caller, Key: c.key, Fingerprint: c.fingerprint, Render: render}
}

// given turns a noun's answer into the door's.
func given(a outbox.Answer, err error) (answer, error) {
	return answer{status: a.Status, body: a.Body, replayed: a.Replayed}, err
}
