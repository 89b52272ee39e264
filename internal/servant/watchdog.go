package servant

import (
	"fmt"
	"io"
	"os/exec"
)

// Watchdog is a small shell that outlives the test binary. It reads from a pipe
// which only the test binary holds open; when that closes, on purpose or because
// the binary was killed, it ends the server and removes its folder. Go's own
// clean-up cannot promise that: a test that runs into its timeout, or SIGKILL,
// runs none.
type Watchdog struct {
	cmd  *exec.Cmd
	pipe io.WriteCloser
}

// The signals are ignored because Ctrl-C reaches every process at the terminal.
// An empty line means that there is no server to end just now.
const watchdogScript = `
trap '' INT TERM HUP
while read -r line; do server=$line; done
if [ -n "$server" ] && kill -QUIT "$server"; then
	tries=0
	while kill -0 "$server" && [ $tries -lt 200 ]; do sleep 0.02; tries=$((tries + 1)); done
	kill -KILL "$server"
fi
rm -rf "$1"
`

// Watch starts a watchdog over a folder.
func Watch(dir string) (*Watchdog, error) {
	cmd := exec.Command("sh", "-c", watchdogScript, "vacancy-watchdog", dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = detached()
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the watchdog: %w", err)
	}
	return &Watchdog{cmd: cmd, pipe: pipe}, nil
}

// Guard names the process to end; 0 for none.
func (w *Watchdog) Guard(pid int) error {
	line := "\n"
	if pid != 0 {
		line = fmt.Sprintf("%d\n", pid)
	}
	_, err := io.WriteString(w.pipe, line)
	return err
}

// Release lets the watchdog do its work and waits for it.
func (w *Watchdog) Release() error {
	if err := w.pipe.Close(); err != nil {
		return err
	}
	return w.cmd.Wait()
}
