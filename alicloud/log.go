package alicloud

import (
	"context"

	"github.com/sirupsen/logrus"
)

// logged writes a line per attempt: what was called and how it ended, never
// with what.
func logged(next sender, log logrus.FieldLogger) sender {
	return func(ctx context.Context, r *Request) ([]byte, error) {
		body, err := next(ctx, r)
		line := log.WithFields(logrus.Fields{"product": r.Product.Name, "action": r.Action, "code": codeOf(err)})
		if err != nil {
			line = line.WithError(err)
		}
		line.Debug("cloud call")
		return body, err
	}
}
