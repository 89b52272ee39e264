package storetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/account"
)

var accountTests = []test{
	{"Account/RoundTrip", testAccountRoundTrip},
	{"Account/KeyUse", testKeyUse},
	{"Account/Errors", testAccountErrors},
	{"Account/FirstOnly", testFirstOnly},
	{"Account/FirstSigningKey", testFirstSigningKey},
}

var accountTime = time.Date(2030, 1, 2, 3, 4, 5, 678_901_000, time.UTC)

// accounts is a change with every field of every kind set.
func accounts() account.Change {
	return account.Change{
		Tenants: []account.Tenant{{ID: "ten_a", Name: "Häuser <AG>", CreatedAt: accountTime}},
		Keys: []account.Key{{
			ID: "key_a", TenantID: "ten_a", Name: "PMS", Hash: [32]byte{1}, Scopes: []account.Scope{account.ReadBookings, account.Admin},
			PropertyIDs: []string{"prop_1", "prop_2"}, CreatedAt: accountTime, LastUsedAt: accountTime.Add(1e6), RevokedAt: accountTime.Add(2e6),
		}},
		Staff: []account.Staff{{
			ID: "stf_a", TenantID: "ten_a", Email: "Ana@Example.com", Name: "Ána", PasswordHash: "$argon2id$x",
			Scopes: []account.Scope{account.Admin}, PropertyIDs: []string{"prop_1"}, DisabledAt: accountTime, CreatedAt: accountTime,
		}},
		Sessions:    []account.Session{{Hash: [32]byte{2}, StaffID: "stf_a", CreatedAt: accountTime, ExpiresAt: accountTime.Add(time.Hour)}},
		SigningKeys: []account.SigningKey{{ID: "sgn_a", Secret: []byte{0, 1, 255}, CreatedAt: accountTime, RetiredAt: accountTime.Add(1e9)}},
		Audit:       []account.AuditEntry{{At: accountTime, Actor: "stf_a", Action: "key.created", Object: "key_a"}},
	}
}

func testAccountRoundTrip(t *testing.T, o Opened) {
	ctx, want := t.Context(), accounts()
	wantErr(t, o.Store.ApplyAccount(ctx, want), nil)
	checkAccounts(t, o, want)
	if n, err := o.Int(ctx, `SELECT count(*) FROM audit WHERE actor = 'stf_a' AND action = 'key.created' AND object = 'key_a'`); n != 1 {
		t.Errorf("%d audit entries, %v", n, err)
	}
	// The new state of what exists: another secret, times cleared, lists emptied.
	want.Keys[0].Hash, want.Keys[0].RevokedAt, want.Keys[0].PropertyIDs = [32]byte{7}, time.Time{}, nil
	want.Staff[0].Email, want.Staff[0].DisabledAt, want.Staff[0].Scopes = "new@example.com", time.Time{}, nil
	want.SigningKeys[0].RetiredAt = time.Time{}
	wantErr(t, o.Store.ApplyAccount(ctx, account.Change{Keys: want.Keys, Staff: want.Staff, SigningKeys: want.SigningKeys}), nil)
	checkAccounts(t, o, want)
	_, err := o.Store.KeyByHash(ctx, [32]byte{1})
	wantErr(t, err, account.ErrNotFound)
	_, err = o.Store.StaffByEmail(ctx, "ana@example.com")
	wantErr(t, err, account.ErrNotFound)

	wantErr(t, o.Store.ApplyAccount(ctx, account.Change{EndSessions: [][32]byte{{2}, {99}}}), nil)
	_, err = o.Store.SessionByHash(ctx, [32]byte{2})
	wantErr(t, err, account.ErrNotFound)
}

// testKeyUse: noting that a key was used touches nothing else of it, and a key
// that is gone is no error.
func testKeyUse(t *testing.T, o Opened) {
	ctx, want := t.Context(), accounts()
	wantErr(t, o.Store.ApplyAccount(ctx, want), nil)
	want.Keys[0].LastUsedAt = accountTime.Add(time.Hour)
	used := []account.KeyUse{{ID: "key_a", At: want.Keys[0].LastUsedAt}, {ID: "key_gone", At: accountTime}}
	wantErr(t, o.Store.ApplyAccount(ctx, account.Change{Used: used}), nil)
	checkAccounts(t, o, want)
}

func checkAccounts(t *testing.T, o Opened, want account.Change) {
	t.Helper()
	ctx := t.Context()
	tenants, err := o.Store.Tenants(ctx)
	wantErr(t, err, nil)
	same(t, want.Tenants, tenants)
	key, err := o.Store.KeyByHash(ctx, want.Keys[0].Hash)
	wantErr(t, err, nil)
	same(t, want.Keys[0], key)
	keys, err := o.Store.Keys(ctx, "ten_a")
	wantErr(t, err, nil)
	same(t, want.Keys, keys)
	staff, err := o.Store.Staff(ctx, "stf_a")
	wantErr(t, err, nil)
	same(t, want.Staff[0], staff)
	staff, err = o.Store.StaffByEmail(ctx, " "+strings.ToUpper(want.Staff[0].Email))
	wantErr(t, err, nil)
	same(t, want.Staff[0], staff)
	session, err := o.Store.SessionByHash(ctx, [32]byte{2})
	wantErr(t, err, nil)
	same(t, want.Sessions[0], session)
	signing, err := o.Store.SigningKeys(ctx)
	wantErr(t, err, nil)
	same(t, want.SigningKeys, signing)
}

