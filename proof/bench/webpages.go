package bench

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// webPage is something to ask for: each time the next of its addresses.
type webPage struct {
	name  string
	paths []string
}

func (p webPage) path(round int) string { return p.paths[round%len(p.paths)] }

// webVisitor asks a site for pages as a browser does, compressed.
type webVisitor struct {
	site   string
	client *http.Client
	asked  int
}

// pages are the search API's question, and the pages about the same place: the
// one with the most hotels.
func (v *webVisitor) pages(ctx context.Context) (base webPage, pages []webPage, err error) {
	arrival := time.Now().UTC().AddDate(0, 0, 21)
	for arrival.Weekday() != time.Friday {
		arrival = arrival.AddDate(0, 0, 1)
	}
	place, err := v.largest(ctx)
	if err != nil {
		return base, nil, err
	}
	stay := func(more ...string) string {
		q := url.Values{"arrival": {arrival.Format(time.DateOnly)}, "departure": {arrival.AddDate(0, 0, 2).Format(time.DateOnly)}}
		for i := 0; i < len(more); i += 2 {
			q.Set(more[i], more[i+1])
		}
		return q.Encode()
	}
	base = webPage{searchAPI, []string{"/v1/search?" + stay("place", place, "party", "2")}}
	houses, err := v.houses(ctx, base)
	if err != nil {
		return base, nil, err
	}
	var hotels, pictures []string
	for _, house := range houses {
		hotels = append(hotels, "/hotels/"+house+"?"+stay("room", "2"))
		pictures = append(pictures, "/scenes/sea/front/"+house+".svg")
	}
	return base, []webPage{
		{"front", []string{"/"}},
		{"results", []string{"/?" + stay("place", place, "room", "2")}},
		{"map", []string{"/?" + stay("place", place, "room", "2", "view", "map")}},
		{"property", hotels},
		{"find", []string{"/find"}},
		{"picture", pictures},
	}, nil
}

// houses are the first that the search API finds.
func (v *webVisitor) houses(ctx context.Context, base webPage) (all []string, err error) {
	answer, err := v.ask(ctx, base.path(0))
	if err != nil {
		return nil, err
	}
	var found struct {
		Hits []struct {
			PropertyID string `json:"property_id"`
		}
	}
	if err := json.Unmarshal(answer.whole(), &found); err != nil || len(found.Hits) == 0 {
		return nil, fmt.Errorf("bench web: nothing is free: %s", base.path(0))
	}
	for _, hit := range found.Hits {
		all = append(all, hit.PropertyID)
	}
	return all, nil
}

var placeLink = regexp.MustCompile(`<a href="/\?[^"]*place=([^&"]+)`)

// largest is the first place on the front page, which is the one with the most hotels.
func (v *webVisitor) largest(ctx context.Context) (string, error) {
	answer, err := v.ask(ctx, "/")
	if err != nil {
		return "", err
	}
	found := placeLink.FindSubmatch(answer.whole())
	if found == nil {
		return "", errors.New("bench web: the front page names no place")
	}
	return url.QueryUnescape(string(found[1]))
}

// webAnswer is an answer as it was sent.
type webAnswer struct {
	body             []byte
	gzipped          bool
	took, first, cpu time.Duration
}

// ask asks as another visitor each time, since the doors limit each.
func (v *webVisitor) ask(ctx context.Context, path string) (webAnswer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, v.site+path, nil)
	if err != nil {
		return webAnswer{}, err
	}
	v.asked++
	request.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", v.asked>>16%256, v.asked>>8%256, v.asked%256))
	request.Header.Set("Accept-Encoding", "gzip") // said here, it is left to us to unpack, which takes time
	began, spent := time.Now(), v.cpu()
	response, err := v.client.Do(request)
	if err != nil {
		return webAnswer{}, err
	}
	a := webAnswer{first: time.Since(began), gzipped: response.Header.Get("Content-Encoding") == "gzip"}
	a.body, err = io.ReadAll(response.Body)
	a.took, a.cpu = time.Since(began), v.cpu()-spent
	err = errors.Join(err, response.Body.Close())
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %d", strings.SplitN(path, "?", 2)[0], response.StatusCode)
	}
	return a, err
}

// cpu is what this process has spent, which is the site's too.
func (v *webVisitor) cpu() time.Duration {
	spent, _ := ownCPU() // where the kernel does not say, the column is zero
	return spent
}

// whole is the answer unpacked; empty when it cannot be.
func (a webAnswer) whole() []byte {
	if !a.gzipped {
		return a.body
	}
	z, err := gzip.NewReader(bytes.NewReader(a.body))
	if err != nil {
		return nil
	}
	whole, err := io.ReadAll(z)
	if err != nil {
		return nil
	}
	return whole
}

// sizes are the bytes of an answer, and those once compressed, whoever does it.
func sizes(a webAnswer) (whole, small int) {
	if a.gzipped {
		return len(a.whole()), len(a.body)
	}
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err1 := z.Write(a.body)
	if err2 := z.Close(); err1 != nil || err2 != nil {
		return len(a.body), 0 // memory takes everything
	}
	return len(a.body), out.Len()
}
