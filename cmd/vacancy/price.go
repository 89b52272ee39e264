package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/vacancyhq/vacancy/channel/alpinebits"
)

func priceCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "price", Short: "Price stays from a channel's own messages"}
	cmd.AddCommand(priceAlpineBitsCommand())
	return cmd
}

func priceAlpineBitsCommand() *cobra.Command {
	var from priceFiles
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "alpinebits --messages DIR --inventory FILE --cases FILE",
		Short: "Price stays under AlpineBits rate plan messages and compare them with what is expected",
		Long: `Price stays under AlpineBits RatePlans messages (OTA_HotelRatePlanNotifRQ).
The cases are one JSON object a line: id, message (a file of DIR), arrival, departure, adults,
children (ages), booking_date and, to compare, expected (total by room category) and skipped
(the codes of the rules that refused). The inventory gives the rooms of each message:
{"file.xml": {"rooms": [{"code": "double", "min": 1, "std": 2, "max": 3, "mch": null}]}}.
Without expected the totals are printed. A mismatch makes the exit status 1.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			results, err := from.price()
			if err != nil {
				return err
			}
			report := newPriceReport(results)
			print := report.print
			if asJSON {
				print = func(out io.Writer) error { return printJSON(out, report) }
			}
			if err := print(cmd.OutOrStdout()); err != nil {
				return err
			}
			return report.failed(cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&from.messages, "messages", "", "folder of the messages")
	cmd.Flags().StringVar(&from.inventory, "inventory", "", "JSON file of the rooms of each message")
	cmd.Flags().StringVar(&from.cases, "cases", "", "file of stays, one JSON object a line")
	cmd.Flags().BoolVar(&asJSON, "json", false, jsonHelp)
	for _, name := range []string{"messages", "inventory", "cases"} {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(err) // the flags are named three lines above
		}
	}
	return cmd
}

type priceFiles struct{ messages, inventory, cases string }

func (f priceFiles) price() ([]alpinebits.Result, error) {
	inventory, err := readFile(f.inventory, alpinebits.ReadInventory)
	if err != nil {
		return nil, err
	}
	cases, err := readFile(f.cases, alpinebits.ReadCases)
	if err != nil {
		return nil, err
	}
	return alpinebits.PriceCases(os.DirFS(f.messages), inventory, cases), nil
}

func readFile[T any](path string, read func(io.Reader) (T, error)) (T, error) {
	var none T
	file, err := os.Open(path)
	if err != nil {
		return none, err
	}
	defer file.Close()
	value, err := read(file)
	if err != nil {
		return none, fmt.Errorf("%s: %w", path, err)
	}
	return value, nil
}

// priceReport is what --json prints.
type priceReport struct {
	Cases      int             `json:"cases"`
	Priced     int             `json:"priced"`  // in at least one category
	Refused    int             `json:"refused"` // in every category
	Matched    int             `json:"matched"`
	Mismatched []priceMismatch `json:"mismatched"`
	Results    []priceResult   `json:"results,omitempty"` // of cases that expect nothing
	Errors     []priceError    `json:"errors,omitempty"`  // cases that could not be priced
}

type priceError struct {
	Line    int    `json:"line"`
	ID      string `json:"id"`
	Message string `json:"message"`
	Error   string `json:"error"`
}

type priceMismatch struct {
	ID          string                 `json:"id"`
	Message     string                 `json:"message"`
	Want        map[string]json.Number `json:"want"`
	Got         map[string]json.Number `json:"got"`
	WantSkipped []string               `json:"want_skipped"`
	GotSkipped  []string               `json:"got_skipped"`
}

type priceResult struct {
	ID      string                 `json:"id"`
	Message string                 `json:"message"`
	Totals  map[string]json.Number `json:"totals"`
	Skipped []string               `json:"skipped"`
}

func newPriceReport(results []alpinebits.Result) priceReport {
	report := priceReport{Cases: len(results), Mismatched: []priceMismatch{}}
	for _, r := range results {
		switch {
		case r.Err != nil:
			report.Errors = append(report.Errors, priceError{r.Case.Line, r.Case.ID, r.Case.Message, r.Err.Error()})
		case len(r.Answer.Totals) > 0:
			report.Priced++
		default:
			report.Refused++
		}
		got := map[string]json.Number{}
		for category, total := range r.Answer.Totals {
			got[category] = json.Number(total.Decimal())
		}
		switch {
		case r.Case.Expected == nil && r.Err != nil: // there is nothing more to say
		case r.Case.Expected == nil:
			report.Results = append(report.Results, priceResult{r.Case.ID, r.Case.Message, got, list(r.Answer.Skipped)})
		case r.Matches():
			report.Matched++
		default:
			want := map[string]json.Number{}
			for category, total := range r.Case.Expected {
				want[category] = json.Number(total.FloatString(2))
			}
			report.Mismatched = append(report.Mismatched,
				priceMismatch{r.Case.ID, r.Case.Message, want, got, list(r.Case.Skipped), list(r.Answer.Skipped)})
		}
	}
	return report
}

// failed names what could not be priced; the exit status is 1 when anything is amiss.
func (p priceReport) failed(to io.Writer) error {
	for _, e := range p.Errors {
		if _, err := fmt.Fprintf(to, "line %d: %s: %s: %s\n", e.Line, e.ID, e.Message, e.Error); err != nil {
			return err
		}
	}
	if len(p.Errors)+len(p.Mismatched) > 0 {
		return errSilent
	}
	return nil
}

// list is never null in JSON.
func list(codes []string) []string { return append([]string{}, codes...) }

func (p priceReport) print(out io.Writer) error {
	for _, r := range p.Results {
		if _, err := fmt.Fprintf(out, "%s  %s  %v  skipped %v\n", r.ID, r.Message, r.Totals, r.Skipped); err != nil {
			return err
		}
	}
	for _, m := range p.Mismatched {
		if _, err := fmt.Fprintf(out, "%s  %s  want %v %v, got %v %v\n", m.ID, m.Message, m.Want, m.WantSkipped, m.Got, m.GotSkipped); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "%d stays: %d priced, %d refused; %d as expected, %d not\n", p.Cases, p.Priced, p.Refused, p.Matched, len(p.Mismatched))
	return err
}
