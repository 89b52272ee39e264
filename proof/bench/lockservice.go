package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"
)

// Names of the schemes that ask a lock service.
const (
	lockAlone   = "Redis lock alone"
	pausedLock  = "Redis lock, holder pauses"
	lockGuarded = "the same, guarded update"
)

// The lock of the first scheme outlives anything; that of the others is shorter
// than the pause that one holder in some makes between its look and its write, as
// a collector, a full disk or a stopped machine makes it.
const (
	longLease  = 30 * time.Second
	shortLease = 40 * time.Millisecond
	pauseFor   = 3 * shortLease
	pauseEvery = 100
)

// lockService is a Redis of this run's own.
type lockService struct {
	dir    string
	pipe   io.Closer // its end is the server's end
	server *exec.Cmd
	client *redis.Client
}

// errNoRedis says what to do.
var errNoRedis = errors.New("redis-server is not installed (./dev up installs it): the rows of the lock service are left out")

// redisScript ends the server with the pipe, also when this process is killed.
const redisScript = `redis-server --port 0 --unixsocket "$1/socket" --save "" --dir "$1" >"$1/log" 2>&1 &
read -r _
kill $!
wait`

func startLockService(ctx context.Context) (_ *lockService, err error) {
	if _, err := exec.LookPath("redis-server"); err != nil {
		return nil, errNoRedis
	}
	s := new(lockService)
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.dir, err = os.MkdirTemp("", "vacancy-redis-"); err != nil {
		return nil, err
	}
	s.server = exec.Command("sh", "-c", redisScript, "redis", s.dir)
	if s.pipe, err = s.server.StdinPipe(); err != nil {
		return nil, err
	}
	if err := s.server.Start(); err != nil {
		return nil, err
	}
	s.client = redis.NewClient(&redis.Options{Network: "unix", Addr: filepath.Join(s.dir, "socket"), PoolSize: contenders})
	for range 100 {
		if err = s.client.Ping(ctx).Err(); err == nil {
			return s, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil, fmt.Errorf("redis-server does not answer: %w", err)
}

func (s *lockService) close() {
	if s == nil {
		return
	}
	if s.client != nil {
		_ = s.client.Close()
	}
	if s.pipe != nil {
		_ = s.pipe.Close()
		_ = s.server.Wait()
	}
	_ = os.RemoveAll(s.dir)
}

// schemes are the lock and nothing else, the same when a holder is held up, and
// the same with the guard in the write.
func (s *lockService) schemes(pool *pgxpool.Pool) []scheme {
	if s == nil {
		return nil
	}
	blind := func(ctx context.Context, night int, n int64, pause time.Duration) error {
		return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			if err := freeOn(ctx, tx, `select sold < cap from locking_night where night = $1`, night); err != nil {
				return err
			}
			time.Sleep(pause)
			return sell(ctx, tx, night, n)
		})
	}
	careful := func(ctx context.Context, night int, n int64, pause time.Duration) error {
		time.Sleep(pause)
		return guardedUpdate(ctx, pool, night, n)
	}
	return []scheme{
		{name: lockAlone, take: s.holding(longLease, 0, blind)},
		{name: pausedLock, mayOversell: true, take: s.holding(shortLease, pauseFor, blind)},
		{name: lockGuarded, take: s.holding(shortLease, pauseFor, careful)},
	}
}

// holding sells under the night's lock: SET NX PX until it is ours, and a delete
// only if it still is.
func (s *lockService) holding(lease, pause time.Duration, sell func(context.Context, int, int64, time.Duration) error) func(context.Context, int, int64) (int, error) {
	return func(ctx context.Context, night int, n int64) (retries int, err error) {
		name, token := "night:"+strconv.Itoa(night), strconv.FormatInt(n, 10)
		if retries, err = s.lock(ctx, name, token, lease); err != nil {
			return retries, err
		}
		held := time.Duration(0)
		if n%pauseEvery == 0 {
			held = pause
		}
		err = sell(ctx, night, n, held)
		return retries, errors.Join(err, unlock.Run(ctx, s.client, []string{name}, token).Err())
	}
}

// lock asks until nobody else has it.
func (s *lockService) lock(ctx context.Context, name, token string, lease time.Duration) (retries int, err error) {
	for {
		err = s.client.SetArgs(ctx, name, token, redis.SetArgs{Mode: "NX", TTL: lease}).Err()
		if !errors.Is(err, redis.Nil) {
			return retries, err
		}
		time.Sleep(rand.N(time.Millisecond << min(retries, 4)))
		retries++
	}
}

// unlock deletes the lock of its owner, and nobody else's.
var unlock = redis.NewScript(`if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`)
