package api

import (
	"context"
	"net/http"
	"time"

	"github.com/vacancyhq/vacancy/account"
)

// SetupRequest makes the first tenant with its administrator.
type SetupRequest struct {
	Tenant   string `json:"tenant" minLength:"1" maxLength:"200" doc:"Name of the house, chain or agency"`
	Name     string `json:"name" minLength:"1" maxLength:"200" doc:"Of the administrator"`
	Email    string `json:"email" minLength:"3" maxLength:"254"`
	Password string `json:"password" minLength:"12" maxLength:"128"`
}

// Setup is the first tenant; its key is shown this once.
type Setup struct {
	TenantID string `json:"tenant_id"`
	StaffID  string `json:"staff_id"`
	Secret   string `json:"secret" doc:"An API key with every scope: keep it, it is not shown again"`
}

// KeyRequest is what an administrator decides about a key.
type KeyRequest struct {
	Name        string   `json:"name" minLength:"1" maxLength:"200"`
	Scopes      []string `json:"scopes" minItems:"1" maxItems:"7" nullable:"false" example:"[\"properties:read\",\"ari:write\"]"`
	PropertyIDs []string `json:"property_ids,omitempty" maxItems:"1000" doc:"Absent: all of the tenant's" nullable:"false"`
}

// Key is an API key without its secret.
type Key struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Scopes      []string `json:"scopes" nullable:"false"`
	PropertyIDs []string `json:"property_ids,omitempty" nullable:"false"`
	CreatedAt   string   `json:"created_at"`
	LastUsedAt  string   `json:"last_used_at,omitempty" doc:"To the minute"`
	RevokedAt   string   `json:"revoked_at,omitempty" doc:"In the future while a rotated key still works"`
}

// NewKey is a key with its secret, shown this once.
type NewKey struct {
	Key
	Secret string `json:"secret" doc:"Keep it, it is not shown again"`
}

// Keys is the keys of a tenant.
type Keys struct {
	Keys []Key `json:"keys" nullable:"false"`
}

// RotateRequest says how long the old secret still works.
type RotateRequest struct {
	OverlapHours int `json:"overlap_hours" minimum:"0" maximum:"168"`
}

// StaffRequest is what an administrator decides about a person.
type StaffRequest struct {
	Email       string   `json:"email" minLength:"3" maxLength:"254"`
	Name        string   `json:"name" minLength:"1" maxLength:"200"`
	Password    string   `json:"password" minLength:"12" maxLength:"128"`
	Scopes      []string `json:"scopes" minItems:"1" maxItems:"7" nullable:"false"`
	PropertyIDs []string `json:"property_ids,omitempty" maxItems:"1000" nullable:"false"`
}

// Staff is a person who works for a tenant.
type Staff struct {
	ID          string   `json:"id"`
	Email       string   `json:"email"`
	Name        string   `json:"name"`
	Scopes      []string `json:"scopes" nullable:"false"`
	PropertyIDs []string `json:"property_ids,omitempty" nullable:"false"`
}

// SignIn opens a session.
type SignIn struct {
	Email    string `json:"email" maxLength:"254"`
	Password string `json:"password" maxLength:"500"`
}

// Session is a signed-in person's credential.
type Session struct {
	Token     string `json:"token" doc:"Send it as Authorization: Bearer"`
	ExpiresAt string `json:"expires_at"`
}

// Nothing is the answer of a write that leaves nothing to say.
type Nothing struct{}

type (
	setupInput struct{ Body SetupRequest }
	keyInput   struct{ Body KeyRequest }
	keyPath    struct {
		KeyID string `path:"key_id" maxLength:"64"`
	}
	rotateInput struct {
		KeyID string `path:"key_id" maxLength:"64"`
		Body  RotateRequest
	}
	staffInput struct{ Body StaffRequest }
	staffPath  struct {
		StaffID string `path:"staff_id" maxLength:"64"`
	}
	signInInput struct{ Body SignIn }
)

