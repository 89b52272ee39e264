package bench

import (
	"encoding/json"
	"strconv"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/outbox"
)

// eventOf has the fields of the product's event of a booking.
func eventOf(b booking.Booking) outbox.Event {
	s := b.Stays[0]
	data := []byte(`{"booking_id":"` + b.ID + `","booking_version":` + strconv.FormatInt(b.Version, 10) +
		`,"state":"` + string(s.State) + `","channel":"web","stays":[{"id":"` + s.ID + `","state":"` + string(s.State) +
		`","room_type_id":"` + s.Terms.RoomTypeID + `","rate_plan_id":"` + s.Terms.PlanID +
		`","arrival":"` + s.Terms.Stay.Arrival.String() + `","departure":"` + s.Terms.Stay.Departure.String() +
		`","total_minor":` + strconv.FormatInt(s.Terms.Total, 10) + `,"currency":"EUR"}]}`)
	return outbox.Event{PropertyID: b.PropertyID, Type: "booking." + string(s.State), Version: 1, Data: data}
}

// answerOf has about the bytes of the answer that the API stores.
func answerOf(b booking.Booking) []byte {
	return []byte(`{"id":"` + b.ID + `","property_id":"` + b.PropertyID + `","code":"` + b.Code + answerRest)
}

const answerRest = `","state":"confirmed","channel":"web","stays":[{"state":"confirmed","room_type":"Double room with balcony",` +
	`"plan":"Flexible","board":"room_only","arrival":"2031-02-03","departure":"2031-02-05","party":{"adults":2},` +
	`"total":{"amount":"258.00","currency":"EUR","minor":25800},"nights":[{"date":"2031-02-03","price":{"amount":"129.00",` +
	`"currency":"EUR","minor":12900}},{"date":"2031-02-04","price":{"amount":"129.00","currency":"EUR","minor":12900}}],` +
	`"cancellation":[{"until":"2031-02-02T18:00:00+01:00","fee":{"amount":"0.00","currency":"EUR","minor":0}},` +
	`{"fee":{"amount":"258.00","currency":"EUR","minor":25800}}]}],"guest":{"name":"Maria-Theresia Österreicher",` +
	`"email":"maria.theresia@example.com","phone":"+43 1 234 567 890","country":"AT","language":"de-AT"},` +
	`"due_at_property":{"amount":"258.00","currency":"EUR","minor":25800},"created_at":"2030-06-01T12:00:00Z"}`

// rowOf is the bytes of the booking's own row, without its stays and all that
// hangs on it: what the reference writes.
func rowOf(w wish, n int64) []byte {
	row, err := json.Marshal([]any{
		houseID(w.house), serialID("bkg", n), 1, "confirmed", strconv.FormatUint(mix(uint64(n))>>9, 32), caller, "web",
		serialID("gst", n), nil, 0, "2030-01", bookedAt, "", "", bookedAt, nil,
	})
	if err != nil {
		panic("bench: a row of plain values cannot be encoded: " + err.Error())
	}
	return row
}
