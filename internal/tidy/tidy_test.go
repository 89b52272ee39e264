package tidy

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "write what tests prove into "+propertyList)

// updated is the tree with a table of properties that is not stale.
func updated(t *testing.T, tree Tree) Tree {
	t.Helper()
	for i, f := range tree.Files {
		if f.Path != propertyList {
			continue
		}
		tree.Files[i].Text = provedProperties(tree, f.Text)
		if err := os.WriteFile(filepath.Join("../..", propertyList), []byte(tree.Files[i].Text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return tree
}

func TestRepositoryIsTidy(t *testing.T) {
	tree, err := load("../..")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		tree = updated(t, tree)
	}
	for _, rule := range Rules() {
		t.Run(rule.Name, func(t *testing.T) {
			for _, p := range rule.Check(tree) {
				t.Error(p)
			}
		})
	}
}

// load reads the tracked files that are there.
func load(root string) (Tree, error) {
	names, err := tracked(root)
	if err != nil {
		return Tree{}, err
	}
	files := map[string]string{}
	for _, name := range names {
		info, err := os.Lstat(filepath.Join(root, name))
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
			continue // Deleted, but not yet from the index; or a link.
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return Tree{}, err
		}
		if !utf8.Valid(text) {
			text = nil
		}
		files[filepath.ToSlash(name)] = string(text)
	}
	return NewTree(files)
}

func tracked(root string) ([]string, error) {
	// The test cache does not see what git reads. Looking at the index here
	// makes it run this test again when a file is added.
	_, _ = os.Stat(filepath.Join(root, ".git", "index"))
	out, err := exec.Command("git", "-C", root, "ls-files", "-z").Output()
	if err != nil || len(out) == 0 {
		return walk(root)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"), nil
}

// walk stands in where the sources are not a git checkout.
func walk(root string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && name != root && strings.HasPrefix(entry.Name(), ".") && entry.Name() != ".ci" {
			return fs.SkipDir
		}
		if entry.Type().IsRegular() {
			relative, err := filepath.Rel(root, name)
			if err != nil {
				return err
			}
			names = append(names, relative)
		}
		return nil
	})
	return names, err
}
