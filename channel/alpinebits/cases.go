package alpinebits

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/big"
	"slices"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

// ErrCase is a line of a cases file, or an inventory, that cannot be used.
var ErrCase = errors.New("alpinebits: bad case")

// Case is a stay to be priced under one message, and what an oracle says of it.
type Case struct {
	Line     int // in the cases file
	ID       string
	Message  string // file name
	Request  pricing.Request
	Expected map[string]*big.Rat // total by category, in major units; nil: nothing is expected
	Skipped  []string
}

type wireCase struct {
	ID          string                  `json:"id"`
	Message     string                  `json:"message"`
	Arrival     *stay.Date              `json:"arrival"`
	Departure   *stay.Date              `json:"departure"`
	BookingDate *stay.Date              `json:"booking_date"`
	Adults      *int                    `json:"adults"`
	Children    []int                   `json:"children"`
	Expected    *map[string]json.Number `json:"expected"`
	Skipped     []string                `json:"skipped"`
}

const maxCaseBytes = 1 << 20

// ReadCases reads one case a line, as JSON; empty lines are passed over. The
// first bad line fails with ErrCase and its number.
func ReadCases(from io.Reader) ([]Case, error) {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, maxCaseBytes)
	var cases []Case
	number := 0
	for lines.Scan() {
		number++
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		c, err := readCase(lines.Bytes())
		if err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrCase, number, err)
		}
		c.Line = number
		cases = append(cases, c)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: line %d: %w", ErrCase, number+1, err)
	}
	return cases, nil
}

func readCase(line []byte) (Case, error) {
	var wire wireCase
	if err := json.Unmarshal(line, &wire); err != nil {
		return Case{}, err
	}
	switch {
	case wire.Message == "":
		return Case{}, errors.New("message is missing")
	case wire.Arrival == nil || wire.Departure == nil || wire.BookingDate == nil:
		return Case{}, errors.New("arrival, departure and booking_date must be given")
	case *wire.Departure <= *wire.Arrival:
		return Case{}, errors.New("departure must be after arrival")
	case wire.Adults == nil || *wire.Adults < 0 || slices.ContainsFunc(wire.Children, func(age int) bool { return age < 0 }):
		return Case{}, errors.New("adults must be given; no number of adults and no age is negative")
	}
	c := Case{ID: wire.ID, Message: wire.Message, Skipped: wire.Skipped, Request: pricing.Request{
		Stay:     stay.Stay{Arrival: *wire.Arrival, Departure: *wire.Departure},
		Party:    stay.Party{Adults: *wire.Adults, ChildAges: wire.Children},
		BookedOn: *wire.BookingDate,
	}}
	if wire.Expected == nil {
		return c, nil
	}
	c.Expected = map[string]*big.Rat{}
	for category, text := range *wire.Expected {
		total, ok := new(big.Rat).SetString(text.String())
		if !ok {
			return Case{}, fmt.Errorf("expected %q must be a number", category)
		}
		c.Expected[category] = total
	}
	return c, nil
}

// Inventory is the rooms of each message by category, by the message's file name.
type Inventory map[string]map[string]property.RoomType

// ReadInventory reads {"file.xml": {"rooms": [{"code", "min", "std", "max", "mch"}]}}.
func ReadInventory(from io.Reader) (Inventory, error) {
	var wire map[string]struct {
		Rooms []struct {
			Code          string
			Min, Std, Max int
			MCH           *int
		}
	}
	if err := json.NewDecoder(from).Decode(&wire); err != nil {
		return nil, fmt.Errorf("%w: inventory: %w", ErrCase, err)
	}
	all := Inventory{}
	for message, listed := range wire {
		all[message] = map[string]property.RoomType{}
		for _, r := range listed.Rooms {
			if r.Code == "" || r.Min < 0 || r.Std < 1 || r.Max < 1 || (r.MCH != nil && *r.MCH < 0) {
				return nil, fmt.Errorf("%w: inventory: a room of %q needs a code, std and max of at least 1, and nothing negative", ErrCase, message)
			}
			all[message][r.Code] = property.RoomType{ID: r.Code, Code: r.Code, MinGuests: r.Min, Standard: r.Std, MaxGuests: r.Max, MaxChildren: r.MCH}
		}
	}
	return all, nil
}

// Result is a case with what it was priced at, or why it could not be.
type Result struct {
	Case   Case
	Answer Answer
	Err    error
}

// Matches tells whether every total is within 0.01 of what was expected and the
// skipped codes are equal; false when nothing was expected.
func (r Result) Matches() bool {
	if r.Err != nil || r.Case.Expected == nil || len(r.Case.Expected) != len(r.Answer.Totals) || !slices.Equal(r.Case.Skipped, r.Answer.Skipped) {
		return false
	}
	cent := big.NewRat(1, 100)
	for category, total := range r.Answer.Totals {
		want, ok := r.Case.Expected[category]
		if !ok {
			return false
		}
		off := new(big.Rat).Sub(major(total), want)
		if off.Abs(off).Cmp(cent) > 0 {
			return false
		}
	}
	return true
}

// major is an amount in whole units of its currency: euros, not cents.
func major(a money.Amount) *big.Rat {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(a.Currency.Exponent())), nil)
	return new(big.Rat).SetFrac(big.NewInt(a.Minor), scale)
}

// PriceCases prices every case under its message, which is read from messages
// once. A message that cannot be read fails its own cases only.
func PriceCases(messages fs.FS, inventory Inventory, cases []Case) []Result {
	type opened struct {
		message RatePlans
		err     error
	}
	read := map[string]opened{}
	results := make([]Result, len(cases))
	for i, c := range cases {
		m, ok := read[c.Message]
		if !ok {
			m.message, m.err = openMessage(messages, c.Message)
			read[c.Message] = m
		}
		results[i] = Result{Case: c, Err: m.err}
		if m.err == nil {
			results[i].Answer, results[i].Err = m.message.Price(inventory[c.Message], c.Request)
		}
	}
	return results
}

func openMessage(messages fs.FS, name string) (RatePlans, error) {
	f, err := messages.Open(name)
	if err != nil {
		return RatePlans{}, fmt.Errorf("%w: %w", ErrCase, err)
	}
	defer f.Close()
	m, err := ReadRatePlans(f)
	if err != nil {
		return RatePlans{}, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

// Categories lists what was priced, in order.
func (a Answer) Categories() []string { return slices.Sorted(maps.Keys(a.Totals)) }
