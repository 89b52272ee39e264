package e2e

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

var (
	setupBody   = regexp.MustCompile(`(?s)curl \S+/v1/setup.*?-d '([^']+)'`)
	setupToken  = regexp.MustCompile(`this token: (\S+)`)
	setupHeader = regexp.MustCompile(`-H '([A-Za-z-]+): ([^']+)'`)
)

// docs/operating.md is followed word by word: its request makes the first
// administrator, and SIGTERM is a clean end.
func TestFirstStartAsOperatingSays(t *testing.T) {
	page, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	curl := setupBody.FindSubmatch(page)
	if curl == nil {
		t.Fatal("docs/operating.md shows no request of /v1/setup")
	}
	cmd := exec.Command(binary, "serve", "--db", "sqlite:"+filepath.Join(t.TempDir(), "first.db"), "--listen", "127.0.0.1:0")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var address, token string
	lines := bufio.NewScanner(stderr)
	for token == "" && lines.Scan() {
		if found := served.FindString(lines.Text()); found != "" {
			address = found
		}
		if found := setupToken.FindStringSubmatch(lines.Text()); found != nil {
			token = found[1]
		}
	}
	for i, want := range []int{http.StatusCreated, http.StatusConflict} {
		r, err := http.NewRequest(http.MethodPost, address+"/v1/setup", strings.NewReader(string(curl[1])))
		if err != nil {
			t.Fatal(err)
		}
		for _, header := range setupHeader.FindAllStringSubmatch(string(curl[0]), -1) {
			r.Header.Set(header[1], strings.ReplaceAll(header[2], "SETUP-TOKEN", token))
		}
		if i > 0 && r.Header.Get("Idempotency-Key") != "" {
			r.Header.Set("Idempotency-Key", "another")
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("set-up %d answered %d, want %d", i+1, answer.StatusCode, want)
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() { // Wait wants the pipe read
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("SIGTERM: %v", err)
	}
}
