package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// prepaidOffers are the offers of a hotel with when each of them is paid.
type prepaidOffers struct {
	CheckoutToken string `json:"checkout_token"`
	Property      struct {
		TermsVersion string `json:"terms_version"`
	}
	Rooms []struct{ Offers []prepaidOffer }
}

type prepaidOffer struct {
	Token string
	Room  struct {
		Payment string
	}
}

type prepaidBooking struct {
	ID, State   string
	ManageToken string `json:"manage_token"`
	Payment     struct {
		State, URL string
		Due        []struct {
			State              string
			Captured, Refunded struct{ Minor int64 }
		}
	}
}

// A prepaid stay is booked through the API and through the pages, paid on the
// provider's page, and paid back; a payment that a stop of the process left
// waiting is found after the start; and the books agree.
func TestPrepaidIsPaidAndPaidBack(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a whole world; -short")
	}
	onEveryEngine(t, func(t *testing.T, db string) {
		bank := filepath.Join(t.TempDir(), "bank")
		var left prepaidBooking
		t.Run("before the restart", func(t *testing.T) {
			base := start(t, "demo", "--properties", "20", "--db", db, "--sandboxpay-file", bank, "--listen", "127.0.0.1:0")
			c := &client{t: t, base: base}
			c.ready()
			houseID := c.search("").Hits[0].PropertyID
			c.paidAndPaidBack(houseID)
			throughThePaymentPages(t, base, houseID)
			left = c.prepaid(houseID)
		})
		t.Run("after it", func(t *testing.T) {
			base := start(t, "serve", "--db", db, "--sandboxpay-file", bank, "--listen", "127.0.0.1:0")
			c := &client{t: t, base: base, bearer: left.ManageToken}
			c.pay(left.Payment.URL)
			c.until(left.ID, func(b prepaidBooking) bool { return b.State == "confirmed" && b.Payment.Due[0].State == "met" })
		})
		var report struct{ Breaks []any }
		if err := json.Unmarshal(run(t, "reconcile", "--db", db, "--json"), &report); err != nil || len(report.Breaks) > 0 {
			t.Errorf("reconcile: %v %v", report.Breaks, err)
		}
	})
}

// prepaid books the hotel's first offer that is paid at once, up to its payment.
func (c *client) prepaid(houseID string) prepaidBooking {
	c.t.Helper()
	c.bearer = ""
	arrival, departure := weekend()
	var offers prepaidOffers
	path := "/v1/properties/" + houseID + "/offers?" + url.Values{"arrival": {arrival}, "departure": {departure}, "party": {"2"}}.Encode()
	if status := c.do(http.MethodGet, path, nil, &offers); status != http.StatusOK {
		c.t.Fatalf("offers: %d", status)
	}
	c.bearer = offers.CheckoutToken
	i := slices.IndexFunc(offers.Rooms[0].Offers, func(o prepaidOffer) bool { return o.Room.Payment == "pay_now" })
	if i < 0 {
		c.t.Fatalf("none of %d offers is paid at once", len(offers.Rooms[0].Offers))
	}
	body := guestOf(offers.Property.TermsVersion)
	delete(body, "card_token")
	body["offers"] = []string{offers.Rooms[0].Offers[i].Token}
	var b prepaidBooking
	if status := c.do(http.MethodPost, "/v1/bookings", body, &b); status != http.StatusAccepted || b.State != "pending" || b.Payment.URL == "" {
		c.t.Fatalf("book: %d %+v", status, b)
	}
	return b
}

// pay is the guest on the provider's page.
func (c *client) pay(page string) {
	c.t.Helper()
	response, err := http.PostForm(c.base+page, url.Values{"do": {"pay"}, "card": {"ok"}})
	if err != nil {
		c.t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		c.t.Fatalf("pay: %d", response.StatusCode)
	}
}

// until asks for the booking until it is as wanted: the guest never comes back,
// so it is the job that finds out.
func (c *client) until(id string, done func(prepaidBooking) bool) {
	c.t.Helper()
	var b prepaidBooking
	for end := time.Now().Add(startTimeout); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if status := c.do(http.MethodGet, "/v1/bookings/"+id, nil, &b); status == http.StatusOK && done(b) {
			return
		}
	}
	c.t.Fatalf("the booking stays %+v", b)
}

func (c *client) paidAndPaidBack(houseID string) {
	c.t.Helper()
	b := c.prepaid(houseID)
	c.pay(b.Payment.URL)
	c.bearer = b.ManageToken
	c.until(b.ID, func(b prepaidBooking) bool { return b.State == "confirmed" && b.Payment.Due[0].Captured.Minor > 0 })
	if status := c.do(http.MethodPost, "/v1/bookings/"+b.ID+"/cancel", nil, nil); status != http.StatusOK {
		c.t.Fatalf("cancel: %d", status)
	}
	c.until(b.ID, func(b prepaidBooking) bool {
		return b.State == "cancelled" && b.Payment.State == "none" && b.Payment.Due[0].Refunded.Minor == b.Payment.Due[0].Captured.Minor
	})
}

func throughThePaymentPages(t *testing.T, base, houseID string) {
	t.Helper()
	arrival, departure := weekend()
	b := newBrowser(t)
	b.open(base + "/hotels/" + houseID + "?" + url.Values{"arrival": {arrival}, "departure": {departure}, "a1": {"2"}}.Encode())
	b.hold("Pay Now")
	b.submit("/checkout/", map[string]string{"name": "Grace Hopper", "email": "grace@example.com", "accept": "yes"})
	b.submit("/sandboxpay/", map[string]string{"do": "pay", "card": "lost"})
	if !strings.Contains(b.text(), "The bank declined this payment") {
		t.Fatalf("after a stolen card, %s says:\n%s", b.at.Path, b.text())
	}
	b.submit("/checkout/", nil) // what was typed is still there
	b.submit("/sandboxpay/", map[string]string{"do": "pay", "card": "ok"})
	if !strings.Contains(b.at.Path, "/bookings/") || !strings.Contains(b.text(), "You are expected, Grace Hopper") {
		t.Fatalf("no booking page but %s:\n%s", b.at.Path, b.text())
	}
}

// hold sends the form of the first row that names the rate.
func (b *browser) hold(rate string) {
	b.t.Helper()
	for n := range b.page.Descendants() {
		if n.Data != "tr" {
			continue
		}
		row := &browser{t: b.t, http: b.http, at: b.at, page: n}
		if strings.Contains(row.text(), rate) && hasForm(n) {
			row.submit("/hold", nil)
			b.at, b.page = row.at, row.page
			return
		}
	}
	b.t.Fatalf("%s has no rate %q:\n%s", b.at.Path, rate, b.text())
}

func hasForm(within *html.Node) bool {
	for n := range within.Descendants() {
		if n.Data == "form" {
			return true
		}
	}
	return false
}
