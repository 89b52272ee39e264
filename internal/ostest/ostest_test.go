package ostest

import "testing"

func TestMain(m *testing.M) { Main(m) }

func TestNodesFindEachOther(t *testing.T) {
	c := Own(t, 3)
	if err := c.Kill(2); err != nil {
		t.Fatal(err)
	}
	if err := c.Await(2); err != nil {
		t.Error("two nodes are not a cluster after the third was killed:", err)
	}
}
