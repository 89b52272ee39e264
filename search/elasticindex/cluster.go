package elasticindex

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/vacancyhq/vacancy/search"
)

// ErrCluster is a cluster that does not answer as it should: it is down, or
// refuses. What it was asked for changed nothing here.
var ErrCluster = fmt.Errorf("%w: the search cluster failed", search.ErrUnavailable)

// Transport sends a request to some node of a cluster. The official clients
// are transports: elasticsearch.NewBase's and opensearch.NewClient's.
type Transport interface {
	Perform(request *http.Request) (*http.Response, error)
}

// callTimeout bounds one request; a page is not worth waiting longer for.
const callTimeout = 30 * time.Second

// cluster speaks the part of the REST interface that Elasticsearch and
// OpenSearch share.
type cluster struct{ transport Transport }

// refusal is an answer of the cluster that is no success.
type refusal struct {
	status int
	reason string
}

func (r *refusal) Error() string { return fmt.Sprintf("%v: %d %s", ErrCluster, r.status, r.reason) }
func (r *refusal) Unwrap() error { return ErrCluster }

func missing(err error) bool {
	var r *refusal
	return errors.As(err, &r) && r.status == http.StatusNotFound
}

// call sends a body (nil, ready-made bytes, or a value for JSON) and decodes
// the answer into answer unless that is nil.
func (c cluster) call(ctx context.Context, method, path string, body, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	request, err := newRequest(ctx, method, path, body)
	if err != nil {
		return err
	}
	response, err := c.transport.Perform(request)
	if err != nil {
		return errors.Join(ErrCluster, err)
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		return refused(response)
	}
	if answer == nil {
		_, err = io.Copy(io.Discard, response.Body)
		return err
	}
	if err := json.NewDecoder(response.Body).Decode(answer); err != nil {
		return fmt.Errorf("%w: read the answer: %w", ErrCluster, err)
	}
	return nil
}

func newRequest(ctx context.Context, method, path string, body any) (*http.Request, error) {
	var content []byte
	kind := "application/json"
	switch b := body.(type) {
	case nil:
	case lines:
		content, kind = b, "application/x-ndjson"
	default:
		var err error
		if content, err = json.Marshal(b); err != nil {
			return nil, fmt.Errorf("elasticindex: encode a request: %w", err)
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, path, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", kind)
	}
	return request, nil
}

// refused reads the reason that the cluster gives; it speaks of our own
// requests and mappings, never of guests.
func refused(response *http.Response) error {
	var told struct {
		Error json.RawMessage `json:"error"`
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, 4096))
	if err == nil && json.Unmarshal(text, &told) == nil && len(told.Error) > 0 {
		text = told.Error
	}
	return &refusal{response.StatusCode, string(text[:min(len(text), 500)])}
}

// lines is newline-delimited JSON, the form of bulk requests.
type lines []byte

func (l *lines) add(values ...any) error {
	for _, v := range values {
		line, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("elasticindex: encode a document: %w", err)
		}
		*l = append(append(*l, line...), '\n')
	}
	return nil
}

// object is a JSON object made in place.
type object map[string]any
