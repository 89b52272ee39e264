package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/internal/pgtest"
)

type searchPage struct {
	Hits []struct {
		PropertyID string `json:"property_id"`
		Name       string `json:"name"`
		Total      struct{ Minor int64 }
	}
	Total int
}

type offersAnswer struct {
	CheckoutToken string `json:"checkout_token"`
	Property      struct {
		TermsVersion string `json:"terms_version"`
	}
	Rooms []struct {
		Offers []struct {
			Token string
			Free  int
			Room  struct {
				RoomTypeID string `json:"room_type_id"`
				Total      struct{ Minor int64 }
			}
		}
	}
}

type bookingAnswer struct {
	ID    string
	State string
	Code  string `json:"confirmation_code"`
	Total struct{ Minor int64 }
}

// weekend is the first Friday at least three weeks ahead, and the Sunday after it.
func weekend() (arrival, departure string) {
	friday := time.Now().UTC().AddDate(0, 0, 21)
	for friday.Weekday() != time.Friday {
		friday = friday.AddDate(0, 0, 1)
	}
	return friday.Format(time.DateOnly), friday.AddDate(0, 0, 2).Format(time.DateOnly)
}

// movedDay is a day some days later, or earlier.
func movedDay(day string, days int) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return at.AddDate(0, 0, days).Format(time.DateOnly)
}

func (c *client) search(place string) searchPage {
	c.t.Helper()
	arrival, departure := weekend()
	query := url.Values{"place": {place}, "arrival": {arrival}, "departure": {departure}, "party": {"2"}, "sort": {"total"}}
	var page searchPage
	if status := c.do(http.MethodGet, "/v1/search?"+query.Encode(), nil, &page); status != http.StatusOK {
		c.t.Fatalf("search: %d", status)
	}
	return page
}

func (c *client) offers(propertyID string) offersAnswer {
	c.t.Helper()
	arrival, departure := weekend()
	var offers offersAnswer
	path := fmt.Sprintf("/v1/properties/%s/offers?arrival=%s&departure=%s&party=2", propertyID, arrival, departure)
	if status := c.do(http.MethodGet, path, nil, &offers); status != http.StatusOK {
		c.t.Fatalf("offers: %d", status)
	}
	if c.bearer == "" {
		c.bearer = offers.CheckoutToken
	}
	return offers
}

func guestOf(terms string) map[string]any {
	return map[string]any{
		"guest":         map[string]string{"name": "Ada Lovelace", "email": "ada@example.com"},
		"terms_version": terms, "card_token": "sandbox_card_ok",
	}
}

// Real hotels are imported, found by place and dates, and one of them is
// booked and cancelled, through the API and through the pages.
func TestRealHotelsAreBookedAndCancelled(t *testing.T) {
	if testing.Short() {
		t.Skip("imports hundreds of hotels; -short")
	}
	file := sharedFile(t, "data/hotel-catalogue/osm-malta-2018.ndjson.gz")
	onEveryEngine(t, func(t *testing.T, db string) {
		var report struct{ Rows, Imported, Duplicates, Rejected int }
		if err := json.Unmarshal(run(t, "import", "hotels", file, "--db", db, "--json"), &report); err != nil {
			t.Fatal(err)
		}
		if report.Rows != 213 || report.Rows != report.Imported+report.Duplicates+report.Rejected || report.Imported < 150 {
			t.Fatalf("import: %+v", report)
		}
		base := start(t, "serve", "--db", db, "--listen", "127.0.0.1:0")
		t.Run("api", func(t *testing.T) { throughTheAPI(t, base) })
		t.Run("pages", func(t *testing.T) { throughThePages(t, base) })
	})
}

