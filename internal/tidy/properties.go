package tidy

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// propertyList tells of each line of the contract where tests prove it.
const propertyList = "docs/properties.md"

// propertyRow is a line of the table: number, sentence, folders of the tests, and
// what is still open.
var propertyRow = regexp.MustCompile(`(?m)^\| (\d+) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$`)

// properties compares the table with what the tests say that they prove.
func properties(t Tree) []Problem {
	text, ok := t.places()[propertyList]
	if !ok {
		return nil
	}
	var problems []Problem
	listed := listedProperties(text)
	for _, n := range slices.Sorted(maps.Keys(listed)) {
		if times := listed[n]; times != 1 {
			problems = append(problems, Problem{Path: propertyList, Say: fmt.Sprintf("Property %d is listed %d times", n, times)})
		}
	}
	if text != provedProperties(t, text) {
		problems = append(problems, Problem{Path: propertyList, Say: "stale: go test ./internal/tidy -update"})
	}
	return problems
}

// listedProperties counts how often each number has a row.
func listedProperties(text string) map[int]int {
	listed := map[int]int{}
	for n := 1; n <= lastProperty; n++ {
		listed[n] = 0
	}
	for _, row := range propertyRow.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(row[1]) // digits
		listed[n]++
	}
	return listed
}

// unproved stands in the last column of what no test cites.
const unproved = "nothing yet"

// provedProperties is the table with its third column as the tests have it. What is
// open is for people to say, but for what has no test at all.
func provedProperties(t Tree, text string) string {
	proved := t.proved()
	return propertyRow.ReplaceAllStringFunc(text, func(line string) string {
		row := propertyRow.FindStringSubmatch(line)
		n, _ := strconv.Atoi(row[1]) // digits
		if open := proved[n] == nil; open && row[4] == "" {
			row[4] = unproved
		} else if !open && row[4] == unproved {
			row[4] = ""
		}
		return fmt.Sprintf("| %s | %s | %s | %s |", row[1], row[2], strings.Join(proved[n], ", "), row[4])
	})
}

// proved is the folders whose tests cite a property, by its number. This package
// only knows the numbers.
func (t Tree) proved() map[int][]string {
	folders := map[int]map[string]bool{}
	for _, f := range t.Files {
		if f.Go == nil || !f.isTest() && matches(f.room(), "*test") == "" || path.Dir(f.Path) == "internal/tidy" {
			continue
		}
		for _, group := range f.Go.Comments {
			for _, n := range citations(group.Text()) {
				if folders[n] == nil {
					folders[n] = map[string]bool{}
				}
				folders[n][path.Dir(f.Path)] = true
			}
		}
	}
	proved := map[int][]string{}
	for n, at := range folders {
		proved[n] = slices.Sorted(maps.Keys(at))
	}
	return proved
}

// citations are the numbers in "Property 7", "Properties 3, 4 and 5" and "Properties 78-79".
func citations(text string) (all []int) {
	for _, found := range cited.FindAllStringSubmatch(text, -1) {
		for _, part := range regexp.MustCompile(`\d+(-\d+)?`).FindAllString(found[1], -1) {
			first, last, isRange := strings.Cut(part, "-")
			if !isRange {
				last = first
			}
			from, _ := strconv.Atoi(first) // digits
			to, _ := strconv.Atoi(last)
			for n := from; n <= to; n++ {
				all = append(all, n)
			}
		}
	}
	return all
}
