package api

import (
	"context"
	"crypto/subtle"
	"errors"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
)

// rule is who may call a route. admit runs before the body is read, so that
// whoever may not gets nothing out of the request; what it had to load it
// leaves in the call. What is not the caller's does not exist: 404 (Property 63).
type rule struct {
	name  string
	say   string // for the documentation
	admit func(ctx context.Context, d *door, c *call, id func(name string) string) error
}

func (r rule) security() []map[string][]string {
	if r.name == "public" {
		return []map[string][]string{{}, {"bearer": {}}}
	}
	return []map[string][]string{{"bearer": {}}}
}

// public is for everybody.
func public() rule {
	return rule{name: "public", say: "everybody", admit: func(context.Context, *door, *call, func(string) string) error { return nil }}
}

// caller is for everybody who can be told apart: a guest with a checkout token,
// or a credential of a tenant with the scope.
func caller(scope account.Scope) rule {
	return rule{
		name: "caller", say: "a guest with a checkout token, or a credential with scope " + string(scope),
		admit: func(_ context.Context, _ *door, c *call, _ func(string) string) error {
			switch {
			case c.Caller == "":
				return account.ErrUnauthorized
			case c.TenantID != "" && !c.May(scope):
				return account.ErrForbidden
			}
			return nil
		},
	}
}

// tenant is for a tenant's credential with the scope.
func tenant(scope account.Scope) rule {
	return rule{
		name: "tenant", say: "a credential with scope " + string(scope),
		admit: func(_ context.Context, _ *door, c *call, _ func(string) string) error { return c.needs(scope) },
	}
}

// house is for a credential with the scope of the tenant that owns {property_id}.
func house(scope account.Scope) rule {
	return rule{
		name: "house", say: "a credential with scope " + string(scope) + " of the tenant that owns the property",
		admit: func(ctx context.Context, d *door, c *call, id func(string) string) error {
			if c.TenantID == "" {
				return account.ErrUnauthorized
			}
			p, err := d.Properties.Property(ctx, id("property_id"))
			if err != nil {
				return err
			}
			if !c.Reaches(p.TenantID, p.ID) {
				return errNotFound
			}
			c.property = p
			return c.needs(scope)
		},
	}
}

// party is for whom {booking_id} concerns: the guest who made it or has its
// manage link, and credentials with the scope of the tenant that owns the property.
func party(scope account.Scope) rule {
	return rule{
		name: "party", say: "the guest who made it, whoever has its manage token, or a credential with scope " + string(scope) + " of the tenant that owns the property",
		admit: func(ctx context.Context, d *door, c *call, id func(string) string) error {
			if c.manage != "" {
				return d.byManageToken(ctx, c, id("booking_id"))
			}
			if c.Caller == "" {
				return account.ErrUnauthorized
			}
			b, err := d.Bookings.Booking(ctx, id("booking_id"))
			if err != nil {
				return err
			}
			c.booking = b
			if c.TenantID == "" {
				if b.Caller != c.Caller {
					return errNotFound
				}
				return nil
			}
			p, err := d.Properties.Property(ctx, b.PropertyID)
			if err != nil {
				return err
			}
			if b.Caller != c.Caller && !c.Reaches(p.TenantID, p.ID) {
				return errNotFound
			}
			return c.needs(scope)
		},
	}
}

// author is for the guest of {booking_id} alone: who made it with a checkout
// token, or has its manage link. A tenant's credential does not write reviews.
func author() rule {
	return rule{
		name: "author", say: "the guest who made it, or whoever has its manage token",
		admit: func(ctx context.Context, d *door, c *call, id func(string) string) error {
			if c.manage != "" {
				return d.byManageToken(ctx, c, id("booking_id"))
			}
			if c.Caller == "" {
				return account.ErrUnauthorized
			}
			b, err := d.Bookings.Booking(ctx, id("booking_id"))
			if err != nil {
				return err
			}
			if c.TenantID != "" || b.Caller != c.Caller {
				return errNotFound
			}
			c.booking = b
			return nil
		},
	}
}

// desk is for the house's own people: a credential with the scope of the tenant
// that owns the property of {booking_id}. The guest, and an agency that made the
// booking, are not.
func desk(scope account.Scope) rule {
	return rule{
		name: "desk", say: "a credential with scope " + string(scope) + " of the tenant that owns the property",
		admit: func(ctx context.Context, d *door, c *call, id func(string) string) error {
			if c.TenantID == "" {
				return account.ErrUnauthorized
			}
			b, err := d.Bookings.Booking(ctx, id("booking_id"))
			if err != nil {
				return err
			}
			p, err := d.Properties.Property(ctx, b.PropertyID)
			if err != nil {
				return err
			}
			if !c.Reaches(p.TenantID, p.ID) {
				return errNotFound
			}
			c.booking = b
			return c.needs(scope)
		},
	}
}

// holder is for who made the hold {hold_id}, and nobody else.
func holder() rule {
	return rule{
		name: "holder", say: "who made the hold",
		admit: func(ctx context.Context, d *door, c *call, id func(string) string) error {
			if c.Caller == "" {
				return account.ErrUnauthorized
			}
			b, err := d.Bookings.Booking(ctx, id("hold_id"))
			if err != nil {
				return err
			}
			if b.Caller != c.Caller {
				return errNotFound
			}
			c.booking = b
			return nil
		},
	}
}

// firstAdmin is for whoever reads the set-up token from the machine's own console.
func firstAdmin() rule {
	return rule{
		name: "first-admin", say: "who has the set-up token that the server printed when it was started empty, as Authorization: Bearer",
		admit: func(_ context.Context, d *door, c *call, _ func(string) string) error {
			if d.SetupToken == "" {
				return errNotFound
			}
			if subtle.ConstantTimeCompare([]byte(c.manage), []byte(d.SetupToken)) != 1 {
				return errSetupToken
			}
			return nil
		},
	}
}

// needs tells whether the call is a tenant's with the scope.
func (c *call) needs(scope account.Scope) error {
	switch {
	case c.TenantID == "":
		return account.ErrUnauthorized
	case !c.May(scope):
		return account.ErrForbidden
	}
	return nil
}

// byManageToken admits the holder of a booking's link to that booking only.
func (d *door) byManageToken(ctx context.Context, c *call, id string) error {
	b, err := d.Bookings.Managed(ctx, c.manage)
	if errors.Is(err, booking.ErrNotFound) {
		return account.ErrUnauthorized
	}
	if err != nil {
		return err
	}
	if b.ID != id {
		return errNotFound
	}
	c.booking, c.Caller = b, "manage:"+b.ID
	return nil
}
