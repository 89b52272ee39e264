package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"

	"github.com/vacancyhq/vacancy/internal/servant"
)

// errMissing says that a server is not installed on this machine.
var errMissing = errors.New("not found")

// find returns the folder with the programs of one major. The order, which
// ./dev follows too: VACANCY_PG<major>_BIN, where ./dev up puts them, where
// systems put them, PATH.
func find(major int) (string, error) {
	variable := fmt.Sprintf("VACANCY_PG%d_BIN", major)
	if dir := os.Getenv(variable); dir != "" {
		if majorOf(dir) != major {
			return "", fmt.Errorf("%s=%s holds no PostgreSQL %d", variable, dir, major)
		}
		return dir, nil
	}
	for _, dir := range places(major) {
		if majorOf(dir) == major {
			return dir, nil
		}
	}
	return "", fmt.Errorf("PostgreSQL %d %w", major, errMissing)
}

func places(major int) []string {
	if runtime.GOOS == "windows" {
		return nil // The watchdog needs a shell and signals.
	}
	n := strconv.Itoa(major)
	dirs := []string{}
	for _, cache := range servant.Caches() {
		dirs = append(dirs, filepath.Join(cache, "postgresql-"+n, "bin"))
	}
	dirs = append(dirs,
		"/usr/lib/postgresql/"+n+"/bin", // Debian, Ubuntu
		"/usr/pgsql-"+n+"/bin",          // Red Hat
		"/opt/homebrew/opt/postgresql@"+n+"/bin",
		"/usr/local/opt/postgresql@"+n+"/bin",
		"/Applications/Postgres.app/Contents/Versions/"+n+"/bin",
	)
	if onPath, err := exec.LookPath("postgres"); err == nil {
		// initdb looks for postgres beside itself, so links are followed.
		if real, err := filepath.EvalSymlinks(onPath); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	return dirs
}

var version = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// majorOf returns the major of the server in a folder, or 0 if there is none
// that can be run.
func majorOf(dir string) int {
	if _, err := exec.LookPath(filepath.Join(dir, "initdb")); err != nil {
		return 0
	}
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0
	}
	found := version.FindSubmatch(out)
	if found == nil {
		return 0
	}
	major, err := strconv.Atoi(string(found[1]))
	if err != nil {
		return 0
	}
	return major
}
