package tidy

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// lastProperty is the number of the last line of the contract that tests cite.
const lastProperty = 79

// The folders are put together here because this file is searched too.
var machinePath = regexp.MustCompile(`(^|[^\w.])/(` + "work|root" + `)/`)

func machinePaths(t Tree) []Problem {
	var problems []Problem
	for _, f := range t.Files {
		for i, line := range strings.Split(f.Text, "\n") {
			if machinePath.MatchString(line) {
				problems = append(problems, Problem{f.Path, i + 1, "a path of one machine: make it relative, or a flag"})
			}
		}
	}
	return problems
}

var cited = regexp.MustCompile(`\bPropert(?:y|ies) (\d+(?:(?:, and |, | and |-)\d+)*)`)

func propertyNumbers(t Tree) []Problem {
	var problems []Problem
	for _, f := range t.Files {
		if f.Go == nil {
			continue
		}
		for _, group := range f.Go.Comments {
			for _, comment := range group.List {
				if wrong := wrongNumber(comment.Text); wrong != "" {
					problems = append(problems, t.at(f, comment.Pos(), "there is no Property %s: they go from 1 to %d", wrong, lastProperty))
				}
			}
		}
	}
	return problems
}

func wrongNumber(text string) string {
	for _, found := range cited.FindAllStringSubmatch(text, -1) {
		for _, digits := range regexp.MustCompile(`\d+`).FindAllString(found[1], -1) {
			if n, err := strconv.Atoi(digits); err != nil || n < 1 || n > lastProperty {
				return digits
			}
		}
	}
	return ""
}

var (
	fenced    = regexp.MustCompile("(?ms)^[ \t]*```.*?^[ \t]*```[ \t]*$")
	inlined   = regexp.MustCompile("`[^`\n]*`")
	link      = regexp.MustCompile(`\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)`)
	reference = regexp.MustCompile(`(?m)^\[[^\]]+\]:\s+<?([^\s>]+)`)
	scheme    = regexp.MustCompile(`^([a-zA-Z][a-zA-Z0-9+.-]*:|//)`)
	heading   = regexp.MustCompile(`(?m)^#{1,6}\s+(.*?)\s*#*\s*$`)
)

// links checks those between the documents; the web is not asked.
func links(t Tree) []Problem {
	var problems []Problem
	known := t.places()
	for _, f := range t.Files {
		if !strings.HasSuffix(f.Path, ".md") || inTestdata(f.Path) {
			continue
		}
		text := blank(f.Text, fenced, inlined)
		for _, pattern := range []*regexp.Regexp{link, reference} {
			for _, at := range pattern.FindAllStringSubmatchIndex(text, -1) {
				if say := linkProblem(known, f.Path, text[at[2]:at[3]]); say != "" {
					problems = append(problems, Problem{f.Path, 1 + strings.Count(text[:at[0]], "\n"), say})
				}
			}
		}
	}
	return problems
}

// places holds each file with its text, and each folder.
func (t Tree) places() map[string]string {
	known := map[string]string{}
	for _, f := range t.Files {
		known[f.Path] = f.Text
		for dir := path.Dir(f.Path); ; dir = path.Dir(dir) {
			known[dir] = ""
			if dir == "." {
				break
			}
		}
	}
	return known
}

func linkProblem(known map[string]string, from, target string) string {
	if scheme.MatchString(target) {
		return ""
	}
	name, anchor, _ := strings.Cut(target, "#")
	place := from
	if name != "" {
		if plain, err := url.PathUnescape(name); err == nil {
			name = plain
		}
		place = path.Join(path.Dir(from), name)
		if strings.HasPrefix(name, "/") {
			place = path.Clean(strings.TrimPrefix(name, "/"))
		}
	}
	text, ok := known[place]
	if !ok {
		return fmt.Sprintf("link to %s: there is no such tracked file; mend the link or git add the file", target)
	}
	if anchor != "" && strings.HasSuffix(place, ".md") && !hasAnchor(text, anchor) {
		return fmt.Sprintf("link to %s: %s has no such heading", target, place)
	}
	return ""
}

func hasAnchor(text, anchor string) bool {
	for _, found := range heading.FindAllStringSubmatch(blank(text, fenced), -1) {
		if slug(found[1]) == anchor {
			return true
		}
	}
	return strings.Contains(text, `id="`+anchor+`"`)
}

// slug is how forges turn a heading into an anchor.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		default:
			return -1
		}
	}, heading)
}

// blank replaces what the patterns match by spaces and keeps the lines, so that
// line numbers stay true.
func blank(text string, patterns ...*regexp.Regexp) string {
	for _, p := range patterns {
		text = p.ReplaceAllStringFunc(text, func(match string) string {
			return strings.Map(func(r rune) rune {
				if r == '\n' {
					return r
				}
				return ' '
			}, match)
		})
	}
	return text
}
