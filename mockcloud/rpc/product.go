package rpc

import (
	"context"
	"reflect"
)

// Product is a set of actions under one version.
type Product struct {
	Name    string // as in Recommend addresses: Eci
	Version string // parameter Version: 2018-08-08
	Actions []Action
}

// Action is one call of a product; Handle makes it.
type Action struct {
	Name     string
	Limit    Limit
	PostOnly bool

	secrets map[string]bool
	serve   func(call *Call, params map[string]string) (any, error)
}

// Call is what a handler may know of the request besides its parameters.
type Call struct {
	Context     context.Context
	RequestID   string
	RegionID    string
	AccessKeyID string
	Host        string // as the caller wrote it
	TLS         bool
}

// Handle makes an Action whose parameters are those of Request (a struct, see
// schema.go) and whose answer is what handle returns: a value that encodes to
// a JSON object, to which the front door adds RequestId. An error other than
// *Error is answered as InternalError.
func Handle[Request any](name string, limit Limit, handle func(*Call, *Request) (any, error)) Action {
	secrets := map[string]bool{}
	secretNames(reflect.TypeFor[Request](), "", secrets)
	return Action{
		Name: name, Limit: limit, secrets: secrets,
		serve: func(call *Call, params map[string]string) (any, error) {
			request := new(Request)
			if err := decode(params, request); err != nil {
				return nil, err
			}
			return handle(call, request)
		},
	}
}

// PostOnly makes an action refuse GET.
func PostOnly(a Action) Action {
	a.PostOnly = true
	return a
}
