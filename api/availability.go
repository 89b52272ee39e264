package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/inventory"
	"github.com/vacancyhq/vacancy/stay"
)

// AvailabilityWrite gives nights absolute values.
type AvailabilityWrite struct {
	Ranges []AvailabilityRange `json:"ranges" minItems:"1" maxItems:"1000" doc:"In order: a later one counts where they overlap" nullable:"false"`
	Force  bool                `json:"force,omitempty" doc:"Take counts below what is sold: an overbooking case is opened"`
}

// AvailabilityRange is the nights from..through, both included, on weekdays.
type AvailabilityRange struct {
	RoomTypeIDs []string `json:"room_type_ids,omitempty" maxItems:"200" doc:"Absent: every room type" nullable:"false"`
	From        string   `json:"from" maxLength:"10" example:"2027-05-01"`
	Through     string   `json:"through" maxLength:"10" example:"2027-05-31"`
	Weekdays    []string `json:"weekdays,omitempty" maxItems:"7" doc:"mon to sun; absent: every day" nullable:"false"`
	Stock       *int     `json:"stock,omitempty" minimum:"0" maximum:"10000" doc:"Rooms there are"`
	OutOfOrder  *int     `json:"out_of_order,omitempty" minimum:"0" maximum:"10000"`
	Overbooking *int     `json:"overbooking,omitempty" minimum:"0" maximum:"10000" doc:"Rooms sold beyond those in order"`
	Blocked     *int     `json:"blocked,omitempty" minimum:"0" maximum:"10000" doc:"Kept back for groups"`
	Version     int64    `json:"version,omitempty" minimum:"0" doc:"Expected version of each night; absent: any"`
}

// AvailabilityWritten is what a write did.
type AvailabilityWritten struct {
	Nights int `json:"nights" doc:"Room type nights that were written"`
}

// Availability is the counters of nights.
type Availability struct {
	Nights []NightCount `json:"nights" nullable:"false"`
}

// NightCount is the counters of one room type on one night.
type NightCount struct {
	RoomTypeID string `json:"room_type_id"`
	Night      string `json:"night"`
	Stock      int    `json:"stock"`
	OutOfOrder int    `json:"out_of_order"`
	Cap        int    `json:"cap" doc:"Stock - out of order + declared overbooking"`
	Sold       int    `json:"sold"`
	Held       int    `json:"held"`
	Blocked    int    `json:"blocked"`
	Free       int    `json:"free"`
	Oversold   int    `json:"oversold,omitempty" doc:"How far above the cap forced sales went"`
	Version    int64  `json:"version"`
}

type availabilityInput struct {
	PropertyPath
	Body AvailabilityWrite
}

type nightsInput struct {
	PropertyPath
	From    string `query:"from" required:"true" maxLength:"10" example:"2027-05-01"`
	Through string `query:"through" required:"true" maxLength:"10" example:"2027-05-31"`
}

func (d *door) availabilityRoutes() {
	write[availabilityInput, AvailabilityWritten](d, route{
		id: "set-availability", method: http.MethodPost, path: "/v1/properties/{property_id}/availability", tag: ari,
		rule: house(account.WriteRates), summary: "Set how many rooms there are, by room types, dates and weekdays",
		doc: "Absolute values; all ranges or none.",
	}, d.setAvailability)
	read(d, route{
		id: "get-availability", method: http.MethodGet, path: "/v1/properties/{property_id}/availability", tag: ari,
		rule: house(account.ReadProperties), summary: "The counters of nights, at most 100 days",
	}, d.getAvailability)
}

func (d *door) setAvailability(ctx context.Context, c *call, in *availabilityInput) (answer, error) {
	a := inventory.Availability{PropertyID: in.PropertyID, Force: in.Body.Force, By: c.Caller}
	for i, r := range in.Body.Ranges {
		at := fmt.Sprintf("body.ranges[%d].", i)
		from, through, days, err := parseSpan(at, r.From, r.Through, r.Weekdays)
		if err != nil {
			return answer{}, err
		}
		a.Ranges = append(a.Ranges, inventory.Range{
			RoomTypeIDs: r.RoomTypeIDs, From: from, Through: through, Days: days, Stock: r.Stock,
			OutOfOrder: r.OutOfOrder, Overbooking: r.Overbooking, Blocked: r.Blocked, Version: r.Version,
		})
	}
	cmd := command(c, func(w inventory.Written) (int, []byte) {
		return http.StatusOK, encode(AvailabilityWritten{Nights: w.Nights})
	})
	return given(d.Inventory.SetAvailability(ctx, cmd, a))
}

// parseSpan reads a range of nights with its weekdays.
func parseSpan(at, from, through string, weekdays []string) (first, last stay.Date, days stay.Weekdays, err error) {
	if first, err = parseDate(at+"from", from); err != nil {
		return 0, 0, 0, err
	}
	if last, err = parseDate(at+"through", through); err != nil {
		return 0, 0, 0, err
	}
	if last < first {
		return 0, 0, 0, fault(at+"through", "must not be before from")
	}
	days, err = parseDays(at+"weekdays", weekdays)
	return first, last, days, err
}

// maxDays bounds a read of nights.
const maxDays = 100

func (d *door) getAvailability(ctx context.Context, _ *call, in *nightsInput) (Availability, error) {
	from, through, _, err := parseSpan("query.", in.From, in.Through, nil)
	if err != nil {
		return Availability{}, err
	}
	if through-from >= maxDays {
		return Availability{}, fault("query.through", fmt.Sprintf("must be within %d days of from; ask again for later ones", maxDays))
	}
	nights, err := d.Inventory.Nights(ctx, in.PropertyID, from, through.Add(1))
	if err != nil {
		return Availability{}, err
	}
	out := Availability{Nights: make([]NightCount, len(nights))}
	for i, n := range nights {
		out.Nights[i] = NightCount{
			RoomTypeID: n.RoomTypeID, Night: n.Night.String(), Stock: n.Stock, OutOfOrder: n.OutOfOrder, Cap: n.Cap,
			Sold: n.Sold, Held: n.Held, Blocked: n.Blocked, Free: n.Free(), Oversold: n.Oversold, Version: n.Version,
		}
	}
	return out, nil
}
