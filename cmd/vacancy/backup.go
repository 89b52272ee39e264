package main

import (
	"errors"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/vacancyhq/vacancy/store/sqlitestore"
)

var errBackupPostgres = errors.New("this command is for SQLite; back PostgreSQL up with pg_dump or pg_basebackup (docs/operating.md)")

func backupCommand() *cobra.Command {
	var url string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write a consistent copy of a SQLite database while it is being used",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path, ok := strings.CutPrefix(url, sqliteScheme)
			if !ok {
				return errBackupPostgres
			}
			if _, err := os.Stat(path); err != nil { // opening would make an empty one
				return err
			}
			s, err := sqlitestore.Open(cmd.Context(), path, sqlitestore.Options{})
			if err != nil {
				return err
			}
			if err := errors.Join(s.Backup(cmd.Context(), args[0]), s.Close()); err != nil {
				return err
			}
			return say(cmd, asJSON, map[string]string{"backup": args[0]}, "backed up to "+args[0])
		},
	}
	databaseFlag(cmd, &url)
	cmd.Flags().BoolVar(&asJSON, "json", false, jsonHelp)
	return cmd
}

func restoreCommand() *cobra.Command {
	var url string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Make a SQLite database from a backup; an existing one is never overwritten",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path, ok := strings.CutPrefix(url, sqliteScheme)
			if !ok {
				return errBackupPostgres
			}
			if err := sqlitestore.Restore(cmd.Context(), args[0], path); err != nil {
				return err
			}
			return say(cmd, asJSON, map[string]string{"restored": path}, "restored to "+path)
		},
	}
	databaseFlag(cmd, &url)
	cmd.Flags().BoolVar(&asJSON, "json", false, jsonHelp)
	return cmd
}
