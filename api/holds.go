package api

import (
	"context"
	"net/http"
	"time"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/guest"
)

// channel is what bookings made through this door are marked with.
const channel = "api"

// HoldRequest takes rooms for ten minutes.
type HoldRequest struct {
	Offers []string `json:"offers" minItems:"1" maxItems:"10" doc:"Tokens of offers of one property; one for each room" nullable:"false"`
}

// Hold is rooms that are kept for a guest until it expires.
type Hold struct {
	ID         string `json:"id"`
	PropertyID string `json:"property_id"`
	State      string `json:"state" example:"held"`
	Version    int64  `json:"version"`
	ExpiresAt  string `json:"expires_at,omitempty"`
	Extensions int    `json:"extensions" doc:"How often it was extended; twice is all"`
	Total      Money  `json:"total"`
	Stays      []Stay `json:"stays" nullable:"false"`
}

// Stay is one room stay of a hold or booking.
type Stay struct {
	ID    string `json:"id"`
	State string `json:"state"`
	Terms Terms  `json:"room"`
	Fee   *Money `json:"cancellation_fee,omitempty" doc:"Of a cancellation or no-show"`

	Removed     *Money `json:"removed_nights_fee,omitempty" doc:"Of nights that were given up earlier"`
	MovedTo     string `json:"moved_to_room_type_id,omitempty" doc:"In which the guests are put, when that is not what was sold"`
	CheckedInAt string `json:"checked_in_at,omitempty"`
	EndedAt     string `json:"ended_at,omitempty" doc:"Checked out, cancelled or recorded as no-show"`
}

type holdInput struct {
	Body HoldRequest
}

// Contact is how to reach the guest of a hold.
type Contact struct {
	Email    string `json:"email" minLength:"3" maxLength:"254"`
	Language string `json:"language,omitempty" maxLength:"35" pattern:"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$" doc:"BCP 47; what is written is in it, where we can"`
}

type contactInput struct {
	HoldID string `path:"hold_id" maxLength:"64"`
	Body   Contact
}

type holdPath struct {
	HoldID string `path:"hold_id" maxLength:"64"`
}

func (d *door) holdRoutes() {
	write[holdInput, Hold](d, route{
		id: "create-hold", method: http.MethodPost, path: "/v1/holds", tag: "Booking", status: http.StatusCreated,
		rule: caller(account.WriteBookings), summary: "Keep the rooms of offers for ten minutes, all or none",
		doc: "An offer that has not expired is honoured at its price whatever was changed since; only missing rooms stop it. " +
			"Guests at one address may hold a few rooms at a time; a tenant's credential is not limited so.",
	}, d.createHold)
	read(d, route{
		id: "get-hold", method: http.MethodGet, path: "/v1/holds/{hold_id}", tag: "Booking", rule: holder(), summary: "A hold",
	}, func(_ context.Context, c *call, _ *holdPath) (Hold, error) {
		c.etag = etag(c.booking.Version)
		return holdOf(c.booking), nil
	})
	write[holdPath, Hold](d, route{
		id: "extend-hold", method: http.MethodPost, path: "/v1/holds/{hold_id}/extend", tag: "Booking", rule: holder(),
		summary: "Ten minutes more, at most twice",
	}, func(ctx context.Context, c *call, _ *holdPath) (answer, error) {
		return d.keeping(c, len(c.booking.Stays), func() (booking.Answer, error) {
			return d.Bookings.Extend(ctx, c.holding(http.StatusOK), c.booking)
		})
	})
	write[contactInput, Hold](d, route{
		id: "give-contact", method: http.MethodPost, path: "/v1/holds/{hold_id}/contact", tag: "Booking", rule: holder(),
		summary: "Where to write to before the hold ends", doc: "The address is forgotten with the hold, unless it is booked.",
	}, func(ctx context.Context, c *call, in *contactInput) (answer, error) {
		person := guest.Guest{Email: in.Body.Email, Language: in.Body.Language}
		if c.TenantID == "" { // a tenant's own credential is trusted
			if enough, wait := d.Letters.Try(c.client, guest.NormalEmail(person.Email)); enough || wait > 0 {
				return answer{}, tooOften(max(wait, time.Hour))
			}
		}
		return given(d.Bookings.Contact(ctx, c.holding(http.StatusOK), c.booking, person))
	})
	write[holdPath, Hold](d, route{
		id: "release-hold", method: http.MethodDelete, path: "/v1/holds/{hold_id}", tag: "Booking", rule: holder(),
		summary: "Give the rooms back before the time",
	}, func(ctx context.Context, c *call, _ *holdPath) (answer, error) {
		return given(d.Bookings.Release(ctx, c.holding(http.StatusOK), c.booking))
	})
}

func (d *door) createHold(ctx context.Context, c *call, in *holdInput) (answer, error) {
	a, err := d.keeping(c, len(in.Body.Offers), func() (booking.Answer, error) {
		return d.Bookings.Hold(ctx, c.holding(http.StatusCreated), in.Body.Offers)
	})
	if err == nil {
		d.Meters.wrote("hold", a)
	}
	return a, err
}

// holding is the command of a verb that answers with a hold.
func (c *call) holding(status int) booking.Command {
	return c.booked(func(r booking.Result) (int, []byte) { return status, encode(holdOf(r.Booking)) })
}

func (c *call) booked(render func(booking.Result) (int, []byte)) booking.Command {
	return booking.Command{Caller: c.Caller, Channel: channel, Key: c.key, Fingerprint: c.fingerprint, Render: render}
}

func holdOf(b booking.Booking) Hold {
	wire := Hold{
		ID: b.ID, PropertyID: b.PropertyID, State: string(b.State()), Version: b.Version,
		ExpiresAt: stamp(b.HeldUntil), Extensions: b.Extensions, Total: moneyOf(totalOf(b)), Stays: staysOf(b),
	}
	return wire
}
