package web_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/web"
)

func TestFormsOfOtherSites(t *testing.T) {
	h := open(t, 1)
	p := h.build(1, property.Property{Name: "Guarded"})
	v := h.checkout(p)
	f := v.form(v.url.Path).fill()
	for _, header := range []http.Header{{"Sec-Fetch-Site": {"cross-site"}}, {"Origin": {"https://evil.example"}}} {
		v.do("POST", f.action, f.fields.Encode(), header).wants(403, "another site")
	}
	v.do("POST", f.action, f.fields.Encode(), nil).wants(200, "You are expected") // no browser
}

func TestHeaders(t *testing.T) {
	h := open(t, 3)
	p := h.build(1, property.Property{Name: "Headers"})
	v := h.checkout(p)
	v.form("").fill().send()
	booked := v.url.Path
	for _, path := range []string{"/", "/nothing", "/find", "/hotels/" + p.ID, booked, booked + "/cancel", "/static/site.css", "/static/site.js", "/scenes/sea/room/x.svg"} {
		v.get(path)
		csp := v.header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "script-src 'self';") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if v.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: may be sniffed", path)
		}
	}
	for _, path := range []string{booked, booked + "/stay.ics", booked + "x"} {
		v.get(path)
		if v.header.Get("Cache-Control") != "no-store" || !strings.Contains(v.header.Get("X-Robots-Tag"), "noindex") || v.header.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, v.header)
		}
	}
}

func TestCookie(t *testing.T) {
	for _, secure := range []bool{false, true} {
		h := open(t, 1, func(o *web.Options) { o.Secure = secure })
		p := h.build(1, property.Property{Name: "Cookie"})
		v := h.visitor().get("/hotels/" + p.ID + "?arrival=2026-12-18&departure=2026-12-20&room=2")
		got := v.header.Get("Set-Cookie")
		if strings.HasPrefix(got, "__Host-") != secure || strings.Contains(got, "Secure") != secure ||
			!strings.Contains(got, "HttpOnly") || !strings.Contains(got, "SameSite=Lax") || !strings.Contains(got, "Path=/") {
			t.Errorf("secure %v: %q", secure, got)
		}
	}
}

func TestNamesAreText(t *testing.T) {
	const evil = `<script>alert("x")</script><img src=x onerror=alert(1)>`
	h := open(t, 1)
	p := h.build(2, property.Property{Name: evil, Description: evil, Address: evil})
	v := h.visitor().get("/?place=" + "Paris")
	pages := []string{v.text, v.get("/hotels/" + p.ID).text}
	v.form("/hold").send().wants(200)
	v.form("").fill().set("name", evil, "requests", evil, "email", `a"b<i>@x`).send().wants(422)
	pages = append(pages, v.text)
	v.form("").set("email", "ana@example.com").send().wants(200, "alert")
	pages = append(pages, v.text, v.get("/?place=%22%3E%3Cscript%3E").text)
	for _, text := range pages {
		page, err := html.Parse(strings.NewReader(text))
		h.must(err)
		for n := range page.Descendants() {
			ours := attribute(n, "type") == "application/ld+json" || strings.HasPrefix(attribute(n, "src"), "/static/")
			if n.Data == "script" && !ours || has(n, "onerror") || has(n, "style") {
				t.Errorf("markup from data: %s", n.Data)
			}
		}
	}
}

func TestBadForms(t *testing.T) {
	h := open(t, 1)
	p := h.build(1, property.Property{Name: "Bad"})
	v := h.visitor().get("/hotels/" + p.ID)
	hold := v.form("/hold")
	v.do("POST", hold.action, "offer=x&n=1", nil).wants(400)
	v.do("POST", hold.action, "key=0123456789abcdef&offer=x&n=1", nil).wants(403)
	v.do("POST", hold.action, "key=0123456789abcdef&offer=x&n=-1", nil).wants(400)
	v.do("POST", hold.action, "key=0123456789abcdef&offer=x&n=999", nil).wants(400)
	v.do("POST", hold.action, "key=0123456789abcdef&offer="+strings.Repeat("x", 2<<20), nil).wants(400)
	v.do("POST", hold.action, "key=0123456789abcdef&offer=x&n=1&name=%00", nil).wants(400)
	v.do("POST", "/find", "key=0123456789abcdef&code=%ff&email=a", nil).wants(400)
	for _, path := range []string{"/hotels/%00", "/hotels/%ff", "/bookings/%00", "/checkout/%c3"} {
		v.get(path).wants(404, "This page does not exist")
	}
	h.visitor().do("POST", hold.action, hold.fields.Encode(), nil).wants(403, "cookie")
	v.get("/hotels/prop_none?arrival=2026-12-18&departure=2026-12-20").wants(404, "do not know this property")
	v.get("/bookings/nonsense").wants(404)
	v.get("/checkout/bkg_none").wants(404)
	for _, query := range []string{"arrival=2020-01-01", "arrival=2026-12-18&departure=2026-12-18", "arrival=x", "arrival=2026-12-18&departure=2028-12-18", "room=99-99"} {
		v.get("/?place=Paris&" + query).wants(422)
		v.get("/hotels/" + p.ID + "?" + query).wants(422)
	}
	if n := len(h.booked(p.ID)); n != 0 {
		t.Errorf("%d bookings", n)
	}
}

func TestLogsHoldNoSecrets(t *testing.T) {
	var log bytes.Buffer
	h := open(t, 1, func(o *web.Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	p := h.build(1, property.Property{Name: "Logged"})
	v := h.checkout(p)
	v.form("").fill().send().wants(200)
	token := strings.TrimPrefix(v.url.Path, "/bookings/")
	h.must(h.store.Close())
	v.get("/bookings/"+token).wants(500, "our side")
	if strings.Contains(log.String(), token) || strings.Contains(log.String(), "ana") {
		t.Errorf("log: %s", &log)
	}
	for _, line := range []string{`method=POST route="POST /checkout/{hold}" status=303`, `route="GET /bookings/{token}" status=200`, "request_id=" + v.header.Get("X-Request-Id")} {
		if !strings.Contains(log.String(), line) {
			t.Errorf("no %s in the log: %s", line, &log)
		}
	}
}
