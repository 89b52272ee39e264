// Command fit works out the parameters that shape generated worlds from real
// data, and prints world/marginals.txt:
//
//	go run ./world/fit DATA > world/marginals.txt
//
// DATA is a folder with workload, hotel-catalogue and inside-airbnb. The data
// does not ship with the program; what is fitted on it does.
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: fit DATA > world/marginals.txt")
	}
	out := bufio.NewWriter(os.Stdout)
	if err := fit(os.Args[1], out); err != nil {
		log.Fatal(err)
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

// marginal is one fitted shape.
type marginal struct {
	name   string
	values []float64
	misses float64 // how far the fit is from the data, in the unit that about says; 0: nothing is approximated
	about  string  // what the values are, and of what the data is
}

const head = `# The shapes of generated worlds. Written by: go run ./world/fit DATA
# Each line: name, values. Above it: what they are, where they come from, and how
# far at most the fit is from the data. docs/generated-worlds.md explains them.
`

func fit(data string, out io.Writer) error {
	var all []marginal
	for _, source := range []func(data string) ([]marginal, error){fitWorkload, fitCatalogue, fitCalendars} {
		fitted, err := source(data)
		if err != nil {
			return err
		}
		all = append(all, fitted...)
	}
	fmt.Fprint(out, head)
	for _, m := range all {
		fmt.Fprintf(out, "\n# %s\n", m.about)
		if m.misses > 0 {
			fmt.Fprintf(out, "# Largest difference: %s.\n", number(m.misses))
		}
		line := []string{m.name}
		for _, v := range m.values {
			line = append(line, number(v))
		}
		fmt.Fprintln(out, strings.Join(line, " "))
	}
	return nil
}

// number has as many digits as mean something.
func number(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }
