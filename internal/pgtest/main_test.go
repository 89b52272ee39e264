//go:build unix

package pgtest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asVictim makes the test binary start a server and wait to be killed.
const asVictim = "PGTEST_AS_VICTIM"

func TestMain(m *testing.M) {
	if os.Getenv(asVictim) != "" {
		beVictim()
	}
	Main(m)
}

func beVictim() {
	c, err := newCluster(Oldest, Fast())
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(c.running.cmd.Process.Pid, c.dir)
	select {}
}

func TestNothingIsLeftOfAKilledTestBinary(t *testing.T) {
	Shared(t, Oldest) // Skips where there is no server.
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), asVictim+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	first, dir, found := strings.Cut(strings.TrimSpace(line), " ")
	pid, err := strconv.Atoi(first)
	if err != nil || !found {
		t.Fatalf("the victim said %q", line)
	}
	awaitGone(t, pid, dir)
}

func awaitGone(t *testing.T, pid int, dir string) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		_, statErr := os.Stat(dir)
		if os.IsNotExist(statErr) && !alive(pid) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("server %d or its folder %s is left", pid, dir)
}

// alive does not count a zombie: where process 1 does not reap, it stays.
func alive(pid int) bool {
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
		return !strings.Contains(string(stat), ") Z ")
	}
	return syscall.Kill(pid, 0) == nil
}

func TestMissingServer(t *testing.T) {
	for _, c := range []struct{ ci, want string }{
		{"", "SKIP: PostgreSQL 99 not found; ./dev up installs it"},
		{"true", "FAIL: PostgreSQL 99 not found; in CI every server must be there: run ./dev up first"},
	} {
		t.Setenv("CI", c.ci)
		spy := &spy{}
		func() {
			defer func() { _ = recover() }() // What stands for Goexit.
			Shared(spy, 99)
		}()
		if spy.said != c.want {
			t.Errorf("CI=%q: got %q, want %q", c.ci, spy.said, c.want)
		}
	}
	skipped.majors = slices.DeleteFunc(skipped.majors, func(major int) bool { return major == 99 })
}

// spy notes how a test ended.
type spy struct {
	testing.TB
	said string
}

func (s *spy) Helper() {}
func (s *spy) Skipf(format string, args ...any) {
	s.said = "SKIP: " + fmt.Sprintf(format, args...)
	panic(s)
}

func (s *spy) Fatalf(format string, args ...any) {
	s.said = "FAIL: " + fmt.Sprintf(format, args...)
	panic(s)
}

func TestSkippedServersAreOneLine(t *testing.T) {
	var a absent
	if a.line() != "" {
		t.Errorf("nothing skipped: %q", a.line())
	}
	for _, major := range []int{18, 15, 18} {
		a.add(major)
	}
	if want := "skipped: PostgreSQL 15, 18 not found (./dev up installs them)"; a.line() != want {
		t.Errorf("got %q", a.line())
	}
}

func TestFindPrefersTheVariable(t *testing.T) {
	bin, err := find(Oldest)
	if err != nil {
		t.Skip(err)
	}
	link := filepath.Join(t.TempDir(), "bin")
	if err := os.Symlink(bin, link); err != nil {
		t.Fatal(err)
	}
	t.Setenv("VACANCY_PG15_BIN", link)
	if got, err := find(Oldest); got != link {
		t.Errorf("got %s, %v, want %s", got, err, link)
	}
	t.Setenv("VACANCY_PG15_BIN", t.TempDir())
	if _, err := find(Oldest); err == nil || !strings.Contains(err.Error(), "VACANCY_PG15_BIN") {
		t.Errorf("a folder without a server: got %v", err)
	}
}

// The script installs, the tests find: they must agree on where.
func TestFindAgreesWithDev(t *testing.T) {
	for _, major := range Majors() {
		want, err := find(major)
		if err != nil {
			t.Log(err)
			continue
		}
		out, err := exec.Command("../../dev", "bin", strconv.Itoa(major)).Output()
		if got := strings.TrimSpace(string(out)); err != nil || got != want {
			t.Errorf("./dev bin %d prints %q (%v), find returns %s", major, got, err, want)
		}
	}
}
