package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Property 61: a process that is killed while rooms and prices change comes back
// from its snapshot and the log, and shows what one shows that reads the store.
func TestKilledSearchComesBack(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills whole processes; -short")
	}
	onEachKind(t, func(t *testing.T, db string) {
		run(t, "generate", "--db", db, "--properties", "30", "--nights", "60", "--json")
		var key struct{ Secret string }
		if err := json.Unmarshal(run(t, "key", "create", "--db", db, "--json"), &key); err != nil {
			t.Fatal(err)
		}
		folder, random := filepath.Join(t.TempDir(), "search"), rand.New(rand.NewPCG(61, 1))
		restored := 0
		for life := range 4 {
			restored += liveAndDie(t, db, folder, key.Secret, random, life)
		}
		if restored < 3 {
			t.Errorf("only %d of 3 lives after the first began with the snapshot", restored)
		}
		var shown [2][]string
		for i, kept := range []string{folder, "off"} {
			t.Run(kept[strings.LastIndex(kept, "/")+1:], func(t *testing.T) {
				c := &client{t: t, base: start(t, "serve", "--db", db, "--listen", "127.0.0.1:0", "--search-snapshot", kept)}
				c.ready()
				if got := c.metric("vacancy_search_snapshot_restored"); got != fmt.Sprint(1-i) {
					t.Errorf("restored: %s", got)
				}
				shown[i] = c.everything()
			})
		}
		if diff := cmp.Diff(shown[1], shown[0]); diff != "" {
			t.Errorf("(-from the store +from the snapshot):\n%.3000s", diff)
		}
		if len(shown[0]) < 10 {
			t.Errorf("only %d lines were compared", len(shown[0]))
		}
	})
}

// liveAndDie serves, changes what is sold for a while, and kills the process in
// the middle of it; 1 when it began with the snapshot.
func liveAndDie(t *testing.T, db, folder, key string, random *rand.Rand, life int) (restored int) {
	t.Helper()
	base, kill := startToKill(t, "serve", "--db", db, "--listen", "127.0.0.1:0", "--mail", "none",
		"--search-snapshot", folder, "--search-snapshot-every", "20ms")
	c := &client{t: t, base: base, bearer: key, keys: 1000 * life}
	c.ready()
	if c.metric("vacancy_search_snapshot_restored") == "1" {
		restored = 1
	}
	var page searchPage
	if status := c.do(http.MethodGet, "/v1/search?limit=50", nil, &page); status != http.StatusOK || len(page.Hits) == 0 {
		t.Fatalf("search: %d, %d hits", status, len(page.Hits))
	}
	for range 20 + random.IntN(30) {
		c.change(page.Hits[random.IntN(len(page.Hits))].PropertyID, random)
	}
	dying := time.AfterFunc(time.Duration(random.IntN(200))*time.Millisecond, kill)
	defer dying.Stop()
	for c.tryChange(page.Hits[random.IntN(len(page.Hits))].PropertyID, random) {
	}
	kill()
	return restored
}

// startToKill runs a serving command until it is killed.
func startToKill(t *testing.T, args ...string) (address string, kill func()) {
	t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Dir = t.TempDir()
	reader, writer := io.Pipe()
	cmd.Stdout, cmd.Stderr = writer, writer
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); _ = writer.Close(); close(ended) }() // it is killed: an error is due
	kill = func() { _ = cmd.Process.Kill(); <-ended }
	t.Cleanup(kill)
	ready := make(chan string, 1)
	go watch(reader, ready)
	select {
	case printed := <-ready:
		return served.FindString(printed), kill
	case <-time.After(startTimeout):
		t.Fatalf("vacancy %v is not ready", args)
	}
	return "", nil
}

// change writes the rooms or the prices of some nights.
func (c *client) change(propertyID string, random *rand.Rand) {
	c.t.Helper()
	if !c.tryChange(propertyID, random) {
		c.t.Fatal("the process is gone")
	}
}

// tryChange is false when the process is gone.
func (c *client) tryChange(propertyID string, random *rand.Rand) bool {
	c.t.Helper()
	var types, plans struct {
		RoomTypes []struct{ ID string } `json:"room_types"`
		RatePlans []struct{ ID string } `json:"rate_plans"`
	}
	at := "/v1/properties/" + propertyID
	if !c.try(http.MethodGet, at+"/room-types", nil, &types) || !c.try(http.MethodGet, at+"/rate-plans", nil, &plans) {
		return false
	}
	room := types.RoomTypes[random.IntN(len(types.RoomTypes))].ID
	from := time.Now().UTC().AddDate(0, 0, 2+random.IntN(40))
	through := from.AddDate(0, 0, random.IntN(8)).Format(time.DateOnly)
	if random.IntN(3) > 0 {
		return c.try(http.MethodPost, at+"/availability", map[string]any{"ranges": []any{map[string]any{
			"room_type_ids": []string{room}, "from": from.Format(time.DateOnly), "through": through, "stock": random.IntN(3), "out_of_order": 0, "overbooking": 0, "blocked": 0,
		}}}, nil)
	}
	return c.try(http.MethodPost, at+"/prices", map[string]any{"writes": []any{map[string]any{
		"rate_plan_id": plans.RatePlans[0].ID, "room_type_ids": []string{room}, "from": from.Format(time.DateOnly), "through": through,
		"base": []any{map[string]any{"guests": 2, "amount": fmt.Sprint(50 + random.IntN(200))}},
	}}}, nil)
}

// try is do for a process that may be gone.
func (c *client) try(method, path string, body, into any) bool {
	c.t.Helper()
	payload, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, c.base+path, bytes.NewReader(payload))
	if err != nil {
		c.t.Fatal(err)
	}
	c.keys++
	request.Header.Set("Authorization", "Bearer "+c.bearer)
	request.Header.Set("Idempotency-Key", fmt.Sprintf("%s-%d", c.t.Name(), c.keys))
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return false
	}
	// A stock below what is blocked is refused; all else has to work.
	if response.StatusCode >= 300 && response.StatusCode != http.StatusConflict {
		c.t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, raw)
	}
	if into != nil {
		if err := json.Unmarshal(raw, into); err != nil {
			c.t.Fatalf("%s: %v in %s", path, err, raw)
		}
	}
	return true
}

var gauge = regexp.MustCompile(`(?m)^(\w+) (\S+)$`)

func (c *client) metric(name string) string {
	c.t.Helper()
	response, err := http.Get(c.base + "/metrics")
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, found := range gauge.FindAllStringSubmatch(string(raw), -1) {
		if found[1] == name {
			return found[2]
		}
	}
	c.t.Fatalf("no metric %s", name)
	return ""
}

// everything is what is shown for many stays: who has a room, and what it costs.
func (c *client) everything() (shown []string) {
	c.t.Helper()
	today := time.Now().UTC()
	for day := 1; day < 50; day += 3 {
		arrival, departure := today.AddDate(0, 0, day), today.AddDate(0, 0, day+1+day%5)
		var page searchPage
		path := fmt.Sprintf("/v1/search?arrival=%s&departure=%s&party=2&sort=total&limit=50", arrival.Format(time.DateOnly), departure.Format(time.DateOnly))
		if status := c.do(http.MethodGet, path, nil, &page); status != http.StatusOK {
			c.t.Fatalf("%s: %d", path, status)
		}
		for _, hit := range page.Hits {
			shown = append(shown, fmt.Sprintln(arrival.Format(time.DateOnly), hit.PropertyID, hit.Total.Minor))
		}
	}
	return shown
}
