package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/vacancyhq/vacancy/account"
	"github.com/vacancyhq/vacancy/ident"
	"github.com/vacancyhq/vacancy/store"
)

// byShell is who an act from the command line is recorded as: whoever can open
// the database may do everything anyway.
const byShell = "shell"

func keyCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "key", Short: "API keys, and the key that signs offers and links"}
	cmd.AddCommand(keyCreateCommand(), keyRotateCommand())
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
			wanted := account.NewKey{Name: name, PropertyIDs: properties}
			for _, scope := range scopes {
				wanted.Scopes = append(wanted.Scopes, account.Scope(scope))
			}
			s, err := openMigrated(cmd.Context(), url)
			if err != nil {
				return err
			}
			key, secret, err := createKey(cmd.Context(), s, region, tenant, wanted)
			if err := errors.Join(err, s.Close()); err != nil {
				return err
			}
			return say(cmd, asJSON, map[string]string{"id": key.ID, "tenant_id": key.TenantID, "secret": secret}, secret)
		},
	}
	databaseFlag(cmd, &url)
	cmd.Flags().StringVar(&tenant, "tenant", "", "tenant whose key it is; the first one when empty")
	cmd.Flags().StringVar(&name, "name", "made at the shell", "what the key is for")
	cmd.Flags().StringVar(&region, "region", defaultRegion, "two letters that ids made here carry")
	cmd.Flags().StringSliceVar(&scopes, "scope", everyScope(), "rights: "+strings.Join(everyScope(), ", "))
	cmd.Flags().StringSliceVar(&properties, "property", nil, "property that the key reaches; repeatable, all of the tenant's when absent")
	cmd.Flags().BoolVar(&asJSON, "json", false, jsonHelp)
	return cmd
}

func keyRotateCommand() *cobra.Command {
	var url, region string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "rotate",
		Short: "Make a new key that signs offers, checkouts and guests' links; the old one goes on verifying",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if path, ok := strings.CutPrefix(url, sqliteScheme); ok {
				if _, err := os.Stat(path); err != nil { // opening would make an empty one
					return err
				}
			}
			s, err := openMigrated(cmd.Context(), url)
			if err != nil {
				return err
			}
			if err := errors.Join(rotateKey(cmd.Context(), s, region), s.Close()); err != nil {
				return err
			}
			facts := map[string]string{"signing_key": "rotated", "signs_in": account.Handover.String()}
			return say(cmd, asJSON, facts, "rotated: the new key signs in "+account.Handover.String())
		},
	}
	databaseFlag(cmd, &url)
	cmd.Flags().StringVar(&region, "region", defaultRegion, "two letters that ids made here carry")
	cmd.Flags().BoolVar(&asJSON, "json", false, jsonHelp)
	return cmd
}

func rotateKey(ctx context.Context, s store.Store, region string) error {
	ids, err := newIDs(region)
	if err != nil {
		return err
	}
	keys, err := account.OpenKeyring(ctx, s, ids, time.Now)
	if err != nil {
		return err
	}
	return keys.Rotate(ctx)
}

func createKey(ctx context.Context, s store.Store, region, tenant string, wanted account.NewKey) (account.Key, string, error) {
	accounts, err := accountsOf(ctx, s, region)
	if err != nil {
		return account.Key{}, "", err
	}
	if tenant, err = tenantFor(ctx, s, tenant); err != nil {
		return account.Key{}, "", err
	}
	shell := account.Principal{Caller: byShell, TenantID: tenant, Scopes: account.Scopes}
	return accounts.CreateKey(ctx, shell, wanted)
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
