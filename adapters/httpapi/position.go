package httpapi

import (
	"context"
	"errors"
	"time"

	"twinledger/domain/fault"
)

// longestWait is how long a query waits for a read model to reach its
// min_position: far more than a projector that follows needs.
const longestWait = 5 * time.Second

// positionParameter is the query parameter that names an append to be seen.
const positionParameter = "min_position"

type positionKey struct{}

// withPosition returns ctx with the min_position of a request that has passed
// its checks, so that every question about a read model waits for it.
func withPosition(ctx context.Context, text string) context.Context {
	if text == "" {
		return ctx
	}
	return context.WithValue(ctx, positionKey{}, text)
}

// ErrNotReached is what a query with a min_position is refused with when the read
// model does not reach it in time.
var ErrNotReached = fault.New(fault.Unavailable, "query.position-not-reached",
	"读模型尚未包含 min_position 所指的记录；请稍后再试。", "The read model does not hold the record of min_position yet; try again shortly.")

// await returns nil when the read models hold what the request's min_position
// stands for.
func (s *server) await(ctx context.Context) error {
	text, asked := ctx.Value(positionKey{}).(string)
	if !asked {
		return nil
	}
	token, err := tokenOf(text)
	if err != nil {
		return err
	}
	patient, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	err = s.Follower.Await(patient, token)
	if errors.Is(err, context.DeadlineExceeded) {
		return ErrNotReached.With(positionParameter, text).Because(err)
	}
	return err
}
