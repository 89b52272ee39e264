package replay

// Odd counts the rows that need a decision; README.md says which was taken.
type Odd struct {
	DayUse              int `json:"day_use"`                  // 0 nights: no stock
	NoAdult             int `json:"no_adult"`                 // one adult assumed
	NegativePrice       int `json:"negative_price"`           // price 0 and an adjustment
	FreeOfCharge        int `json:"free_of_charge"`           // nights at 0
	Moves               int `json:"room_moves"`               // assigned another type than reserved, and arrived
	MovesUnseen         int `json:"room_moves_not_arrived"`   // assigned another type and never arrived: no move
	Changes             int `json:"booking_changes"`          // counted only
	CancelledBefore     int `json:"cancelled_before_booked"`  // taken as cancelled on the day of booking
	CancelledOnArrival  int `json:"cancelled_on_arrival_day"` // before the arrivals of the day
	CancelledAfter      int `json:"cancelled_after_arrival"`  // on its date; all nights return
	LeftOnArrival       int `json:"left_on_arrival_day"`      // with nights booked: the first stays sold
	LeftBeforeArrival   int `json:"left_before_arrival"`      // taken as left on the day of arrival
	LeftEarly           int `json:"left_early"`               // later nights return
	LeftLate            int `json:"left_late"`                // no night beyond those booked
	NoShowOnAnotherDate int `json:"no_show_not_on_arrival"`   // taken as of the day of arrival
	NoShowDayUse        int `json:"no_show_of_day_use"`       // nothing was sold
}

// oddOf counts the odd rows.
func oddOf(rows []Row) (o Odd) {
	add := func(n *int, is bool) {
		if is {
			*n++
		}
	}
	for _, r := range rows {
		add(&o.DayUse, r.Nights == 0)
		add(&o.NoAdult, r.Adults == 0)
		add(&o.NegativePrice, r.Price < 0)
		add(&o.FreeOfCharge, r.Price == 0 && r.Nights > 0)
		moved, arrived := r.Assigned != r.Reserved, r.Outcome == CheckedOut
		add(&o.Moves, moved && arrived)
		add(&o.MovesUnseen, moved && !arrived)
		o.Changes += r.Changes
		cancelled, missed := r.Outcome == Canceled, r.Outcome == NoShow
		add(&o.CancelledBefore, cancelled && r.StatusOn < r.BookedOn)
		add(&o.CancelledOnArrival, cancelled && r.StatusOn == r.Arrival && r.BookedOn < r.Arrival)
		add(&o.CancelledAfter, cancelled && r.StatusOn > r.Arrival)
		add(&o.LeftOnArrival, arrived && r.StatusOn == r.Arrival && r.Nights > 0)
		add(&o.LeftBeforeArrival, arrived && r.StatusOn < r.Arrival)
		add(&o.LeftEarly, arrived && r.Arrival < r.StatusOn && r.StatusOn < r.Departure())
		add(&o.LeftLate, arrived && r.StatusOn > r.Departure())
		add(&o.NoShowOnAnotherDate, missed && r.StatusOn != r.Arrival)
		add(&o.NoShowDayUse, missed && r.Nights == 0)
	}
	return o
}
