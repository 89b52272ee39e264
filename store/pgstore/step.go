package pgstore

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// steps tells a test where a write is (Options.Step).
type steps struct{ reach func(statement string) }

type stepKey struct{}

var (
	_ pgx.QueryTracer = steps{}
	_ pgx.BatchTracer = steps{}
)

func (s steps) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	s.reach(data.SQL)
	return context.WithValue(ctx, stepKey{}, data.SQL)
}

func (s steps) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) {
	statement, _ := ctx.Value(stepKey{}).(string)
	s.reach(statement)
}

func (s steps) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	s.reach(fmt.Sprintf("%d statements together", data.Batch.Len()))
	return ctx
}

func (s steps) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	s.reach(data.SQL)
}

func (s steps) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}
