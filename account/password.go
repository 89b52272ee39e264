package account

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"github.com/vacancyhq/vacancy/ident"
)

// The parameters of argon2id (OWASP password storage: m=19 MiB, t=2, p=1).
const (
	argonMemory  = 19 * 1024 // KiB
	argonTime    = 2
	argonThreads = 1
	argonKey     = 32
	argonSalt    = 16
)

// maxHashing bounds how many passwords are hashed at once: each takes 19 MiB,
// and a flood of sign-ins must not take the process with it.
const maxHashing = 4

// argonHead begins every hash that we make (PHC string format).
var argonHead = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, argonMemory, argonTime, argonThreads)

// nobody is verified against when there is no such person, so that an unknown
// e-mail takes as long as a known one. No password makes it.
var nobody = argonHead + base64.RawStdEncoding.EncodeToString(make([]byte, argonSalt)) + "$" +
	base64.RawStdEncoding.EncodeToString(make([]byte, argonKey))

type hasher struct{ turns chan struct{} }

func newHasher() hasher { return hasher{turns: make(chan struct{}, maxHashing)} }

func (h hasher) make(password string, ids *ident.Source) string {
	salt := []byte(ids.Secret(argonSalt))[:argonSalt] // 80 bits; unique is all that a salt must be
	h.turns <- struct{}{}
	defer func() { <-h.turns }()
	return argonHead + base64.RawStdEncoding.EncodeToString(salt) + "$" +
		base64.RawStdEncoding.EncodeToString(derive(password, salt))
}

// verify compares in constant time. A stored hash of another form never matches,
// and takes as long.
func (h hasher) verify(ctx context.Context, stored, password string) (bool, error) {
	select {
	case h.turns <- struct{}{}:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	defer func() { <-h.turns }()
	known := strings.HasPrefix(stored, argonHead)
	if !known {
		stored = nobody
	}
	salt64, key64, _ := strings.Cut(strings.TrimPrefix(stored, argonHead), "$")
	salt, err1 := base64.RawStdEncoding.DecodeString(salt64)
	key, err2 := base64.RawStdEncoding.DecodeString(key64)
	same := subtle.ConstantTimeCompare(derive(password, salt), key) == 1
	return same && known && err1 == nil && err2 == nil, nil
}

func derive(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonKey)
}
