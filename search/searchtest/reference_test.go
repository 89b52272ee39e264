package searchtest

import "testing"

// The reference passes the suite that it is the reference of.
func TestReference(t *testing.T) {
	Run(t, func(t *testing.T, s Setup) Opened {
		r := NewReference(s.Source, s)
		if err := r.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		return Opened{Index: r, Sync: r.Sync}
	})
}
