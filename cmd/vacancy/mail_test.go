package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
	"github.com/vacancyhq/vacancy/stay"
	"github.com/vacancyhq/vacancy/world"
)

// Mail is counted at /metrics, and shown to nobody who was not told to show it.
func TestMailIsNotShown(t *testing.T) {
	h := doors(t)
	if status, _ := ask(h, "GET", "/mail", "", "", "198.51.100.1"); status != 404 {
		t.Errorf("/mail: %d", status)
	}
	if _, text := ask(h, "GET", "/metrics", "", "", "198.51.100.1"); !strings.Contains(text, "vacancy_mail_oldest_seconds 0") {
		t.Error("the age of the oldest mail is not among the metrics")
	}
}

func TestWhereMailGoes(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "mail")
	for to, want := range map[string]struct{ sends, fails bool }{
		"none": {}, "file:" + folder: {sends: true}, "file:": {fails: true}, "": {fails: true}, "http://x": {fails: true},
		"smtp://u:SECRET@x/y": {fails: true}, "smtp://mail.example.com": {sends: true},
	} {
		sender, page, err := mailFlags{to: to, from: "bookings@inn.example"}.sender()
		if (sender != nil) != want.sends || (err != nil) != want.fails || page != nil {
			t.Errorf("%q: %v, %v", to, sender, err)
		}
		if err != nil && strings.Contains(err.Error(), "SECRET") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
	if _, page, err := (mailFlags{to: "file:" + folder, page: true}).sender(); err != nil || page == nil {
		t.Errorf("the page that was asked for: %v, %v", page, err)
	}
	if _, _, err := (mailFlags{to: "smtp://mail.example.com", from: defaultFrom}).sender(); err == nil {
		t.Error("mail is sent from an address of nobody")
	}
	if _, _, err := (mailFlags{to: "smtp://u@x", from: "a@b.example", passwordFile: folder + "/none"}).sender(); err == nil {
		t.Error("a password file that is not there")
	}
}

// From a booking to a file in the folder, through everything that serve runs.
func TestServeSendsMail(t *testing.T) {
	db := "sqlite:" + t.TempDir() + "/house.db"
	s, err := openMigrated(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	a, err := newApp(t.Context(), s, settings{region: "eu", logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	flags := mailFlags{to: "file:" + folder, from: "Inn <bookings@inn.example>"}
	sender, _, err := flags.sender()
	if err == nil {
		err = a.openMail(t.Context(), flags, sender, db, "https://inn.example")
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.run(ctx) }()
	bookOne(t, a)
	names := arrived(t, folder)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	data, err := os.ReadFile(names[0])
	if err != nil || !strings.Contains(string(data), "ada@example.com") {
		t.Errorf("%s, %v", data, err)
	}
}

// bookOne books a room in a house of its own.
func bookOne(t *testing.T, a *app) {
	t.Helper()
	now, err := a.store.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	today := stay.On(now, time.UTC)
	hotels, err := world.New(world.Options{Seed: 1, Properties: 5, TenantID: "ten_a", Today: today - 1})
	if err == nil {
		err = a.store.Import(t.Context(), hotels.Bundle(0))
	}
	if err != nil {
		t.Fatal(err)
	}
	house := hotels.Bundle(0).Property
	_, err = a.bookings.BookContract(t.Context(), booking.Command{
		Caller: string(account.Admin), Channel: "api", Key: "k", Render: func(booking.Result) (int, []byte) { return 201, nil },
	}, []booking.Contract{{
		PropertyID: house.PropertyID, RoomTypeID: house.RoomTypes[0].ID, Stay: stay.Stay{Arrival: today + 9, Departure: today + 10},
		Party: stay.Party{Adults: 1}, Currency: house.Property.Currency, Nights: []int64{100}, Reason: "by phone", Forced: true,
	}}, booking.Purchase{Guest: guest.Guest{Name: "Ada", Email: "ada@example.com"}})
	if err != nil {
		t.Fatal(err)
	}
}

// arrived waits for the first mail in the folder.
func arrived(t *testing.T, folder string) []string {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if names, err := filepath.Glob(filepath.Join(folder, "*.eml")); err != nil || len(names) > 0 {
			return names
		}
	}
	t.Fatal("no mail came")
	return nil
}
