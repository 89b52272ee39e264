package search

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
)

const maxCursor = 600 // bytes of a cursor as sent

// cursor is what a page leaves for the next.
type cursor struct {
	Query  uint64 `json:"q"` // the query that it belongs to
	Median int64  `json:"d"` // worth that the recommended order was computed with
	After  Key    `json:"a"`
}

func (c cursor) String() string {
	data, err := json.Marshal(c)
	if err != nil {
		panic("search: a cursor cannot be encoded: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// after reads the query's cursor; nil asks for the first page.
func (q Query) after() (*cursor, error) {
	if q.Cursor == "" {
		return nil, nil
	}
	var c cursor
	data, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err != nil || len(q.Cursor) > maxCursor || json.Unmarshal(data, &c) != nil {
		return nil, problem("cursor", "not a cursor that a page of hits gave")
	}
	if c.Query != q.identity() {
		return nil, problem("cursor", "of another query; ask for the first page again")
	}
	return &c, nil
}

// identity is the same for the pages of one query.
func (q Query) identity() uint64 {
	q.Cursor, q.Limit, q.Facets, q.Sort = "", 0, false, cmp.Or(q.Sort, ByRecommended)
	data, err := json.Marshal(q)
	if err != nil {
		return 0 // NaN coordinates, which Check refuses before it looks at the cursor
	}
	hash := fnv.New64a()
	hash.Write(data)
	return hash.Sum64()
}