func testAccountErrors(t *testing.T, o Opened) {
	ctx, base := t.Context(), accounts()
	wantErr(t, o.Store.ApplyAccount(ctx, base), nil)
	key, staff, session := base.Keys[0], base.Staff[0], base.Sessions[0]
	key.ID, staff.ID, session.Hash = "key_b", "stf_b", [32]byte{3}
	orphanKey, orphanStaff, orphanSession := key, staff, session
	orphanKey.Hash, orphanKey.TenantID = [32]byte{8}, "ten_none"
	orphanStaff.Email, orphanStaff.TenantID = "b@example.com", "ten_none"
	orphanSession.StaffID = "stf_none"
	staff.Email = "ANA@example.com" // the same person, written otherwise
	for name, c := range map[string]struct {
		change account.Change
		want   error
	}{
		"tenant exists":        {account.Change{Tenants: base.Tenants}, account.ErrConflict},
		"key hash exists":      {account.Change{Keys: []account.Key{key}}, account.ErrConflict},
		"e-mail exists":        {account.Change{Staff: []account.Staff{staff}}, account.ErrConflict},
		"session exists":       {account.Change{Sessions: base.Sessions}, account.ErrConflict},
		"key of no tenant":     {account.Change{Keys: []account.Key{orphanKey}}, account.ErrNotFound},
		"staff of no tenant":   {account.Change{Staff: []account.Staff{orphanStaff}}, account.ErrNotFound},
		"session of no person": {account.Change{Sessions: []account.Session{orphanSession}}, account.ErrNotFound},
	} {
		c.change.Audit = base.Audit
		c.change.Tenants = append([]account.Tenant{{ID: "ten_left", CreatedAt: accountTime}}, c.change.Tenants...)
		if err := o.Store.ApplyAccount(ctx, c.change); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	checkAccounts(t, o, base)
	for name, read := range map[string]func() error{
		"key":     func() error { _, err := o.Store.KeyByHash(ctx, [32]byte{}); return err },
		"staff":   func() error { _, err := o.Store.Staff(ctx, "stf_none"); return err },
		"email":   func() error { _, err := o.Store.StaffByEmail(ctx, ""); return err },
		"session": func() error { _, err := o.Store.SessionByHash(ctx, [32]byte{}); return err },
	} {
		if err := read(); !errors.Is(err, account.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", name, err)
		}
	}
}

// Two first set-ups at once: one wins, the other leaves nothing.
func testFirstOnly(t *testing.T, o Opened) {
	changes := make([]account.Change, scale(16, 8))
	for i := range changes {
		changes[i] = accounts()
		changes[i].FirstOnly, changes[i].SigningKeys = true, nil
		changes[i].Tenants[0].ID = fmt.Sprintf("ten_%02d", i)
		changes[i].Keys, changes[i].Sessions = nil, nil
		changes[i].Staff[0].ID, changes[i].Staff[0].TenantID = fmt.Sprintf("stf_%02d", i), changes[i].Tenants[0].ID
		changes[i].Staff[0].Email = fmt.Sprintf("%d@example.com", i)
	}
	oneWins(t, together(len(changes), func(i int) error { return o.Store.ApplyAccount(t.Context(), changes[i]) }))
	tenants, err := o.Store.Tenants(t.Context())
	if err != nil || len(tenants) != 1 {
		t.Errorf("tenants %v, %v: want one", tenants, err)
	}
}

// Two processes that start at once on an empty store make one signing key.
func testFirstSigningKey(t *testing.T, o Opened) {
	first := func(i int) account.Change {
		return account.Change{FirstOnly: true, SigningKeys: []account.SigningKey{{
			ID: fmt.Sprintf("sgn_%02d", i), Secret: []byte{byte(i)}, CreatedAt: accountTime,
		}}}
	}
	oneWins(t, together(scale(16, 8), func(i int) error { return o.Store.ApplyAccount(t.Context(), first(i)) }))
	keys, err := o.Store.SigningKeys(t.Context())
	if err != nil || len(keys) != 1 {
		t.Fatalf("signing keys %d, %v: want one", len(keys), err)
	}
	keys[0].RetiredAt = accountTime.Add(time.Hour)
	wantErr(t, o.Store.ApplyAccount(t.Context(), account.Change{SigningKeys: keys}), nil)
	wantErr(t, o.Store.ApplyAccount(t.Context(), first(77)), nil) // none that may sign is left
	wantErr(t, o.Store.ApplyAccount(t.Context(), first(78)), account.ErrConflict)
}

func oneWins(t *testing.T, errs []error) {
	t.Helper()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, account.ErrConflict) {
			t.Errorf("a loser got %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d won, want 1", won)
	}
}
