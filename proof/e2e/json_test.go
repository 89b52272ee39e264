package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Every command's --json is one object and nothing else, also when it fails:
// who pipes it into a program reads no sentences.
func TestJSONIsOneObject(t *testing.T) {
	folder := t.TempDir()
	db, copied := "sqlite:"+filepath.Join(folder, "a.db"), filepath.Join(folder, "copy.db")
	typo := filepath.Join(folder, "typo.db")
	none := filepath.Join(folder, "none")
	for _, c := range []struct {
		ok   bool
		args []string
	}{
		{true, []string{"migrate", "--db", db}},
		{true, []string{"key", "create", "--db", db}},
		{true, []string{"key", "rotate", "--db", db}},
		{true, []string{"backup", copied, "--db", db}},
		{true, []string{"restore", copied, "--db", "sqlite:" + filepath.Join(folder, "b.db")}},
		{false, []string{"migrate", "--db", "nonsense"}},
		{false, []string{"key", "create", "--db", db, "--scope", "nonsense"}},
		{false, []string{"key", "create", "--db", db, "--nonsense"}},
		{false, []string{"key", "rotate", "--db", db}}, // so soon again
		{false, []string{"key", "rotate", "--db", "sqlite:" + typo}},
		{false, []string{"backup", copied, "--db", db}},
		{false, []string{"backup", filepath.Join(folder, "c.db"), "--db", "sqlite:" + typo}},
		{false, []string{"restore", none, "--db", "sqlite:" + filepath.Join(folder, "d.db")}},
		{false, []string{"import", "hotels", none, "--db", db}},
		{false, []string{"price", "alpinebits", "--messages", none, "--inventory", none, "--cases", none}},
	} {
		var out, errs bytes.Buffer
		cmd := exec.Command(binary, append(c.args, "--json")...)
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Run(); (err == nil) != c.ok {
			t.Errorf("vacancy %v: %v\n%s", c.args, err, &errs)
		}
		decoder := json.NewDecoder(&out)
		var object map[string]any
		if err := decoder.Decode(&object); err != nil || (object["error"] == nil) != c.ok {
			t.Errorf("vacancy %v printed %v, %v", c.args, object, err)
		}
		if _, err := decoder.Token(); err != io.EOF {
			t.Errorf("vacancy %v printed more than one object", c.args)
		}
	}
	if _, err := os.Stat(typo); err == nil {
		t.Error("a mistyped path left a database behind")
	}
}
