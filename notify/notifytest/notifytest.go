// Package notifytest is the contract of notify.Sender as a suite: every driver
// passes all of it.
package notifytest

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/vacancyhq/vacancy/notify"
)

// Rig is a driver with what arrived on its other side.
type Rig struct {
	Sender notify.Sender
	// Arrived lists the mails as bytes, in any order.
	Arrived func() [][]byte
	// Once: the driver itself keeps the same mail from arriving twice.
	Once bool
}

// Run passes fresh rigs through the suite.
func Run(t *testing.T, open func(t *testing.T) Rig) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Rig){
		"Whole": testWhole, "Injection": testInjection, "Again": testAgain, "Together": testTogether,
		"Receiver": testReceiver, "Ended": testEnded,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// Sample is a mail with all that is hard about one.
func Sample() notify.Message {
	return notify.Message{
		ID: "confirmed.12-7.bkg_1@stay.example", From: notify.Address{Name: "Hôtel „Zur Post“, Köln", Email: "mail@stay.example"},
		To:      notify.Address{Name: "山田 太郎", Email: "guest@example.com"},
		Subject: "ご予約確定:Hôtel – " + strings.Repeat("läng ", 30) + ".",
		Text:    "Zeile eins\n.\nΖ " + strings.Repeat("x", 1500) + "\n", HTML: "<p dir=\"rtl\">تم تأكيد حجزك</p>", Language: "ja",
		Calendar: &notify.File{Name: "stay.ics", ContentType: "text/calendar; charset=utf-8; method=PUBLISH", Data: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")},
	}
}

func testWhole(t *testing.T, rig Rig) {
	m := Sample()
	send(t, rig, m)
	all := rig.Arrived()
	if len(all) != 1 {
		t.Fatalf("%d mails arrived", len(all))
	}
	got := Read(t, all[0])
	for name, want := range map[string]string{
		"Subject": m.Subject, "Message-Id": "<" + m.ID + ">", "Content-Language": "ja", "Auto-Submitted": "auto-generated",
	} {
		if got.Header[name] != want {
			t.Errorf("%s is %q, want %q", name, got.Header[name], want)
		}
	}
	from, err := mail.ParseAddress(got.Raw.Get("From"))
	if err != nil || from.Name != m.From.Name || from.Address != m.From.Email {
		t.Errorf("from %v, %v", from, err)
	}
	to, err := mail.ParseAddress(got.Raw.Get("To"))
	if err != nil || to.Name != m.To.Name || to.Address != m.To.Email {
		t.Errorf("to %v, %v", to, err)
	}
	if got.Part["text/plain"] != m.Text || got.Part["text/html"] != m.HTML || got.Part["text/calendar"] != string(m.Calendar.Data) {
		t.Errorf("parts: %q", got.Part)
	}
	for _, line := range strings.Split(string(all[0]), "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
}

// A line break in a name or a subject makes no header.
func testInjection(t *testing.T, rig Rig) {
	m := Sample()
	m.Subject = "Hello\r\nBcc: eve@example.com"
	m.To.Name = "Ada\r\nX-Evil: 1"
	m.From.Name = "House\nX-Evil: 2"
	send(t, rig, m)
	got := Read(t, rig.Arrived()[0])
	if got.Raw.Get("Bcc") != "" || got.Raw.Get("X-Evil") != "" {
		t.Errorf("headers were added: %v", got.Raw)
	}
}

// The same mail sent again is known as the same.
func testAgain(t *testing.T, rig Rig) {
	m := Sample()
	send(t, rig, m)
	send(t, rig, m)
	ids := make(map[string]bool)
	all := rig.Arrived()
	for _, data := range all {
		ids[Read(t, data).Header["Message-Id"]] = true
	}
	if len(ids) != 1 || rig.Once && len(all) != 1 {
		t.Errorf("%d mails arrived with the ids %v", len(all), ids)
	}
}

func testTogether(t *testing.T, rig Rig) {
	const n = 20
	var all sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		all.Go(func() {
			m := Sample()
			m.ID = fmt.Sprintf("confirmed.%d@stay.example", i)
			errs[i] = rig.Sender.Send(context.WithoutCancel(t.Context()), m)
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil || len(rig.Arrived()) != n {
		t.Errorf("%d of %d arrived, %v", len(rig.Arrived()), n, err)
	}
}

// What is no address is refused for good, and not quoted.
func testReceiver(t *testing.T, rig Rig) {
	m := Sample()
	m.To.Email = "SECRET no address"
	err := rig.Sender.Send(t.Context(), m)
	if !errors.Is(err, notify.ErrRefused) || strings.Contains(err.Error(), "SECRET") || len(rig.Arrived()) != 0 {
		t.Errorf("%v, %d arrived", err, len(rig.Arrived()))
	}
}

// Who has no time left gets an error that may pass.
func testEnded(t *testing.T, rig Rig) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := rig.Sender.Send(ctx, Sample()); err == nil || errors.Is(err, notify.ErrRefused) || len(rig.Arrived()) != 0 {
		t.Errorf("%v, %d arrived", err, len(rig.Arrived()))
	}
}

func send(t *testing.T, rig Rig, m notify.Message) {
	t.Helper()
	if err := rig.Sender.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

// Mail is a mail that arrived, taken apart.
type Mail struct {
	Raw    mail.Header
	Header map[string]string // decoded
	Part   map[string]string // by media type
}

// Read takes a mail apart.
func Read(t testing.TB, data []byte) Mail {
	t.Helper()
	message, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("not a mail: %v\n%s", err, data)
	}
	m := Mail{Raw: message.Header, Header: make(map[string]string), Part: make(map[string]string)}
	for name := range message.Header {
		if m.Header[name], err = new(mime.WordDecoder).DecodeHeader(message.Header.Get(name)); err != nil {
			t.Fatal(err)
		}
	}
	m.take(t, message.Header.Get("Content-Type"), message.Header.Get("Content-Transfer-Encoding"), message.Body)
	return m
}

func (m Mail) take(t testing.TB, contentType, encoding string, body io.Reader) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			part, err := parts.NextRawPart()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			m.take(t, part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part)
		}
	}
	switch encoding {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	m.Part[kind] = strings.ReplaceAll(string(text), "\r\n", "\n")
	if kind == "text/calendar" {
		m.Part[kind] = string(text)
	}
}
