package storetest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"
)

// recorded is a history and what the model says of it.
type recorded struct {
	verdict porcupine.CheckResult
	seed    uint64
	log     []porcupine.Operation
	info    porcupine.LinearizationInfo
}

// must fails the test for a history that cannot have been, tells how far it could
// have been, and leaves a drawing of it.
func (r recorded) must(t *testing.T) {
	t.Helper()
	if r.verdict == porcupine.Ok {
		return
	}
	drawing := filepath.Join(os.TempDir(), fmt.Sprintf("vacancy-history-%d.html", r.seed))
	if err := porcupine.VisualizePath(oneByOne.ToModel(), r.info, drawing); err != nil {
		t.Error(err)
	}
	t.Errorf("history %d is %s: no order of its requests gives these answers; see %s", r.seed, r.verdict, drawing)
	for room, orders := range r.info.PartialLinearizationsOperations() {
		longest := slices.MaxFunc(orders, func(a, b []porcupine.Operation) int { return len(a) - len(b) })
		if all := byRoom(r.log)[room]; len(longest) < len(all) {
			t.Logf("room type %d: %d of %d requests could have been answered so, in this order:\n%s\nbut these not:\n%s",
				room, len(longest), len(all), listed(longest), listed(without(all, longest)))
		}
	}
}

func without(all, these []porcupine.Operation) []porcupine.Operation {
	return slices.DeleteFunc(slices.Clone(all), func(op porcupine.Operation) bool { return slices.Contains(these, op) })
}

func listed(ops []porcupine.Operation) string {
	var text strings.Builder
	for _, op := range ops {
		fmt.Fprintf(&text, "%9d to %19d µs, client %d: %s\n",
			op.Call/1000, op.Return/1000, op.ClientId, oneByOne.DescribeOperation(op.Input, op.Output))
	}
	return text.String()
}
