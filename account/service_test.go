package account_test

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

const password = "correct horse battery"

type desk struct {
	*account.Service
	*testing.T
	store *sqlitestore.Store
	keys  *account.Keyring
	ids   *ident.Source
	now   time.Time
}

func open(t *testing.T) *desk {
	d := &desk{T: t, now: time.Date(2027, 1, 10, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return d.now }
	var err error
	d.store, err = sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "account.db"), sqlitestore.Options{Clock: clock})
	d.must(err)
	t.Cleanup(func() { _ = d.store.Close() })
	d.must(d.store.Migrate(t.Context()))
	d.ids, err = ident.New("eu", clock)
	d.must(err)
	d.keys, err = account.OpenKeyring(t.Context(), d.store, d.ids, clock)
	d.must(err)
	d.Service = account.NewService(d.store, d.keys, d.ids, clock)
	return d
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *desk) want(err, target error) {
	d.Helper()
	if !errors.Is(err, target) {
		d.Fatalf("%v, want %v", err, target)
	}
}

// admin sets the platform up and signs its administrator's key in.
func (d *desk) admin() account.Principal {
	d.Helper()
	_, _, secret, err := d.Setup(d.Context(), account.First{TenantName: "Casa", Name: "Ada", Email: "Ada@example.com", Password: password})
	d.must(err)
	p, err := d.Authenticate(d.Context(), secret)
	d.must(err)
	return p
}

func TestSetupIsOnce(t *testing.T) {
	d := open(t)
	if empty, err := d.Empty(t.Context()); !empty || err != nil {
		t.Fatal(empty, err)
	}
	for _, wrong := range []account.First{
		{TenantName: " ", Name: "Ada", Email: "ada@example.com", Password: password},
		{TenantName: "Casa", Name: "A\x00", Email: "ada@example.com", Password: password},
		{TenantName: "Casa", Name: "Ada", Email: "Ada <ada@example.com>", Password: password},
		{TenantName: "Casa", Name: "Ada", Email: "ada@example.com", Password: "short"},
		{TenantName: "Casa", Name: "Ada", Email: "ada@example.com", Password: strings.Repeat("x", 129)},
	} {
		_, _, _, err := d.Setup(t.Context(), wrong)
		d.want(err, account.ErrInvalid)
	}
	p := d.admin()
	if !p.May(account.Admin) || p.TenantID == "" || !strings.HasPrefix(p.Caller, "key_") {
		t.Errorf("%+v", p)
	}
	_, _, _, err := d.Setup(t.Context(), account.First{TenantName: "Other", Name: "Eve", Email: "eve@example.com", Password: password})
	d.want(err, account.ErrConflict)
	if empty, _ := d.Empty(t.Context()); empty {
		t.Error("still empty")
	}
}

