package e2e

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// browser is a guest's browser without JavaScript: it follows links and fills
// in forms.
type browser struct {
	t    *testing.T
	http *http.Client
	at   *url.URL
	page *html.Node
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, http: &http.Client{Jar: jar}}
}

func (b *browser) show(response *http.Response, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.at = response.Request.URL
	if response.StatusCode != http.StatusOK {
		b.t.Fatalf("%s %s: %d\n%s", response.Request.Method, b.at.Path, response.StatusCode, raw)
	}
	if b.page, err = html.Parse(strings.NewReader(string(raw))); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) open(address string) {
	b.t.Helper()
	b.show(b.http.Get(address))
}

// follow opens the first link whose address contains the text.
func (b *browser) follow(part string) {
	b.t.Helper()
	for n := range b.page.Descendants() {
		if n.Data == "a" && strings.Contains(attr(n, "href"), part) {
			target, err := b.at.Parse(attr(n, "href"))
			if err != nil {
				b.t.Fatal(err)
			}
			b.open(target.String())
			return
		}
	}
	b.t.Fatalf("%s has no link to %q:\n%s", b.at.Path, part, b.text())
}

// submit sends the first POST form whose action contains the text, filled in.
func (b *browser) submit(part string, fields map[string]string) {
	b.t.Helper()
	for n := range b.page.Descendants() {
		if n.Data != "form" || !strings.EqualFold(attr(n, "method"), "post") || !strings.Contains(attr(n, "action"), part) {
			continue
		}
		target, err := b.at.Parse(attr(n, "action"))
		if err != nil {
			b.t.Fatal(err)
		}
		values := defaults(n)
		for name, value := range fields {
			values.Set(name, value)
		}
		request, err := http.NewRequest(http.MethodPost, target.String(), strings.NewReader(values.Encode()))
		if err != nil {
			b.t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", "same-origin")
		b.show(b.http.Do(request))
		return
	}
	b.t.Fatalf("%s has no form that posts to %q:\n%s", b.at.Path, part, b.text())
}

// defaults is what a browser sends of a form that nobody touched.
func defaults(form *html.Node) url.Values {
	values := make(url.Values)
	for n := range form.Descendants() {
		name := attr(n, "name")
		if name == "" {
			continue
		}
		switch kind := attr(n, "type"); {
		case n.Data == "input" && (kind == "checkbox" || kind == "radio") && !has(n, "checked"):
		case n.Data == "input" || n.Data == "button" && kind != "button" && !values.Has(name):
			values.Set(name, attr(n, "value"))
		case n.Data == "select":
			values.Set(name, selected(n))
		}
	}
	return values
}

func selected(choice *html.Node) string {
	value, found := "", false
	for n := range choice.Descendants() {
		if n.Data == "option" && (!found || has(n, "selected")) {
			value, found = attr(n, "value"), true
		}
	}
	return value
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if n.Type == html.ElementNode && a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text is what the page says.
func (b *browser) text() string {
	var words []string
	for n := range b.page.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "script" {
			words = append(words, strings.Fields(n.Data)...)
		}
	}
	return strings.Join(words, " ")
}

func throughThePages(t *testing.T, base string) {
	arrival, departure := weekend()
	b := newBrowser(t)
	b.open(base + "/?" + url.Values{"place": {"Sliema"}, "arrival": {arrival}, "departure": {departure}, "a1": {"2"}}.Encode())
	b.follow("/hotels/")
	b.submit("/hold", nil)
	b.submit("/checkout/", map[string]string{
		"name": "Grace Hopper", "email": "grace@example.com", "accept": "yes", "card": "sandbox_card_ok",
	})
	if !strings.Contains(b.at.Path, "/bookings/") || !strings.Contains(b.text(), "Grace Hopper") {
		t.Fatalf("no booking page but %s:\n%s", b.at.Path, b.text())
	}
	b.follow("/cancel")
	b.submit("/cancel", nil)
	if !strings.Contains(strings.ToLower(b.text()), "cancelled") {
		t.Errorf("the booking is not cancelled:\n%s", b.text())
	}
}
