package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/elastic/go-elasticsearch/v9"
	"github.com/opensearch-project/opensearch-go/v4"
	"github.com/spf13/cobra"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/money/exchange"
	"github.com/vacancyhq/vacancy/search"
	"github.com/vacancyhq/vacancy/search/elasticindex"
	"github.com/vacancyhq/vacancy/search/gazetteer"
	"github.com/vacancyhq/vacancy/search/memindex"
	"github.com/vacancyhq/vacancy/search/spotcheck"
	"github.com/vacancyhq/vacancy/store"
)

// Schemes of --search.
const (
	inMemory            = "memory"
	openSearchScheme    = "opensearch:"
	elasticsearchScheme = "elasticsearch:"
)

var (
	errSearch = errors.New("--search must be memory, opensearch:URL or elasticsearch:URL; several URLs joined by commas")
	errNode   = errors.New("--search: a URL cannot be read; in a password % is written as %25, @ as %40")
)

// follower is an index and what keeps it up with the store.
type follower interface {
	search.Surveyor
	Run(ctx context.Context) error
	CatchUp(ctx context.Context) error
	Ready() bool
}

// openIndex makes the index that an operator chose; it has read nothing yet.
func openIndex(s store.Store, set settings) (follower, error) {
	rates := search.Rates(exchange.Bundled())
	if set.search == "" || set.search == inMemory {
		return memindex.New(s, memindex.Options{
			Now: time.Now, Places: gazetteer.World(), Rates: rates, Log: set.logger, Snapshot: set.snapshot, SnapshotEvery: set.snapshotEvery,
		})
	}
	cluster, err := openCluster(set.search)
	if err != nil {
		return nil, err
	}
	return elasticindex.New(cluster, s, elasticindex.Options{Now: time.Now, Places: gazetteer.World(), Rates: rates, Log: set.logger})
}

// noSnapshot is the --search-snapshot that keeps none.
const noSnapshot = "off"

// snapshotFolder is where the index in memory keeps what it has read: beside a
// SQLite database, else in the user's cache, a folder for each database.
func snapshotFolder(chosen, db string) string {
	if chosen == noSnapshot {
		return ""
	}
	if chosen != "" {
		return chosen
	}
	if path, ok := strings.CutPrefix(db, sqliteScheme); ok {
		return path + ".search"
	}
	address, err := url.Parse(db)
	cache, noCache := os.UserCacheDir()
	if err != nil || noCache != nil {
		return ""
	}
	server := address.Host + address.Query().Get("host") + address.Query().Get("port")
	name := sha256.Sum256([]byte(server + address.Path)) // a password is no part of a name
	return filepath.Join(cache, "vacancy", fmt.Sprintf("search-%x", name[:6]))
}

// checked is the index with the store to ask narrow queries when it is old or away.
func checked(index search.Surveyor, s store.Store) search.Index {
	return &search.Checked{Surveyor: index, Source: s, Now: time.Now, Rates: search.Rates(exchange.Bundled())}
}

// openCluster is the official client of either kind of cluster. Names and
// passwords are part of the URLs.
func openCluster(address string) (elasticindex.Transport, error) {
	if urls, ok := strings.CutPrefix(address, openSearchScheme); ok && urls != "" {
		nodes, err := nodesOf(urls)
		if err != nil {
			return nil, err
		}
		client, err := opensearch.NewClient(opensearch.Config{Addresses: nodes})
		if err != nil {
			return nil, fmt.Errorf("--search: %w", err)
		}
		return client, nil
	}
	if urls, ok := strings.CutPrefix(address, elasticsearchScheme); ok && urls != "" {
		nodes, err := nodesOf(urls)
		if err != nil {
			return nil, err
		}
		client, err := elasticsearch.NewBase(elasticsearch.WithAddresses(nodes...))
		if err != nil {
			return nil, fmt.Errorf("--search: %w", err)
		}
		return client, nil
	}
	return nil, errSearch
}

// nodesOf are the URLs of a list. It reads each of them, since the clients'
// errors about a bad one repeat it with its password.
func nodesOf(list string) ([]string, error) {
	nodes := strings.Split(list, ",")
	for _, node := range nodes {
		if u, err := url.Parse(node); err != nil || u.Host == "" {
			return nil, errNode
		}
	}
	return nodes, nil
}

// spotChecks is how many of the searches answered are compared with booking.
type spotChecks struct {
	share     float64
	perSecond float64
}

const defaultShare = 0.01

func (c *spotChecks) register(cmd *cobra.Command) {
	cmd.Flags().Float64Var(&c.share, "check-share", defaultShare, "share of the searches answered whose price is compared with what booking asks; 0: none")
	cmd.Flags().Float64Var(&c.perSecond, "checks-per-second", spotcheck.DefaultPerSecond, "such comparisons a second at most")
}

func (c spotChecks) open(bookings *booking.Service, log *slog.Logger) (*spotcheck.Checker, error) {
	checker, err := spotcheck.New(spotcheck.Options{
		Offers: bookings.Offers, Now: time.Now, Share: c.share, PerSecond: c.perSecond, Log: log,
	})
	if err != nil {
		return nil, fmt.Errorf("--check-share, --checks-per-second: %w", err)
	}
	return checker, nil
}