func throughTheAPI(t *testing.T, base string) {
	c := &client{t: t, base: base}
	c.ready()
	page := c.search("Sliema")
	if len(page.Hits) == 0 {
		t.Fatal("no hotel in Sliema has a room")
	}
	hit := page.Hits[0]
	offers := c.offers(hit.PropertyID)
	cheapest := offers.Rooms[0].Offers[0]
	if cheapest.Room.Total.Minor != hit.Total.Minor {
		t.Errorf("search shows %d, the offer is %d", hit.Total.Minor, cheapest.Room.Total.Minor)
	}
	var hold struct{ ID string }
	if status := c.do(http.MethodPost, "/v1/holds", map[string]any{"offers": []string{cheapest.Token}}, &hold); status != http.StatusCreated {
		t.Fatalf("hold: %d", status)
	}
	body := guestOf(offers.Property.TermsVersion)
	body["hold_id"] = hold.ID
	var booked bookingAnswer
	if status := c.do(http.MethodPost, "/v1/bookings", body, &booked); status != http.StatusCreated || booked.State != "confirmed" {
		t.Fatalf("book: %d %+v", status, booked)
	}
	if booked.Total.Minor != hit.Total.Minor {
		t.Errorf("booked at %d, was shown %d", booked.Total.Minor, hit.Total.Minor)
	}
	var cancelled bookingAnswer
	if status := c.do(http.MethodPost, "/v1/bookings/"+booked.ID+"/cancel", nil, &cancelled); status != http.StatusOK || cancelled.State != "cancelled" {
		t.Fatalf("cancel: %d %+v", status, cancelled)
	}
}

// Two processes on one PostgreSQL race for the last room: one wins.
func TestTwoProcessesRaceForTheLastRoom(t *testing.T) {
	if testing.Short() {
		t.Skip("starts whole processes; -short")
	}
	pgtest.Each(t, func(t *testing.T, server pgtest.Server) {
		db := server.Database(t)
		run(t, "import", "hotels", sharedFile(t, "data/hotel-catalogue/osm-monaco-2012.ndjson"), "--db", db, "--json")
		var key struct{ Secret string }
		if err := json.Unmarshal(run(t, "key", "create", "--db", db, "--json"), &key); err != nil {
			t.Fatal(err)
		}
		bases := []string{
			start(t, "serve", "--db", db, "--listen", "127.0.0.1:0"),
			start(t, "serve", "--db", db, "--listen", "127.0.0.1:0"),
		}
		staff := &client{t: t, base: bases[0], bearer: key.Secret}
		staff.ready()
		propertyID := staff.search("Monaco").Hits[0].PropertyID
		roomTypeID := staff.offers(propertyID).Rooms[0].Offers[0].Room.RoomTypeID
		arrival, departure := weekend()
		last := map[string]any{"ranges": []any{map[string]any{
			"room_type_ids": []string{roomTypeID}, "from": arrival, "through": departure,
			"stock": 1, "out_of_order": 0, "overbooking": 0, "blocked": 0,
		}}}
		if status := staff.do(http.MethodPost, "/v1/properties/"+propertyID+"/availability", last, nil); status != http.StatusOK {
			t.Fatalf("set availability: %d", status)
		}
		var won, lost atomic.Int64
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				c := &client{t: t, base: bases[i%2], keys: 1000 * i}
				switch status := c.bookRoom(propertyID, roomTypeID); status {
				case http.StatusCreated:
					won.Add(1)
				case http.StatusConflict:
					lost.Add(1)
				default:
					t.Errorf("buyer %d: %d", i, status)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 || lost.Load() != 19 {
			t.Errorf("%d buyers won and %d lost the last room", won.Load(), lost.Load())
		}
	})
}

// bookRoom asks for offers and books the first one of the room type; a buyer
// who sees none any more has lost as well.
func (c *client) bookRoom(propertyID, roomTypeID string) int {
	offers := c.offers(propertyID)
	for _, o := range offers.Rooms[0].Offers {
		if o.Room.RoomTypeID == roomTypeID {
			body := guestOf(offers.Property.TermsVersion)
			body["offers"] = []string{o.Token}
			return c.do(http.MethodPost, "/v1/bookings", body, nil)
		}
	}
	return http.StatusConflict
}

var curlLine = regexp.MustCompile(`(?m)^  (curl .*)$`)

// The three lines that the demo prints work as they are, and book.
func TestTheDemosCurlLinesBook(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a whole world; -short")
	}
	if _, err := exec.LookPath("curl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("curl is not here")
		}
		t.Skip("curl is not here")
	}
	_, printed := startPrinting(t, "demo", "--properties", "40", "--listen", "127.0.0.1:0")
	lines := curlLine.FindAllStringSubmatch(printed, -1)
	if len(lines) != 3 {
		t.Fatalf("the demo printed %d curl lines:\n%s", len(lines), printed)
	}
	folder := t.TempDir()
	var last []byte
	for _, line := range lines {
		shell := exec.Command("sh", "-c", line[1])
		shell.Dir = folder
		out, err := shell.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", line[1], err, out)
		}
		last = out
	}
	if !strings.Contains(string(last), `"state":"confirmed"`) {
		t.Errorf("the last line did not book: %s", last)
	}
}
