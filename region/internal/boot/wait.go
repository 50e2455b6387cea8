package boot

import (
	"context"
	"fmt"
	"time"
)

// pollInterval is short against the boot's seconds, and cheap.
const pollInterval = 20 * time.Millisecond

// until asks again until the answer is yes. When time is over it tells the
// last reason for a no.
func until(ctx context.Context, what string, ask func(context.Context) error) error {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		err := ask(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w: %v", what, context.Cause(ctx), err)
		case <-tick.C:
		}
	}
}
