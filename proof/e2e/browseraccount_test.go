package e2e

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/internal/chrome"
)

// A guest who booked without an account finds the booking again by mail alone, on
// another device, and signs out.
func TestBrowserSignsInByMail(t *testing.T) {
	needBrowser(t)
	onEachKind(t, func(t *testing.T, db string) {
		base := start(t, "demo", "--db", db, "--properties", "40", "--listen", "127.0.0.1:0")
		desk, phone := chrome.Open(t, chrome.Desk), chrome.Open(t, chrome.Phone)
		house := anyHouse(t, desk, base)
		arrival, departure := weekend()
		desk.Go(base+"/hotels/"+house+"?"+url.Values{"arrival": {arrival}, "departure": {departure}, "room": {"2"}}.Encode(), 200)
		desk.Press(".rates .choose button", 200)
		fillDetails(desk, "ada@example.com")
		desk.Press("#details button.big", 200)
		desk.Wants("You are expected, Ada Lovelace")
		name := desk.Text("#house")

		phone.Go(base+"/account", 200)
		phone.Fill("#email", "Ada@Example.com")
		phone.Press("form.card button.main", 200)
		phone.Wants("Look into your mail")
		phone.Go(mailed(t, base, "Sign in to Vacancy", base+"/account/enter/"), 200)
		phone.Wants("Ada@Example.com")
		phone.Press("button.big", 200)
		phone.Wants("Coming up", name)
		phone.Press(".mine h3 a", 200)
		phone.Wants("You are expected, Ada Lovelace")
		phone.Go(base+"/account", 200)
		phone.Press(".accounthead button", 200)
		phone.Wants("No password needed")
	})
}

// mailed is the link that a mail leads to, as soon as the demo's page shows it.
func mailed(t *testing.T, base, subject, link string) string {
	t.Helper()
	named := regexp.MustCompile(`href="(/mail/[^"]+)"><b dir="auto">` + regexp.QuoteMeta(subject))
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		found := named.FindStringSubmatch(page(t, base+"/mail"))
		if found == nil {
			continue
		}
		address := regexp.MustCompile(regexp.QuoteMeta(link) + `[^\s"<]+`).FindString(html.UnescapeString(page(t, base+found[1])))
		if address == "" {
			t.Fatalf("the mail %q has no link to %s", subject, link)
		}
		return address
	}
	t.Fatalf("no mail is called %q:\n%s", subject, page(t, base+"/mail"))
	return ""
}

func page(t *testing.T, address string) string {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
