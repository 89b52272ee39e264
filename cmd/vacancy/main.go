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
	switch {
	case err == nil:
	case errors.Is(err, errSilent):
		os.Exit(1)
	default:
		fmt.Fprintln(os.Stderr, "vacancy:", err)
		os.Exit(1)
	}
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
		priceCommand(),
		keyCommand(),
		backupCommand(),
		restoreCommand(),
		benchCommand(),
	)
	return cmd
}

// printJSON writes one object and nothing else, as --json promises.
func printJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
