package gateway

import (
	"errors"

	"github.com/ebb-node/ebb/alicloud"
	"github.com/ebb-node/ebb/slb"
)

// explain is an error as conditions and Events say it: the same each time that
// the same goes wrong, so without the request's id, which the log has.
func explain(err error) string {
	var call *alicloud.Error
	if !errors.As(err, &call) {
		return err.Error()
	}
	text := call.Action + ": " + call.Code
	if call.Message != "" {
		text += ": " + call.Message
	}
	var object slb.Problem
	if errors.As(err, &object) {
		text = object.Object.String() + ": " + text
	}
	return text
}