// Property 68: what is revoked is refused on the next request.
func TestKeys(t *testing.T) {
	d := open(t)
	admin := d.admin()
	key, secret, err := d.CreateKey(t.Context(), admin, account.NewKey{Name: "pms", Scopes: []account.Scope{account.WriteRates}})
	d.must(err)
	if len(secret) < len(account.KeyPrefix)+52 {
		t.Errorf("a secret of %d characters", len(secret))
	}
	p, err := d.Authenticate(t.Context(), secret)
	d.must(err)
	if p.Caller != key.ID || p.May(account.Admin) || !p.May(account.WriteRates) {
		t.Errorf("%+v", p)
	}
	_, _, err = d.CreateKey(t.Context(), p, account.NewKey{Name: "more", Scopes: account.Scopes})
	d.want(err, account.ErrForbidden)
	d.want(d.RevokeKey(t.Context(), p, key.ID), account.ErrForbidden)
	stranger := account.Principal{Caller: "key_x", TenantID: "ten_x", Scopes: account.Scopes}
	d.want(d.RevokeKey(t.Context(), stranger, key.ID), account.ErrNotFound)

	fresh, next, err := d.RotateKey(t.Context(), admin, key.ID, time.Hour)
	d.must(err)
	for _, s := range []string{secret, next} {
		_, err := d.Authenticate(t.Context(), s)
		d.must(err)
	}
	d.now = d.now.Add(time.Hour)
	_, err = d.Authenticate(t.Context(), secret)
	d.want(err, account.ErrUnauthorized)
	d.must(d.RevokeKey(t.Context(), admin, fresh.ID))
	d.must(d.RevokeKey(t.Context(), admin, fresh.ID))
	_, err = d.Authenticate(t.Context(), next)
	d.want(err, account.ErrUnauthorized)
	_, _, err = d.RotateKey(t.Context(), admin, fresh.ID, 0)
	d.want(err, account.ErrConflict)
	for _, overlap := range []time.Duration{-time.Second, account.MaxOverlap + time.Second} {
		_, _, err = d.RotateKey(t.Context(), admin, key.ID, overlap)
		d.want(err, account.ErrConflict) // it has ended meanwhile
		alive, _, err := d.CreateKey(t.Context(), admin, account.NewKey{Name: "alive", Scopes: []account.Scope{account.ReadEvents}})
		d.must(err)
		_, _, err = d.RotateKey(t.Context(), admin, alive.ID, overlap)
		d.want(err, account.ErrInvalid)
	}
	for _, wrong := range []string{"", "x", account.KeyPrefix, account.SessionPrefix + "x", secret[:len(secret)-1]} {
		_, err := d.Authenticate(t.Context(), wrong)
		d.want(err, account.ErrUnauthorized)
	}
}

func TestKeyChecks(t *testing.T) {
	d := open(t)
	admin := d.admin()
	scopes := []account.Scope{account.ReadBookings}
	for _, c := range []struct {
		wanted account.NewKey
		err    error
	}{
		{account.NewKey{Name: "", Scopes: scopes}, account.ErrInvalid},
		{account.NewKey{Name: "k"}, account.ErrInvalid},
		{account.NewKey{Name: "k", Scopes: []account.Scope{"all"}}, account.ErrInvalid},
		{account.NewKey{Name: "k", Scopes: append(scopes, scopes...)}, account.ErrInvalid},
		{account.NewKey{Name: "k", Scopes: scopes, PropertyIDs: make([]string, 1001)}, account.ErrInvalid},
	} {
		_, _, err := d.CreateKey(t.Context(), admin, c.wanted)
		d.want(err, c.err)
	}
	narrow := admin
	narrow.PropertyIDs = []string{"prop_1"}
	_, _, err := d.CreateKey(t.Context(), narrow, account.NewKey{Name: "k", Scopes: scopes})
	d.want(err, account.ErrForbidden)
	_, _, err = d.CreateKey(t.Context(), narrow, account.NewKey{Name: "k", Scopes: scopes, PropertyIDs: []string{"prop_2"}})
	d.want(err, account.ErrForbidden)
	_, _, err = d.CreateKey(t.Context(), narrow, account.NewKey{Name: "k", Scopes: scopes, PropertyIDs: []string{"prop_1"}})
	d.must(err)
}

// An administrator of one house gets no hold of credentials that reach others.
func TestNarrowAdministratorStaysNarrow(t *testing.T) {
	d := open(t)
	admin := d.admin()
	narrow := admin
	narrow.PropertyIDs = []string{"prop_1"}
	scopes := []account.Scope{account.ReadBookings}
	wide, secret, err := d.CreateKey(t.Context(), admin, account.NewKey{Name: "wide", Scopes: scopes})
	d.must(err)
	own, _, err := d.CreateKey(t.Context(), narrow, account.NewKey{Name: "own", Scopes: scopes, PropertyIDs: []string{"prop_1"}})
	d.must(err)
	colleague, err := d.CreateStaff(t.Context(), admin, account.NewStaff{Email: "a@example.com", Name: "A", Password: password, Scopes: scopes})
	d.must(err)

	_, _, err = d.RotateKey(t.Context(), narrow, wide.ID, 0)
	d.want(err, account.ErrForbidden)
	d.want(d.RevokeKey(t.Context(), narrow, wide.ID), account.ErrForbidden)
	d.want(d.DisableStaff(t.Context(), narrow, colleague.ID), account.ErrForbidden)
	_, err = d.Authenticate(t.Context(), secret)
	d.must(err)
	_, _, err = d.RotateKey(t.Context(), narrow, own.ID, 0)
	d.must(err)
}

