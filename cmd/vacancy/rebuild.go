package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/vacancyhq/vacancy/search/elasticindex"
	"github.com/vacancyhq/vacancy/store"
)

var errInMemory = errors.New("--search: the index in memory is built by each process when it starts; name a cluster")

func searchCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "search", Short: "Look after the search index"}
	cmd.AddCommand(rebuildCommand())
	return cmd
}

func rebuildCommand() *cobra.Command {
	var db, address string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "rebuild",
		Short: "Write the documents of a search cluster anew, while the old ones answer",
		Long: `Write the documents of a search cluster anew from the database, beside those that
answer queries now; when all are written they take their place in one step. The processes
that serve need not stop. One that fails leaves what was there.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := openStore(cmd.Context(), db)
			if err != nil {
				return err
			}
			done, err := rebuild(cmd.Context(), s, address, cmd.ErrOrStderr())
			if err := errors.Join(err, s.Close()); err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), done)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d properties written in %.1f s\n", done.Properties, done.Seconds)
			return err
		},
	}
	databaseFlag(cmd, &db)
	cmd.Flags().StringVar(&address, "search", "", "the cluster: opensearch:URL or elasticsearch:URL (several URLs joined by commas)")
	cmd.Flags().BoolVar(&asJSON, "json", false, jsonHelp)
	return cmd
}

// rebuilt is what rebuild reports.
type rebuilt struct {
	Properties int     `json:"properties"` // that were read: also those that are closed
	Seconds    float64 `json:"seconds"`
}

func rebuild(ctx context.Context, s store.Store, address string, progress io.Writer) (done rebuilt, err error) {
	index, err := openIndex(s, settings{search: address, logger: slog.New(slog.NewTextHandler(progress, nil))})
	if err != nil {
		return done, err
	}
	cluster, ok := index.(*elasticindex.Index)
	if !ok {
		return done, errInMemory
	}
	bar := newBar(progress, "hotels")
	defer bar.done()
	began := time.Now()
	err = cluster.Rebuild(ctx, func(written, all int) {
		done.Properties = written
		bar.set(written, all)
	})
	done.Seconds = time.Since(began).Seconds()
	return done, err
}
