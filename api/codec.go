package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// Limits of a body.
const (
	maxBody  = 1 << 20
	maxDepth = 16 // levels of objects and arrays; our deepest type has 7
)

// Errors of reading a body.
var (
	errMediaType = errors.New("api: the body is not application/json")
	errTooLarge  = errors.New("api: the body is too large")
	errNoBody    = errors.New("api: the body is missing")
)

// syntaxError is a body that is not one JSON value as we read them. Its text
// says what and where, never what was there.
type syntaxError struct{ say string }

func (e *syntaxError) Error() string { return "api: " + e.say }

// strict reads JSON as it was meant: names match exactly (encoding/json folds
// their case), once each, in valid UTF-8, and nothing follows the value.
var strict = json.JoinOptions(json.RejectUnknownMembers(true), json.MatchCaseInsensitiveNames(false),
	jsontext.AllowDuplicateNames(false), jsontext.AllowInvalidUTF8(false))

// lean writes JSON without what is not there.
var lean = json.JoinOptions(json.Deterministic(true), jsonv1.OmitEmptyWithLegacySemantics(true))

var format = huma.Format{
	Marshal: func(w io.Writer, v any) error { return json.MarshalWrite(w, v, lean) },
	Unmarshal: func(data []byte, v any) error {
		if err := json.Unmarshal(data, v, strict); err != nil {
			return &syntaxError{"the body does not have the form that is documented"}
		}
		return nil
	},
}

// encode writes an answer that will be stored: the replay is these bytes.
func encode(v any) []byte {
	data, err := json.Marshal(v, lean)
	if err != nil {
		panic("api: an answer cannot be encoded: " + err.Error()) // our own types: a mistake of the program
	}
	return append(data, '\n')
}

// canonical is the body in the one form that equal requests share, whatever
// the order of their names (RFC 8785); it fails with a *syntaxError.
func canonical(body []byte) ([]byte, error) {
	if err := wellFormed(body); err != nil {
		return nil, err
	}
	value := jsontext.Value(bytes.Clone(body))
	if err := value.Canonicalize(jsontext.CanonicalizeRawInts(false)); err != nil {
		return nil, &syntaxError{"the body is not valid JSON"}
	}
	return value, nil
}

// wellFormed walks the tokens once; it holds no more than the depth in memory.
func wellFormed(body []byte) error {
	d := jsontext.NewDecoder(bytes.NewReader(body), jsontext.AllowDuplicateNames(false), jsontext.AllowInvalidUTF8(false))
	for first := true; ; first = false {
		token, err := d.ReadToken()
		switch {
		case err == io.EOF && !first:
			return nil
		case err != nil:
			return explain(err, d.InputOffset())
		case token.Kind() == '0' && !finite(token.String()):
			return &syntaxError{fmt.Sprintf("a number is out of range, near byte %d", d.InputOffset())}
		case d.StackDepth() > maxDepth:
			return &syntaxError{fmt.Sprintf("the body is nested deeper than %d levels", maxDepth)}
		case !first && d.StackDepth() == 0:
			if rest := bytes.TrimSpace(body[d.InputOffset():]); len(rest) > 0 {
				return &syntaxError{fmt.Sprintf("something follows the JSON value at byte %d", d.InputOffset())}
			}
		case first && d.StackDepth() == 0:
			return &syntaxError{"the body must be a JSON object"}
		}
	}
}

// finite tells whether a number has a place among those that programs compute with.
func finite(number string) bool {
	_, err := strconv.ParseFloat(number, 64)
	return err == nil
}

// explain says what the decoder met without quoting it.
func explain(err error, at int64) error {
	switch text := err.Error(); {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return &syntaxError{fmt.Sprintf("a member is there twice, near byte %d", at)}
	case strings.Contains(text, "UTF-8"), strings.Contains(text, "surrogate"):
		return &syntaxError{fmt.Sprintf("text is not valid UTF-8, near byte %d", at)}
	}
	return &syntaxError{fmt.Sprintf("the body is not valid JSON, near byte %d", at)}
}

// checkMedia refuses bodies that are not declared as JSON in UTF-8.
func checkMedia(contentType string) error {
	media, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || media != "application/json" {
		return errMediaType
	}
	if charset := parameters["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return errMediaType
	}
	return nil
}
