package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/ident"
)

// byShell is who an act from the command line is recorded as: whoever can open
// the database may do everything anyway.
const byShell = "shell"

func keyCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "key", Short: "API keys"}
	cmd.AddCommand(keyCreateCommand())
	return cmd
}

func keyCreateCommand() *cobra.Command {
	var url, tenant, name, region string
	var scopes, properties []string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Make an API key; its secret is shown this once",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := openMigrated(cmd.Context(), url)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, s.Close()) }()
			accounts, err := accountsOf(cmd.Context(), s, region)
			if err != nil {
				return err
			}
			if tenant, err = tenantFor(cmd.Context(), s, tenant); err != nil {
				return err
			}
			wanted := account.NewKey{Name: name, PropertyIDs: properties}
			for _, scope := range scopes {
				wanted.Scopes = append(wanted.Scopes, account.Scope(scope))
			}
			shell := account.Principal{Caller: byShell, TenantID: tenant, Scopes: account.Scopes}
			key, secret, err := accounts.CreateKey(cmd.Context(), shell, wanted)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), map[string]string{"id": key.ID, "tenant_id": tenant, "secret": secret})
			}
			fmt.Fprintln(cmd.OutOrStdout(), secret)
			return nil
		},
	}
	databaseFlag(cmd, &url)
	cmd.Flags().StringVar(&tenant, "tenant", "", "tenant whose key it is; the first one when empty")
	cmd.Flags().StringVar(&name, "name", "made at the shell", "what the key is for")
	cmd.Flags().StringVar(&region, "region", defaultRegion, "two letters that ids made here carry")
	cmd.Flags().StringSliceVar(&scopes, "scope", everyScope(), "rights: "+strings.Join(everyScope(), ", "))
	cmd.Flags().StringSliceVar(&properties, "property", nil, "property that the key reaches; repeatable, all of the tenant's when absent")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

func everyScope() []string {
	all := make([]string, len(account.Scopes))
	for i, scope := range account.Scopes {
		all[i] = string(scope)
	}
	return all
}

const defaultRegion = "eu"

// newIDs makes identifiers on the machine's clock.
func newIDs(region string) (*ident.Source, error) { return ident.New(region, time.Now) }
