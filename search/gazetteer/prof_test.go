package gazetteer

import "testing"

func BenchmarkNew(b *testing.B) {
	places := World()
	for b.Loop() {
		New(places)
	}
}

func BenchmarkTypo(b *testing.B) {
	g := New(World())
	s := g.now.Load()
	b.Log(len(s.base.table.terms), len(s.base.table.trie.nodes))
	for b.Loop() {
		s.base.table.trie.resembling("barclona")
	}
}
