package inventory

import "github.com/vacancyhq/vacancy/stay"

// Counts is how many rooms of one type are free on some nights, for who reads
// those of many properties.
type Counts struct {
	PropertyID string
	RoomTypeID string
	Nights     []Count // those that have a row, in no order
}

// Count is one night's.
type Count struct {
	Night   stay.Date
	Free    int
	Version int64 // of the row
}
