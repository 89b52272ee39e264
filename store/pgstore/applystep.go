package pgstore

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/vacancyhq/vacancy/booking"
)

// step is a short statement of those that apply changes in hope (applyhope.go).
type step struct {
	sql  string
	args []int // which of applyArgs its parameters are
}

var parameter = regexp.MustCompile(`\$\d+`)

// newStep makes a step of SQL that is written for the arguments of the one long
// statement: it has those that it names. A part of that statement loses what it
// is called there, and has nothing to agree on.
func newStep(sql string) step {
	if _, body, named := strings.Cut(sql, " as (\n"); named && strings.HasPrefix(sql, "), ") {
		sql = body
	}
	sql = strings.ReplaceAll(sql, "exists (select from agreed)", "true")
	var s step
	s.sql = parameter.ReplaceAllStringFunc(sql, func(name string) string {
		n, _ := strconv.Atoi(name[1:]) // It matched.
		if !slices.Contains(s.args, n-1) {
			s.args = append(s.args, n-1)
		}
		return "$" + strconv.Itoa(slices.Index(s.args, n-1)+1)
	})
	return s
}

// of is the step's arguments of all.
func (s step) of(all []any) []any {
	mine := make([]any, len(s.args))
	for i, n := range s.args {
		mine[i] = all[n]
	}
	return mine
}

// What stands against a change makes a step refuse. The guards are the conditions
// of the writes themselves; rows that were not written tell.
var (
	stepSeen = newStep(`
select refuse('seen', string_agg(seen.n::text, ' ')) from (` + seenRequests + `) seen
having count(*) > 0`)

	stepReplace = newStep(`
with changed as (
	update booking b set` + setBooking + `
	from (select * from (` + bookingRows + `) i where expect > 0 order by property_id, id) i
	where b.property_id = i.property_id and b.id = i.id
		and b.property_id = any($2::text[]) and b.id = any($3::text[])
		and b.version = i.expect
		and (i.guard = 0 or (i.guard = 1) = coalesce(b.held_until > clock_timestamp() + $1::interval, false))
	returning b.id
)
select refuse('booking', '') where (select count(*) from changed) < (select count(*) from unnest($4::bigint[]) e where e > 0)`)

	// The nights are met in the order of the input, which is sorted by key. Their
	// events, and with them those of the bookings, find their place after that.
	stepCount = newStep(`
with night_in as materialized (` + nightRows + `), night_new as (` + countNights + `
		and (d.sold + d.held + d.blocked <= 0 or n.sold + n.held + n.blocked + d.sold + d.held + d.blocked <= n.cap)
` + nightsCounted + `), place as materialized (
	select event_place() as xact where (select count(*) from night_new) = coalesce(cardinality($20::text[]), 0)
` + applyEvents + `)
select refuse('night', '') where not exists (select from place)`)

	stepInsert = newStep(`
insert into booking (` + bookingColumns + `)
select ` + bookingValues + ` from (` + bookingRows + `) i where i.expect = 0`)

	stepStays = newStep(`
insert into room_stay (` + stayColumns + `)
select ` + stayColumns + ` from (` + stayRows + `) s where s.fresh`)

	stepRestay = newStep(`
insert into room_stay (` + stayColumns + `)
select ` + stayColumns + ` from (` + stayRows + `) s where not s.fresh
` + replaceStays)

	stepBeyond = newStep(`
select refuse('stay', '') from unnest($2::text[], $3::text[], $4::bigint[], $79::integer[]) as i (property_id, id, expect, stays)
cross join lateral (
	select from room_stay s where s.property_id = i.property_id and s.booking_id = i.id and s.position >= i.stays offset 0) beyond
where i.expect > 0`)

	stepGuests   = newStep(applyGuests)
	stepPostings = newStep(applyPostings)
	stepEntries  = newStep(applyEntries)
	stepRequests = newStep(applyRequests)
)

// crowded is how many changes for each night make a crowd.
const crowded = 4

// stepsFor is the steps that the changes of so many nights need, in the order of
// their locks. The nights come early, since they refuse most often and what was
// written before is lost. A crowd after few nights waits for their rows, which are
// locked until the commit: there they come as late as they can.
func stepsFor(changes []booking.Change, nights int) []step {
	crowd := len(changes) >= crowded*nights
	var asked, inserts, replaces, guests, postings bool
	for _, c := range changes {
		asked = asked || c.Request != nil
		inserts, replaces = inserts || c.Expect == 0, replaces || c.Expect > 0
		guests, postings = guests || c.Guest != nil, postings || c.Posting != nil
	}
	var steps []step
	for _, s := range []struct {
		needed bool
		step   step
	}{
		{asked, stepSeen},
		{replaces, stepReplace},
		{!crowd, stepCount},
		{inserts, stepInsert},
		{inserts, stepStays},
		{replaces, stepRestay},
		{replaces, stepBeyond},
		{postings, stepPostings},
		{postings, stepEntries},
		{crowd, stepCount},
		{guests, stepGuests},
		{asked, stepRequests},
	} {
		if s.needed {
			steps = append(steps, s.step)
		}
	}
	return steps
}