func TestSessions(t *testing.T) {
	d := open(t)
	admin := d.admin()
	staff, err := d.CreateStaff(t.Context(), admin, account.NewStaff{
		Email: " Desk@Example.com", Name: "Dora", Password: password, Scopes: []account.Scope{account.ReadBookings},
	})
	d.must(err)
	_, err = d.CreateStaff(t.Context(), admin, account.NewStaff{Email: "desk@example.com", Name: "Twin", Password: password, Scopes: account.Scopes})
	d.want(err, account.ErrConflict)
	for _, wrong := range [][2]string{{"desk@example.com", "wrong horse battery"}, {"nobody@example.com", password}, {"", ""}, {"desk@example.com", strings.Repeat("x", 1000)}} {
		_, _, err := d.SignIn(t.Context(), wrong[0], wrong[1])
		d.want(err, account.ErrUnauthorized)
	}
	_, first, err := d.SignIn(t.Context(), "DESK@example.com", password)
	d.must(err)
	_, second, err := d.SignIn(t.Context(), "desk@example.com", password)
	d.must(err)
	p, err := d.Authenticate(t.Context(), first)
	d.must(err)
	if p.Caller != staff.ID || !p.May(account.ReadBookings) || first == second {
		t.Errorf("%+v", p)
	}
	d.must(d.SignOut(t.Context(), first))
	d.must(d.SignOut(t.Context(), first))
	_, err = d.Authenticate(t.Context(), first)
	d.want(err, account.ErrUnauthorized)
	d.now = d.now.Add(account.SessionLife)
	_, err = d.Authenticate(t.Context(), second)
	d.want(err, account.ErrUnauthorized)

	_, third, err := d.SignIn(t.Context(), "desk@example.com", password)
	d.must(err)
	d.want(d.DisableStaff(t.Context(), account.Principal{TenantID: "ten_x", Scopes: account.Scopes}, staff.ID), account.ErrNotFound)
	d.must(d.DisableStaff(t.Context(), admin, staff.ID))
	_, err = d.Authenticate(t.Context(), third)
	d.want(err, account.ErrUnauthorized)
	_, _, err = d.SignIn(t.Context(), "desk@example.com", password)
	d.want(err, account.ErrUnauthorized)
}

// A wrong password and an unknown e-mail cost the same work: one hash, which is
// told by the memory that argon2id fills, not by a clock that others share.
func TestSignInDoesTheSameWork(t *testing.T) {
	const hash = 19 << 20 // bytes (OWASP's m=19 MiB)
	d := open(t)
	d.admin()
	for _, email := range []string{"ada@example.com", "nobody@example.com"} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := d.SignIn(t.Context(), email, "wrong horse battery")
		runtime.ReadMemStats(&after)
		d.want(err, account.ErrUnauthorized)
		if filled := after.TotalAlloc - before.TotalAlloc; filled < hash || filled >= 2*hash {
			t.Errorf("%s: %d bytes, want those of one hash, %d", email, filled, hash)
		}
	}
}