// Secrets are shown once and stored nowhere, so the answers of these writes are
// remembered by the process only, for minutes (memory). A key whose answer was
// lost for longer is seen in the list, unused, and is revoked.
func (d *door) accountRoutes() {
	const tag = "Accounts"
	write[setupInput, Setup](d, route{
		id: "set-up", method: http.MethodPost, path: "/v1/setup", tag: tag, status: http.StatusCreated, keyless: true,
		rule: firstAdmin(), summary: "Make the first tenant with its administrator, once",
	}, d.setUp)
	read(d, route{
		id: "list-keys", method: http.MethodGet, path: "/v1/keys", tag: tag, rule: tenant(account.Admin), summary: "Your API keys",
	}, d.listKeys)
	write[keyInput, NewKey](d, route{
		id: "create-key", method: http.MethodPost, path: "/v1/keys", tag: tag, status: http.StatusCreated, volatile: true,
		rule: tenant(account.Admin), summary: "Make an API key",
	}, d.createKey)
	write[rotateInput, NewKey](d, route{
		id: "rotate-key", method: http.MethodPost, path: "/v1/keys/{key_id}/rotate", tag: tag, status: http.StatusCreated, volatile: true,
		rule: tenant(account.Admin), summary: "Make a key with the same rights; the old one works for a while longer",
	}, d.rotateKey)
	write[keyPath, Nothing](d, route{
		id: "revoke-key", method: http.MethodDelete, path: "/v1/keys/{key_id}", tag: tag, volatile: true,
		rule: tenant(account.Admin), summary: "End a key at once; again changes nothing",
	}, func(ctx context.Context, c *call, in *keyPath) (answer, error) {
		return answered(http.StatusOK, Nothing{}), d.Accounts.RevokeKey(ctx, c.Principal, in.KeyID)
	})
	write[staffInput, Staff](d, route{
		id: "create-staff", method: http.MethodPost, path: "/v1/staff", tag: tag, status: http.StatusCreated, volatile: true,
		rule: tenant(account.Admin), summary: "Add a person",
	}, d.createStaff)
	write[staffPath, Nothing](d, route{
		id: "disable-staff", method: http.MethodDelete, path: "/v1/staff/{staff_id}", tag: tag, volatile: true,
		rule: tenant(account.Admin), summary: "Shut a person out at once; again changes nothing",
	}, func(ctx context.Context, c *call, in *staffPath) (answer, error) {
		return answered(http.StatusOK, Nothing{}), d.Accounts.DisableStaff(ctx, c.Principal, in.StaffID)
	})
	write[signInInput, Session](d, route{
		id: "sign-in", method: http.MethodPost, path: "/v1/sessions", tag: tag, status: http.StatusCreated, keyless: true,
		rule: public(), summary: "Sign in; the session lives twelve hours",
	}, d.signIn)
	write[struct{}, Nothing](d, route{
		id: "sign-out", method: http.MethodDelete, path: "/v1/sessions/current", tag: tag, keyless: true,
		rule: public(), summary: "Sign out",
	}, func(ctx context.Context, c *call, _ *struct{}) (answer, error) {
		if c.secret == "" {
			return answer{}, account.ErrUnauthorized
		}
		return answered(http.StatusOK, Nothing{}), d.Accounts.SignOut(ctx, c.secret)
	})
}

func answered(status int, body any) answer { return answer{status: status, body: encode(body)} }

func (d *door) setUp(ctx context.Context, c *call, in *setupInput) (answer, error) {
	if _, err := d.limits.signIn(c.client); err != nil {
		return answer{}, err
	}
	tenant, staff, secret, err := d.Accounts.Setup(ctx, account.First{
		TenantName: in.Body.Tenant, Name: in.Body.Name, Email: in.Body.Email, Password: in.Body.Password,
	})
	if err != nil {
		return answer{}, err
	}
	return answered(http.StatusCreated, Setup{TenantID: tenant.ID, StaffID: staff.ID, Secret: secret}), nil
}

func (d *door) listKeys(ctx context.Context, c *call, _ *struct{}) (Keys, error) {
	keys, err := d.Accounts.Keys(ctx, c.Principal)
	if err != nil {
		return Keys{}, err
	}
	out := Keys{Keys: []Key{}}
	for _, k := range keys {
		out.Keys = append(out.Keys, keyOf(k))
	}
	return out, nil
}

func (d *door) createKey(ctx context.Context, c *call, in *keyInput) (answer, error) {
	key, secret, err := d.Accounts.CreateKey(ctx, c.Principal, account.NewKey{
		Name: in.Body.Name, Scopes: scopesOf(in.Body.Scopes), PropertyIDs: in.Body.PropertyIDs,
	})
	return answered(http.StatusCreated, NewKey{Key: keyOf(key), Secret: secret}), err
}

func (d *door) rotateKey(ctx context.Context, c *call, in *rotateInput) (answer, error) {
	overlap := time.Duration(in.Body.OverlapHours) * time.Hour
	key, secret, err := d.Accounts.RotateKey(ctx, c.Principal, in.KeyID, overlap)
	return answered(http.StatusCreated, NewKey{Key: keyOf(key), Secret: secret}), err
}

func (d *door) createStaff(ctx context.Context, c *call, in *staffInput) (answer, error) {
	s, err := d.Accounts.CreateStaff(ctx, c.Principal, account.NewStaff{
		Email: in.Body.Email, Name: in.Body.Name, Password: in.Body.Password,
		Scopes: scopesOf(in.Body.Scopes), PropertyIDs: in.Body.PropertyIDs,
	})
	return answered(http.StatusCreated, Staff{
		ID: s.ID, Email: s.Email, Name: s.Name, Scopes: scopeNames(s.Scopes), PropertyIDs: s.PropertyIDs,
	}), err
}

func (d *door) signIn(ctx context.Context, c *call, in *signInInput) (answer, error) {
	right, err := d.limits.signIn(c.client)
	if err != nil {
		return answer{}, err
	}
	session, token, err := d.Accounts.SignIn(ctx, in.Body.Email, in.Body.Password)
	if err == nil {
		right()
	}
	return answered(http.StatusCreated, Session{Token: token, ExpiresAt: stamp(session.ExpiresAt)}), err
}

func keyOf(k account.Key) Key {
	return Key{
		ID: k.ID, Name: k.Name, Scopes: scopeNames(k.Scopes), PropertyIDs: k.PropertyIDs,
		CreatedAt: stamp(k.CreatedAt), LastUsedAt: stamp(k.LastUsedAt), RevokedAt: stamp(k.RevokedAt),
	}
}

func scopesOf(names []string) []account.Scope {
	scopes := make([]account.Scope, len(names))
	for i, n := range names {
		scopes[i] = account.Scope(n)
	}
	return scopes
}

func scopeNames(scopes []account.Scope) []string {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = string(s)
	}
	return names
}
