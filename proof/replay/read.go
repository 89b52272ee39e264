package replay

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/stay"
)

// required are the columns that a row cannot do without. The three that were
// added to the original are made from it where they are missing.
var required = []string{
	"hotel", "lead_time", "arrival_date_year", "arrival_date_month", "arrival_date_day_of_month",
	"stays_in_weekend_nights", "stays_in_week_nights", "adults", "children", "babies", "country",
	"reserved_room_type", "assigned_room_type", "booking_changes", "adr", "reservation_status", "reservation_status_date",
}

// ErrForm is a file that is not of the form of the hotel booking demand data.
var ErrForm = errors.New("replay: not a file of hotel bookings")

// maxCount bounds a number of people, changes or days ahead in the file.
const maxCount = 10_000

// ReadFile reads a file of bookings, plain or gzipped.
func ReadFile(path string) ([]Row, []Malformed, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	return Read(file)
}

// Read reads bookings row by row. A row that is none is listed with its line and
// reason and left out; only a file that is no such file at all is an error.
func Read(in io.Reader) (rows []Row, bad []Malformed, err error) {
	plain, err := unzipped(in)
	if err != nil {
		return nil, nil, err
	}
	reader := csv.NewReader(plain)
	reader.ReuseRecord = true
	reader.FieldsPerRecord = -1 // a short row is reported, not fatal
	columns, err := header(reader)
	if err != nil {
		return nil, nil, err
	}
	seen := make(map[int64]int)
	for {
		fields, err := reader.Read()
		if err == io.EOF {
			return rows, bad, nil
		}
		line, _ := reader.FieldPos(0)
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			bad = append(bad, Malformed{broken.StartLine, broken.Err.Error()})
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("replay: line %d: %w", line, err)
		}
		row, err := columns.row(line, fields)
		if first, twice := seen[row.ID]; err == nil && twice {
			err = fmt.Errorf("id %d is that of line %d", row.ID, first)
		}
		if err != nil {
			bad = append(bad, Malformed{line, err.Error()})
			continue
		}
		seen[row.ID] = line
		rows = append(rows, row)
	}
}

func unzipped(in io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(in, 1<<16)
	if magic, _ := buffered.Peek(2); string(magic) == "\x1f\x8b" {
		return gzip.NewReader(buffered)
	}
	return buffered, nil
}

// columns finds fields by the names of the header.
type columns map[string]int

func header(reader *csv.Reader) (columns, error) {
	names, err := reader.Read()
	if err != nil {
		return nil, fmt.Errorf("%w: no header: %w", ErrForm, err)
	}
	c := make(columns)
	for i, name := range names {
		name = strings.TrimPrefix(strings.TrimSpace(name), "\ufeff")
		if _, twice := c[name]; twice {
			return nil, fmt.Errorf("%w: column %q comes twice", ErrForm, name)
		}
		c[name] = i
	}
	for _, name := range required {
		if _, ok := c[name]; !ok {
			return nil, fmt.Errorf("%w: column %q is missing", ErrForm, name)
		}
	}
	return c, nil
}

// fields reads one row; the first thing that is wrong is kept.
type fields struct {
	columns
	values []string
	err    error
}

func (c columns) row(line int, values []string) (Row, error) {
	if len(values) != len(c) {
		return Row{}, fmt.Errorf("%d fields, the header has %d", len(values), len(c))
	}
	f := &fields{columns: c, values: values}
	r := Row{
		Line: line, ID: int64(line),
		Hotel: f.text("hotel"), Country: f.optional("country"),
		Arrival:  f.arrival(),
		Nights:   f.count("stays_in_weekend_nights") + f.count("stays_in_week_nights"),
		Adults:   f.count("adults"),
		Children: f.count("children"),
		Babies:   f.count("babies"),
		Reserved: f.text("reserved_room_type"), Assigned: f.text("assigned_room_type"),
		Changes: f.count("booking_changes"), Price: f.price("adr"),
		Outcome: Outcome(f.text("reservation_status")), StatusOn: f.date("reservation_status_date"),
	}
	r.BookedOn = r.Arrival.Add(-f.count("lead_time"))
	if f.has("id") {
		r.ID = f.number("id")
	}
	if f.has("booked_on") {
		r.BookedOn = f.date("booked_on")
	}
	if f.err != nil {
		return Row{}, f.err
	}
	return r, r.check()
}

// check reports what no booking can be.
func (r Row) check() error {
	switch {
	case r.Nights > stay.MaxNights:
		return fmt.Errorf("%d nights, at most %d can be booked at once", r.Nights, stay.MaxNights)
	case r.BookedOn > r.Arrival:
		return fmt.Errorf("booked on %s, after the arrival on %s", r.BookedOn, r.Arrival)
	case r.Outcome != CheckedOut && r.Outcome != Canceled && r.Outcome != NoShow:
		return fmt.Errorf("reservation_status %q is none of Check-Out, Canceled, No-Show", r.Outcome)
	}
	return nil
}

func (f *fields) fail(column, why string) {
	if f.err == nil {
		f.err = fmt.Errorf("%s: %s", column, why)
	}
}

func (f *fields) has(column string) bool { return f.optional(column) != "" }

// optional is the field's text; "" for NULL, NA and a column that is not there.
func (f *fields) optional(column string) string {
	i, ok := f.columns[column]
	if !ok {
		return ""
	}
	text := strings.TrimSpace(f.values[i])
	if text == "NULL" || text == "NA" {
		return ""
	}
	return strings.Clone(text) // a field is a piece of its line, which need not be kept
}

func (f *fields) text(column string) string {
	text := f.optional(column)
	if text == "" {
		f.fail(column, "missing")
	}
	return text
}

// count is a number from 0; a missing one is 0.
func (f *fields) count(column string) int {
	text := f.optional(column)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSuffix(text, ".0")) // some copies write "2.0"
	if err != nil || n < 0 || n > maxCount {
		f.fail(column, fmt.Sprintf("%q is no count", text))
	}
	return n
}

func (f *fields) number(column string) int64 {
	n, err := strconv.ParseInt(f.optional(column), 10, 64)
	if err != nil {
		f.fail(column, fmt.Sprintf("%q is no number", f.optional(column)))
	}
	return n
}

func (f *fields) date(column string) stay.Date {
	d, err := stay.ParseDate(f.text(column))
	if err != nil {
		f.fail(column, fmt.Sprintf("%q is no date of the form 2016-05-15", f.optional(column)))
	}
	return d
}

// arrival is arrival_date, or is put together from its three parts.
func (f *fields) arrival() stay.Date {
	if f.has("arrival_date") {
		return f.date("arrival_date")
	}
	text := f.text("arrival_date_year") + " " + f.text("arrival_date_month") + " " + f.text("arrival_date_day_of_month")
	t, err := time.Parse("2006 January 2", text)
	if err != nil {
		f.fail("arrival_date", fmt.Sprintf("%q is no date", text))
	}
	return stay.DateOf(t.Date())
}

// price is the field's euros in cents, exactly, then rounded half up.
func (f *fields) price(column string) int64 {
	euros, err := money.ParseRat(f.text(column))
	if err != nil {
		f.fail(column, fmt.Sprintf("%q is no price", f.optional(column)))
		return 0
	}
	amount, err := euros.MulInt(100).Round(currency)
	if err != nil || amount.Minor > maxPrice || amount.Minor < -maxPrice {
		f.fail(column, "beyond every price")
		return 0
	}
	return amount.Minor
}

// maxPrice keeps sums far from the end of an int64.
const maxPrice = 1_000_000_00