func TestCheckoutTokens(t *testing.T) {
	d := open(t)
	one, guest := d.IssueCheckout()
	two, other := d.IssueCheckout()
	if one == two || guest.Caller == other.Caller || guest.TenantID != "" {
		t.Fatal("two guests are one")
	}
	back, err := d.Checkout(t.Context(), one)
	d.must(err)
	if back.Caller != guest.Caller || strings.Contains(one, strings.TrimPrefix(guest.Caller, "checkout:")) {
		t.Errorf("%+v", back)
	}
	manage := account.CheckoutPrefix + d.keys.Sign(account.ManageToken, []byte(strings.Repeat("x", 40)))
	for _, wrong := range []string{"", account.CheckoutPrefix, one[:len(one)-2], one + "A", strings.TrimPrefix(one, account.CheckoutPrefix), manage} {
		_, err := d.Checkout(t.Context(), wrong)
		d.want(err, account.ErrUnauthorized)
	}
	d.must(d.keys.Rotate(t.Context()))
	_, err = d.Checkout(t.Context(), one)
	d.must(err)
	d.now = d.now.Add(account.CheckoutLife + time.Second)
	_, err = d.Checkout(t.Context(), one)
	d.want(err, account.ErrUnauthorized)
}

// Noting when a key was used never brings back one that was revoked meanwhile.
func TestUseDoesNotUndoRevocation(t *testing.T) {
	d := open(t)
	admin := d.admin()
	key, secret, err := d.CreateKey(t.Context(), admin, account.NewKey{Name: "k", Scopes: []account.Scope{account.ReadEvents}})
	d.must(err)
	d.must(d.RevokeKey(t.Context(), admin, key.ID))
	d.must(d.store.ApplyAccount(context.WithoutCancel(t.Context()), account.Change{Used: []account.KeyUse{{ID: key.ID, At: d.now}}}))
	_, err = d.Authenticate(t.Context(), secret)
	d.want(err, account.ErrUnauthorized)
}

// A second rotation in a hurry would leave a key behind that never retires.
func TestRotationsFollowOneAnother(t *testing.T) {
	d := open(t)
	d.must(d.keys.Rotate(t.Context()))
	d.want(d.keys.Rotate(t.Context()), account.ErrConflict)
	d.now = d.now.Add(account.Handover)
	d.must(d.keys.Rotate(t.Context()))
	keys, err := d.store.SigningKeys(t.Context())
	d.must(err)
	signing := 0
	for _, k := range keys {
		if k.RetiredAt.IsZero() {
			signing++
		}
	}
	if len(keys) != 3 || signing != 1 {
		t.Errorf("%d keys, %d of them without an end; want 3 and 1", len(keys), signing)
	}
}

// Several processes share the signing keys: what one signs the others open, at
// any moment of a rotation, and none goes on with a retired key.
func TestEveryProcessOpensWhatOneSigns(t *testing.T) {
	d := open(t)
	other, err := account.OpenKeyring(t.Context(), d.store, d.ids, func() time.Time { return d.now })
	d.must(err)
	before := d.keys.Sign(account.OfferToken, []byte("x"))
	d.must(d.keys.Rotate(t.Context()))
	for range 12 { // two minutes, with looks at the store as often as promised
		for _, pair := range [][2]*account.Keyring{{d.keys, other}, {other, d.keys}} {
			if _, err := pair[1].Open(t.Context(), account.OfferToken, pair[0].Sign(account.OfferToken, []byte("x"))); err != nil {
				t.Fatalf("at %s: %v", d.now, err)
			}
		}
		d.now = d.now.Add(10 * time.Second)
		if d.now.Second() == 30 {
			d.must(other.Refresh(t.Context()))
			d.must(d.keys.Refresh(t.Context()))
		}
	}
	after := other.Sign(account.OfferToken, []byte("x"))
	if strings.Split(after, ".")[0] == strings.Split(before, ".")[0] {
		t.Error("a process signs with the retired key")
	}
	d.now = d.now.Add(25 * time.Hour)
	_, err = other.Open(t.Context(), account.OfferToken, before)
	d.want(err, account.ErrSignature)
	_, err = d.keys.Open(t.Context(), account.OfferToken, other.Sign(account.OfferToken, []byte("x")))
	d.must(err)
}
