// Command vacancy is the whole platform in one binary: it serves, imports,
// prices, backs up and proves. This package only wires; the rules live in the
// packages that are named after them.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	_ "time/tzdata" // zones ship in the binary: a deadline must not depend on the machine

	"github.com/spf13/cobra"
)

// version is set by the release build.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := root().ExecuteContext(ctx)
	if err == nil {
		return
	}
	if !errors.Is(err, errSilent) {
		fmt.Fprintln(os.Stderr, "vacancy:", err)
		if slices.Contains(os.Args, "--json") { // also where the flags could not be read
			_ = printJSON(os.Stdout, map[string]string{"error": err.Error()}) // it was said on stderr
		}
	}
	os.Exit(1)
}

// errSilent is a failure whose report was printed already.
var errSilent = errors.New("failed")

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use:           "vacancy",
		Short:         "An open booking platform for hotels",
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	cmd.AddCommand(
		demoCommand(),
		serveCommand(),
		migrateCommand(),
		importCommand(),
		generateCommand(),
		priceCommand(),
		replayCommand(),
		reconcileCommand(),
		keyCommand(),
		searchCommand(),
		backupCommand(),
		restoreCommand(),
		benchCommand(),
	)
	return cmd
}

const jsonHelp = "print one JSON object; {\"error\": ...} when it fails"

// say prints what was done: a sentence, or with --json its facts.
func say(cmd *cobra.Command, asJSON bool, facts map[string]string, sentence string) error {
	if asJSON {
		return printJSON(cmd.OutOrStdout(), facts)
	}
	_, err := fmt.Fprintln(cmd.OutOrStdout(), sentence)
	return err
}

// printJSON writes one object and nothing else, as --json promises.
func printJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
