package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

// doors serves the API and the pages over an empty store, behind a proxy that
// says who is asking.
func doors(t *testing.T) http.Handler {
	t.Helper()
	s, err := openMigrated(t.Context(), "sqlite:"+t.TempDir()+"/doors.db")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	a, err := newApp(t.Context(), s, settings{
		region: "eu", logger: slog.New(slog.DiscardHandler), trustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return a.handler
}

func ask(h http.Handler, method, path, contentType, body, client string) (status int, text string) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.RemoteAddr = "192.0.2.1:1234"
	r.Header.Set("X-Forwarded-For", client)
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	data, _ := io.ReadAll(w.Body) // from memory
	return w.Code, string(data)
}

// Every answer of both doors is counted under the pattern of its route, also
// when it was refused before it got there; no id, token or address is in a label.
func TestMetersCountBothDoors(t *testing.T) {
	h := doors(t)
	ask(h, "GET", "/hotels/prop_canary", "", "", "198.51.100.1")
	ask(h, "GET", "/bookings/canary", "", "", "198.51.100.1")
	ask(h, "GET", "/canary", "", "", "198.51.100.1")
	ask(h, "GET", "/v1/canary", "", "", "198.51.100.1")
	for _, path := range []string{"/hotels/prop_canary", "/v1/properties/prop_canary"} {
		refused := false
		for n := 0; !refused && n < 100_000; n++ { // more than one address may ask at once
			status, _ := ask(h, "GET", path, "", "", "198.51.100.2")
			refused = status == http.StatusTooManyRequests
		}
	}
	_, text := ask(h, "GET", "/metrics", "", "", "198.51.100.1")
	for _, series := range []string{
		`{route="GET /hotels/{id}",status="404"}`, `{route="GET /hotels/{id}",status="429"}`, `{route="GET /bookings/{token}",status="404"}`,
		`{route="/",status="404"}`, `{route="none",status="404"}`,
		`{route="GET /v1/properties/{property_id}",status="404"}`, `{route="GET /v1/properties/{property_id}",status="429"}`,
	} {
		if !strings.Contains(text, "vacancy_http_requests_total"+series) {
			t.Errorf("no count of %s", series)
		}
	}
	if !strings.Contains(text, "vacancy_booking_batch_broken_total 0") {
		t.Error("no count of bookings whose transaction failed as a whole")
	}
	if strings.Contains(text, "canary") || strings.Contains(text, "198.51.100") || strings.Contains(text, `route="/v1/"`) {
		t.Errorf("a label is no route:\n%s", text)
	}
}

// Property 64: whoever guesses at both doors has one budget and not two.
func TestGuessesAreCountedAtBothDoors(t *testing.T) {
	h := doors(t)
	page := func() int {
		form := url.Values{"key": {strings.Repeat("k", 20)}, "code": {"00000000001"}, "email": {"eve@example.com"}}
		status, _ := ask(h, "POST", "/find", "application/x-www-form-urlencoded", form.Encode(), "198.51.100.7")
		return status
	}
	machine := func(client string) int {
		status, _ := ask(h, "POST", "/v1/bookings/lookup", "application/json", `{"code":"00000000001","email":"eve@example.com"}`, client)
		return status
	}
	for range 3 {
		if status := page(); status != http.StatusNotFound {
			t.Fatalf("a wrong code on the page: %d", status)
		}
	}
	for i := range 2 {
		if status := machine("203.0.113.1"); status != http.StatusNotFound {
			t.Fatalf("wrong code %d at the API: %d", i, status)
		}
	}
	if status := machine("203.0.113.1"); status != http.StatusTooManyRequests {
		t.Errorf("the sixth guess at one code: %d, want 429", status)
	}
	if status := page(); status != http.StatusTooManyRequests {
		t.Errorf("the seventh, on the page: %d, want 429", status)
	}
}
