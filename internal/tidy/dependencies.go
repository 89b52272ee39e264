package tidy

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// dependencyList gives a reason for every module that we chose.
const dependencyList = "docs/dependencies.md"

var (
	requirement = regexp.MustCompile(`^(?:require\s+)?(\S+)\s+(v\S+)(\s*//\s*indirect)?`)
	row         = regexp.MustCompile("^\\|\\s*`([^`]+)`\\s*\\|(.*)\\|\\s*$")
)

// dependencies compares go.mod's direct requirements with the list.
func dependencies(t Tree) []Problem {
	known := t.places()
	required, listed := directRequirements(known["go.mod"]), listedModules(known[dependencyList])
	var problems []Problem
	for _, name := range slices.Sorted(maps.Keys(required)) {
		cells, ok := listed[name]
		switch {
		case !ok:
			problems = append(problems, dependencyProblem("add a line for %s %s, with its licence, what it is for and why this one", name, required[name]))
		case cells[0] != required[name]:
			problems = append(problems, dependencyProblem("%s is listed at %s, go.mod requires %s", name, cells[0], required[name]))
		case len(cells) != 4 || slices.Contains(cells, ""):
			problems = append(problems, dependencyProblem("the line of %s needs module, version, licence, what for and why this one", name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		if _, ok := required[name]; !ok {
			problems = append(problems, dependencyProblem("%s is listed, but go.mod does not require it directly: remove the line", name))
		}
	}
	return problems
}

func dependencyProblem(format string, args ...any) Problem {
	return Problem{Path: dependencyList, Say: fmt.Sprintf(format, args...)}
}

// directRequirements reads go.mod as `go mod tidy` writes it: one requirement a
// line.
func directRequirements(text string) map[string]string {
	required := map[string]string{}
	inRequire := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "require ("):
			inRequire = true
		case line == ")":
			inRequire = false
		case inRequire || strings.HasPrefix(line, "require "):
			if found := requirement.FindStringSubmatch(line); found != nil && found[3] == "" {
				required[found[1]] = found[2]
			}
		}
	}
	return required
}

// listedModules reads the table: the cells after the module's.
func listedModules(text string) map[string][]string {
	listed := map[string][]string{}
	for line := range strings.Lines(text) {
		found := row.FindStringSubmatch(strings.TrimSpace(line))
		if found == nil {
			continue
		}
		cells := strings.Split(found[2], "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		listed[found[1]] = cells
	}
	return listed
}
