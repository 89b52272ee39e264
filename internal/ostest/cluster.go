package ostest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/internal/servant"
)

const (
	startTimeout = 120 * time.Second // of a cluster on a busy machine
	pollEvery    = 100 * time.Millisecond
)

// Cluster is OpenSearch nodes that know each other.
type Cluster struct {
	dir   string
	nodes []*node
}

func start(nodes int) (_ *Cluster, err error) {
	home, err := find()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "vacancy-opensearch-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Close(), os.RemoveAll(dir))
		}
	}()
	if err := servant.HandOver(dir); err != nil {
		return nil, err
	}
	if err := c.lay(home, nodes); err != nil {
		return nil, err
	}
	for _, n := range c.nodes {
		if err := n.launch(); err != nil {
			return nil, err
		}
	}
	return c, c.Await(nodes)
}

// lay makes the folders and settings of nodes that will find each other.
func (c *Cluster) lay(home home, nodes int) error {
	var seeds, names []string
	for i := range nodes {
		n, err := newNode(home, filepath.Join(c.dir, fmt.Sprint("n", i)))
		if err != nil {
			return err
		}
		c.nodes = append(c.nodes, n)
		seeds, names = append(seeds, fmt.Sprint("127.0.0.1:", n.transport)), append(names, n.name())
	}
	for _, n := range c.nodes {
		if err := n.configure(strings.Join(seeds, ","), strings.Join(names, ",")); err != nil {
			return err
		}
	}
	return nil
}

// URLs lead to the nodes.
func (c *Cluster) URLs() []string {
	var urls []string
	for _, n := range c.nodes {
		urls = append(urls, n.url)
	}
	return urls
}

// Kill ends a node as a power cut would. Await tells when the others know.
func (c *Cluster) Kill(i int) error { return c.nodes[i].kill() }

// Close ends the nodes and removes their files.
func (c *Cluster) Close() error {
	var errs []error
	for _, n := range c.nodes {
		if n.watchdog != nil {
			errs = append(errs, n.watchdog.Release())
		}
	}
	return errors.Join(append(errs, os.RemoveAll(c.dir))...)
}

// Await returns when so many nodes have joined and a manager is elected.
func (c *Cluster) Await(nodes int) error {
	deadline := time.Now().Add(startTimeout)
	for time.Now().Before(deadline) {
		for _, n := range c.nodes {
			if !n.killed && joined(n.url, nodes) {
				return nil
			}
			if !n.killed && n.ended() {
				return fmt.Errorf("a node ended while starting\n%s", n.logTail())
			}
		}
		time.Sleep(pollEvery)
	}
	return fmt.Errorf("not ready after %v\n%s", startTimeout, c.nodes[0].logTail())
}

// Healthy returns when every shard has its copies.
func (c *Cluster) Healthy() error {
	for deadline := time.Now().Add(startTimeout); time.Now().Before(deadline); {
		if healthy(c.nodes[0].url, "wait_for_status=green") {
			return nil
		}
	}
	return fmt.Errorf("not every shard is copied after %v\n%s", startTimeout, c.nodes[0].logTail())
}

// joined waits for what was begun as well: a node that dies while the others
// take it into their voting configuration can leave them without a quorum.
func joined(url string, nodes int) bool {
	return healthy(url, fmt.Sprintf("wait_for_nodes=%d&wait_for_events=languid", nodes))
}

// healthy tells whether the cluster is, or within a second becomes, as a
// condition of its health says.
func healthy(url, condition string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/_cluster/health?timeout=1s&"+condition, nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}
