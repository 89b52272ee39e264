package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/traveller"
)

var travellerTests = []test{
	{"Traveller/RoundTrip", testTravellerRoundTrip},
	{"Traveller/LinkOnce", testLinkIsUsedOnce},
	{"Traveller/Expiry", testTravellerExpiry},
	{"Traveller/Bookings", testBookingsOfAPerson},
}

var (
	ana, eve    = traveller.Person{1}, traveller.Person{2}
	signInAsked = traveller.SignIn{ID: "sgi_a", Email: "Ána@Example.com", Language: "pt-BR", ExpiresAt: accountTime.Add(time.Hour)}
	anaSession  = traveller.Session{Hash: [32]byte{7}, Person: ana, ExpiresAt: accountTime.Add(time.Hour)}
)

func travellerChange(c traveller.Change) traveller.Change {
	c.Now = accountTime
	return c
}

func testTravellerRoundTrip(t *testing.T, o Opened) {
	ctx, asked := t.Context(), signInAsked
	wantErr(t, o.Store.ApplyTraveller(ctx, travellerChange(traveller.Change{SignIns: []traveller.SignIn{asked}, Sessions: []traveller.Session{anaSession}})), nil)
	got, err := o.Store.SignIn(ctx, asked.ID)
	wantErr(t, err, nil)
	same(t, asked, got)
	_, err = o.Store.SignInByHash(ctx, [32]byte{}) // a wish without a link is opened by none
	wantErr(t, err, traveller.ErrNotFound)
	asked.Hash = [32]byte{9}
	wantErr(t, o.Store.ApplyTraveller(ctx, travellerChange(traveller.Change{SignIns: []traveller.SignIn{asked}})), nil)
	got, err = o.Store.SignInByHash(ctx, asked.Hash)
	wantErr(t, err, nil)
	same(t, asked, got)
	session, err := o.Store.TravellerSession(ctx, anaSession.Hash)
	wantErr(t, err, nil)
	same(t, anaSession, session)
	for _, text := range append([]string{"", "sgi_none"}, noTexts...) {
		_, err = o.Store.SignIn(ctx, text)
		wantErr(t, err, traveller.ErrNotFound)
	}
	other := traveller.Session{Hash: [32]byte{8}, Person: eve, ExpiresAt: anaSession.ExpiresAt}
	second := traveller.Session{Hash: [32]byte{6}, Person: ana, ExpiresAt: anaSession.ExpiresAt}
	third := traveller.Session{Hash: [32]byte{5}, Person: ana, ExpiresAt: anaSession.ExpiresAt}
	wantErr(t, o.Store.ApplyTraveller(ctx, travellerChange(traveller.Change{Sessions: []traveller.Session{other, second, third}, End: [][32]byte{third.Hash, {99}}})), nil)
	_, err = o.Store.TravellerSession(ctx, third.Hash)
	wantErr(t, err, traveller.ErrNotFound)
	wantErr(t, o.Store.ApplyTraveller(ctx, travellerChange(traveller.Change{EndOf: &second.Person})), nil)
	for _, ended := range [][32]byte{anaSession.Hash, second.Hash, {}} {
		_, err = o.Store.TravellerSession(ctx, ended)
		wantErr(t, err, traveller.ErrNotFound)
	}
	_, err = o.Store.TravellerSession(ctx, other.Hash)
	wantErr(t, err, nil)
}

// However many use a link at once, one session is opened.
func testLinkIsUsedOnce(t *testing.T, o Opened) {
	ctx, asked := t.Context(), signInAsked
	asked.Hash = [32]byte{9}
	wantErr(t, o.Store.ApplyTraveller(ctx, travellerChange(traveller.Change{SignIns: []traveller.SignIn{asked}})), nil)
	var opened atomic.Int64
	var all sync.WaitGroup
	for i := range scale(16, 8) {
		all.Go(func() {
			session := traveller.Session{Hash: [32]byte{1, byte(i)}, Person: ana, ExpiresAt: asked.ExpiresAt}
			err := o.Store.ApplyTraveller(ctx, travellerChange(traveller.Change{Use: &asked.Hash, Sessions: []traveller.Session{session}}))
			switch {
			case err == nil:
				opened.Add(1)
			case !errors.Is(err, traveller.ErrNotFound):
				t.Error(err)
			}
		})
	}
	all.Wait()
	sessions, err := o.Int(ctx, `SELECT count(*) FROM traveller_session`)
	if opened.Load() != 1 || sessions != 1 || err != nil {
		t.Errorf("%d were let in, %d sessions, %v", opened.Load(), sessions, err)
	}
	_, err = o.Store.SignIn(ctx, asked.ID)
	wantErr(t, err, traveller.ErrNotFound)
}

// What is over opens nothing and is forgotten with the next write.
func testTravellerExpiry(t *testing.T, o Opened) {
	ctx, asked := t.Context(), signInAsked
	asked.Hash = [32]byte{9}
	wantErr(t, o.Store.ApplyTraveller(ctx, travellerChange(traveller.Change{SignIns: []traveller.SignIn{asked}, Sessions: []traveller.Session{anaSession}})), nil)
	late := traveller.Change{Use: &asked.Hash, Sessions: []traveller.Session{{Hash: [32]byte{3}, Person: ana, ExpiresAt: asked.ExpiresAt.Add(time.Hour)}}, Now: asked.ExpiresAt}
	wantErr(t, o.Store.ApplyTraveller(ctx, late), traveller.ErrNotFound)
	_, err := o.Store.TravellerSession(ctx, [32]byte{3}) // a refused change leaves nothing
	wantErr(t, err, traveller.ErrNotFound)
	wantErr(t, o.Store.ApplyTraveller(ctx, traveller.Change{Now: asked.ExpiresAt}), nil)
	_, err = o.Store.SignIn(ctx, asked.ID)
	wantErr(t, err, traveller.ErrNotFound)
	_, err = o.Store.TravellerSession(ctx, anaSession.Hash)
	wantErr(t, err, traveller.ErrNotFound)
}

func testBookingsOfAPerson(t *testing.T, o Opened) {
	ctx := t.Context()
	entry := func(person traveller.Person, id string) traveller.Entry {
		return traveller.Entry{Person: person, PropertyID: "prop_" + id, BookingID: "bkg_" + id}
	}
	listed := []traveller.Entry{entry(ana, "1"), entry(ana, "3"), entry(eve, "2"), entry(ana, "2")}
	for range 2 { // the log may be read again
		wantErr(t, o.Store.ApplyTraveller(ctx, travellerChange(traveller.Change{Listed: listed})), nil)
	}
	wants := func(person traveller.Person, limit int, want ...traveller.Entry) {
		t.Helper()
		got, err := o.Store.BookingsOf(ctx, person, limit)
		wantErr(t, err, nil)
		same(t, want, got)
	}
	wants(ana, 2, entry(ana, "3"), entry(ana, "2"))
	wants(eve, 10, entry(eve, "2"))
	wants(traveller.Person{3}, 10)
	wantErr(t, o.Store.ApplyTraveller(ctx, travellerChange(traveller.Change{Unlisted: []string{"bkg_2", "bkg_none"}})), nil)
	wants(ana, 10, entry(ana, "3"), entry(ana, "1"))
	wants(eve, 10)
}
