package e2e

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/vacancyhq/vacancy/internal/chrome"
)

// A rate that is paid at booking: the guest goes to the provider's page, is
// declined, comes back to a form that remembers them, and pays with another card.
func TestBrowserPays(t *testing.T) {
	needBrowser(t)
	onEachKind(t, func(t *testing.T, db string) {
		base := start(t, "demo", "--db", db, "--properties", "40", "--listen", "127.0.0.1:0")
		b := chrome.Open(t, chrome.Desk)
		house := anyHouse(t, b, base)
		arrival, departure := weekend()
		b.Go(base+"/hotels/"+house+"?"+url.Values{"arrival": {arrival}, "departure": {departure}, "room": {"2"}}.Encode(), 200)
		b.Press(rowOf(t, b, "Pay Now")+" .choose button", 200)
		fillDetails(b, "ada@example.com")
		b.Press("#details button.big", 200)
		b.Wants("Sandbox payments")
		b.Click("label:nth-of-type(2) input") // a card without enough money on it
		b.Click("button.pay")
		b.Wait("#details")
		b.Wants("The bank declined this payment")
		if name := b.Value("#name"); name != "Ada Lovelace" {
			t.Errorf("after the decline the name is %q", name)
		}
		b.Press("#details button.big", 200)
		b.Click("button.pay")
		b.Wait(".card.code")
		b.Wants("You are expected, Ada Lovelace", "was paid")
	})
}

// rowOf is where a table of rates offers a plan.
func rowOf(t *testing.T, b *chrome.Tab, plan string) string {
	t.Helper()
	for i := 1; ; i++ {
		row := fmt.Sprintf(".rates tbody tr:nth-child(%d)", i)
		if !b.Has(row) {
			t.Fatalf("no rate is called %q", plan)
		}
		if strings.Contains(b.Text(row+" th"), plan) {
			return row
		}
	}
}
