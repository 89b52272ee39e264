package elasticindex_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/vacancyhq/vacancy/internal/ostest"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/search/elasticindex"
	"github.com/vacancyhq/vacancy/search/searchtest"
)

// halted is a transport that stops before its first bulk until it is let go.
type halted struct {
	elasticindex.Transport
	once    sync.Once
	reached chan struct{}
	goOn    chan struct{}
}

func (h *halted) Perform(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/_bulk") {
		h.once.Do(func() {
			close(h.reached)
			<-h.goOn
		})
	}
	return h.Transport.Perform(r)
}

// indexes are those of the cluster whose name begins with an alias, with how
// each takes fields that it does not know.
func indexes(t *testing.T, client elasticindex.Transport, alias string) map[string]string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/"+alias+"-*,"+alias+"_feed*/_mapping", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Perform(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var all map[string]struct {
		Mappings struct {
			Dynamic string `json:"dynamic"`
		} `json:"mappings"`
	}
	body, _ := io.ReadAll(response.Body)
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	found := make(map[string]string)
	for name, index := range all {
		found[name] = index.Mappings.Dynamic
	}
	return found
}

func builder(t *testing.T, transport elasticindex.Transport, setup searchtest.Setup, alias string) *elasticindex.Index {
	t.Helper()
	index, err := elasticindex.New(transport, setup.Source, elasticindex.Options{Now: setup.Now, Alias: alias})
	if err != nil {
		t.Fatal(err)
	}
	return index
}

func onlyOne(t *testing.T, client elasticindex.Transport, alias string) {
	t.Helper()
	found := indexes(t, client, alias)
	names := slices.Collect(maps.Keys(found))
	if len(names) != 1 || !strings.HasPrefix(names[0], alias+"-") || found[names[0]] != "strict" {
		t.Errorf("the cluster holds %v", found)
	}
}

// Two processes build the first generation at once, and the one that began
// first is overtaken: what it goes on writing makes no index without our
// mapping, and it follows the other's.
func TestAnOvertakenBuilder(t *testing.T) {
	client := connect(t, ostest.Shared(t))
	setup, reference := world(t)
	alias := fmt.Sprint("builders", aliases.Add(1))
	slow := &halted{Transport: client, reached: make(chan struct{}), goOn: make(chan struct{})}
	first, second := builder(t, slow, setup, alias), builder(t, client, setup, alias)
	ended := make(chan error, 1)
	go func() { ended <- first.CatchUp(t.Context()) }()
	<-slow.reached
	if err := second.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	onlyOne(t, client, alias)
	close(slow.goOn)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	onlyOne(t, client, alias)
	agree(t, first, reference)
	agree(t, second, reference)
}

// Many at once: one generation is left, and all answer from it, also after what
// changed while they built.
func TestBuildersAtOnce(t *testing.T) {
	client := connect(t, ostest.Shared(t))
	setup, reference := world(t)
	alias := fmt.Sprint("builders", aliases.Add(1))
	var group sync.WaitGroup
	all := make([]*elasticindex.Index, 4)
	for i := range all {
		all[i] = builder(t, client, setup, alias)
		group.Go(func() {
			if err := all[i].CatchUp(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	searchtest.Shuffle(setup.Source, rand.New(rand.NewPCG(1, 1)))
	group.Wait()
	for _, index := range all {
		if err := index.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		agree(t, index, reference)
	}
	onlyOne(t, client, alias)
}

// A bulk of nothing but removals makes no index either.
func TestRemovalsMakeNoIndex(t *testing.T) {
	client := connect(t, ostest.Shared(t))
	setup, _ := world(t)
	alias := fmt.Sprint("builders", aliases.Add(1))
	houses, err := setup.Source.Properties(t.Context(), "", "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, house := range houses {
		setup.Source.Edit(house.ID, func(p *property.Property) { p.Closed = true })
	}
	slow := &halted{Transport: client, reached: make(chan struct{}), goOn: make(chan struct{})}
	first, second := builder(t, slow, setup, alias), builder(t, client, setup, alias)
	ended := make(chan error, 1)
	go func() { ended <- first.CatchUp(t.Context()) }()
	<-slow.reached
	if err := second.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	close(slow.goOn)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	onlyOne(t, client, alias)
}
