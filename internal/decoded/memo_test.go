package decoded

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

type plan struct {
	Name string
	Tags []string
}

func TestMemo(t *testing.T) {
	var m Memo[plan]
	first, err := m.Value([]byte(`{"Name":"flex","Tags":["a"]}`))
	if err != nil {
		t.Fatal(err)
	}
	again, err := m.Value([]byte(`{"Name":"flex","Tags":["a"]}`))
	if err != nil || &again.Tags[0] != &first.Tags[0] {
		t.Errorf("decoded twice: %v, %v", again, err)
	}
	if other, err := m.Value([]byte(`{"Name":"flex","Tags":["b"]}`)); err != nil || other.Tags[0] != "b" {
		t.Errorf("another document says %v, %v", other, err)
	}
	if _, err := m.Value([]byte(`{"Name":`)); err == nil {
		t.Error("a torn document says something")
	}
}

// What is asked for stays, what is not goes: memory is bounded.
func TestMemoForgets(t *testing.T) {
	var m Memo[plan]
	long := strings.Repeat("x", 100_000)
	document := func(i int) []byte { return fmt.Appendf(nil, `{"Name":"%d %s","Tags":["a"]}`, i, long) }
	kept, err := m.Value(document(0))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 300 { // 30 MB
		if _, err := m.Value(document(i + 1)); err != nil {
			t.Fatal(err)
		}
		if i%40 == 0 {
			if again, err := m.Value(document(0)); err != nil || &again.Tags[0] != &kept.Tags[0] {
				t.Fatalf("after %d others it was forgotten (%v)", i, err)
			}
		}
	}
	if n := len(m.young) + len(m.old); n > 2*generation/len(long) {
		t.Errorf("%d documents of %d bytes are remembered", n, len(long))
	}
}

func TestMemoAtOnce(t *testing.T) {
	var m Memo[plan]
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 200 {
				want := fmt.Sprint((i + j) % 7)
				if got, err := m.Value([]byte(`{"Name":"` + want + `"}`)); err != nil || got.Name != want {
					t.Errorf("%q, %v; want %q", got.Name, err, want)
				}
			}
		})
	}
	all.Wait()
}
