package searchtest

import "math/rand/v2"

// Shake sells and gives back rooms at random.
func Shake(s *Source, seed uint64) { shuffle(s, rand.New(rand.NewPCG(seed, seed))) }
