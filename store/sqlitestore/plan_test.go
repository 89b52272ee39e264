package sqlitestore

import (
	"strings"
	"testing"
)

// What every booking runs goes by an index: a plan that walks a table is fast
// in every test and slow in the first real house.
func TestPlans(t *testing.T) {
	s := openFresh(t)
	for query, want := range map[string]string{
		changeNight:         "PRIMARY KEY (property_id=? AND room_type_id=? AND night=?)",
		selectNight:         "PRIMARY KEY (property_id=? AND room_type_id=? AND night=?)",
		selectNights:        "PRIMARY KEY (property_id=? AND room_type_id=? AND night>? AND night<?)",
		updateBooking:       "booking_id (id=?)",
		selectBooking:       "booking_id (id=?)",
		selectBookingByCode: "booking_code (code=?)",
		selectBookings:      "PRIMARY KEY (property_id=? AND id<?)",
		selectDeadHolds:     "booking_held (held_until<?)",
		selectDeadOn:        "booking_held (held_until<?)",
		selectStays:         "(property_id=? AND booking_id=?)",
		selectPostings:      "posting_booking (property_id=? AND booking_id=?)",
		selectRequest:       "(property_id=? AND caller=? AND key=?)",
		selectEvents:        "INTEGER PRIMARY KEY (rowid>?)",
		selectReviews:       "review_newest (property_id=?",
		selectReviewOf:      "review_booking (property_id=? AND booking_id=?)",
		selectOfTenant:      "property_tenant (tenant_id=? AND property_id>?)",
	} {
		steps, err := list(t.Context(), s.conns[0], func(row scanner) (detail string, err error) {
			var id, parent, unused int
			err = row.Scan(&id, &parent, &unused, &detail)
			return detail, err
		}, "EXPLAIN QUERY PLAN "+query, make([]any, 32)...)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		plan := strings.Join(steps, "; ")
		if !strings.Contains(plan, want) || strings.Contains(plan, "SCAN") {
			t.Errorf("%s\nruns as %s,\nwant %s", query, plan, want)
		}
	}
}
