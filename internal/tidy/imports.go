package tidy

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// house is what lies on what: a package imports from floors below its own, from
// its own room, and from the rest of its floor only where neighbours is set
// (cycles, the compiler forbids). "x/*" means the packages below x that are not
// named themselves, "*test" the conformance suites. Tests may import anything,
// and so may a package main, wherever it lies: it is wiring, or a generator.
var house = []floor{
	{name: "values", neighbours: true, rooms: "money stay ident outbox internal"},
	{name: "nouns", neighbours: true, rooms: "account property guest inventory rate review"},
	{name: "terms", neighbours: true, rooms: "pricing payment payment/ledger search search/gazetteer search/snapshot"},
	{name: "the conductor", neighbours: true, rooms: "booking"},
	{name: "cases", neighbours: true, rooms: "traveller fraud loyalty revenue experiment incident"},
	{name: "edges, doors and importers", rooms: "notify channel api web store store/combine catalogue world"},
	{name: "drivers, engines and suites", rooms: "payment/* search/* notify/* channel/* store/* *test"},
	{name: "wiring and proof", rooms: "cmd proof"},
}

// doors are the ways across a floor without neighbours.
var doors = []struct{ from, to, why string }{
	{"catalogue", "world", "what a source of real hotels lacks is generated"},
	{"catalogue", "store", "an import writes whole properties, as store.Bundle"},
	{"world", "store", "a generated property is a store.Bundle"},
	{"cmd", "proof", "bench and sim are commands"},
}

// outside is who may use which technology. The rest of the house can then be
// read, and tested, without it.
var outside = []struct{ imports, rooms, why string }{
	{"net/http", "notify channel api web payment/* search/* notify/* channel/* cmd proof *test", "HTTP is spoken at doors, edges and drivers"},
	{"database/sql", "store store/* cmd proof *test", "SQL lives in the store's engines"},
	{"github.com/jackc/pgx", "store store/* cmd proof *test", "SQL lives in the store's engines"},
	{"modernc.org/sqlite", "store store/* cmd proof *test", "SQL lives in the store's engines"},
	{"github.com/redis/go-redis", "cmd proof *test", "a lock decides nothing here (docs/locking.md)"},
	{"github.com/pressly/goose", "store store/* cmd proof *test", "migrations live in the store's engines"},
}

type floor struct {
	name       string
	rooms      string
	neighbours bool
}

func importDirection(t Tree) []Problem {
	var problems []Problem
	t.code(func(f File) {
		from, ok := floorOf(f.room())
		if !ok {
			problems = append(problems, Problem{Path: f.Path, Say: "no floor for " + f.room() + ": add it to house in internal/tidy/imports.go"})
			return
		}
		if f.isMain() {
			return
		}
		for _, spec := range f.Go.Imports {
			target, ours := strings.CutPrefix(unquote(spec.Path.Value), module+"/")
			if !ours {
				continue
			}
			if say := importProblem(f.room(), target, from); say != "" {
				problems = append(problems, t.at(f, spec.Pos(), "%s", say))
			}
		}
	})
	return problems
}

// importProblem says why a room on the given floor may not import the target,
// or nothing.
func importProblem(room, target string, from int) string {
	to, ok := floorOf(target)
	switch {
	case !ok:
		return "no floor for " + target + ": add it to house in internal/tidy/imports.go"
	case to < from:
		return ""
	case to == from && (house[to].neighbours || sameRoom(room, target, to) || doorBetween(room, target)):
		return ""
	case to == from:
		return room + " must not import its neighbour " + target + ": declare the interface that it needs, and let cmd wire it"
	default:
		return room + " (" + house[from].name + ") must not import " + target + " (" + house[to].name +
			"): imports point down; declare the interface that it needs, and let cmd wire it"
	}
}

// sameRoom holds for packages that one entry names, and for what lies below
// what: store/combine is built on store.
func sameRoom(a, b string, on int) bool {
	entry := matches(a, house[on].rooms)
	named := !strings.Contains(entry, "*") && entry == matches(b, house[on].rooms)
	return named || under(a, b) || under(b, a)
}

func doorBetween(from, to string) bool {
	for _, d := range doors {
		if under(from, d.from) && under(to, d.to) {
			return true
		}
	}
	return false
}

func outsideImports(t Tree) []Problem {
	var problems []Problem
	t.code(func(f File) {
		if f.isMain() {
			return
		}
		for _, spec := range f.Go.Imports {
			for _, tool := range outside {
				if !under(unquote(spec.Path.Value), tool.imports) || matches(f.room(), tool.rooms) != "" {
					continue
				}
				problems = append(problems, t.at(f, spec.Pos(), "%s must not import %s: %s", f.room(), tool.imports, tool.why))
			}
		}
	})
	return problems
}

// floorOf finds the floor whose table entry fits the room most closely.
func floorOf(room string) (int, bool) {
	found, closest := 0, ""
	for i, floor := range house {
		if entry := matches(room, floor.rooms); len(entry) > len(closest) || entry == "*test" {
			found, closest = i, entry
			if entry == "*test" {
				break
			}
		}
	}
	return found, closest != ""
}

// matches returns the closest of the entries that fits the room, or "".
func matches(room, entries string) string {
	closest := ""
	for _, entry := range strings.Fields(entries) {
		if fits(room, entry) && len(entry) > len(closest) {
			closest = entry
		}
	}
	return closest
}

func fits(room, entry string) bool {
	if entry == "*test" {
		return strings.HasSuffix(path.Base(room), "test") && strings.Contains(room, "/")
	}
	if folder, ok := strings.CutSuffix(entry, "/*"); ok {
		return strings.HasPrefix(room, folder+"/")
	}
	return under(room, entry)
}

// vague are names that say nothing of what is inside, and so attract anything.
var vague = []string{
	"util", "utils", "common", "helper", "helpers", "base", "misc", "manager", "shared", "models", "dto",
}

func packageNames(t Tree) []Problem {
	var problems []Problem
	for _, f := range t.Files {
		if f.Go == nil {
			continue
		}
		name := strings.TrimSuffix(f.Go.Name.Name, "_test")
		if slices.Contains(vague, name) || slices.Contains(vague, path.Base(f.room())) {
			problems = append(problems, t.at(f, f.Go.Name.Pos(), "package %s: name it after what it knows, or move its parts to their users", name))
		}
	}
	return problems
}

func unquote(literal string) string {
	text, err := strconv.Unquote(literal)
	if err != nil {
		return literal
	}
	return text
}
