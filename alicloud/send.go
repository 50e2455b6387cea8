package alicloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// maxAnswer bounds an answer; the largest documented one is a log of 1 MiB,
// which JSON may escape to six times its size.
const maxAnswer = 16 << 20

// sender does one call, or decorates another sender.
type sender func(ctx context.Context, r *Request) ([]byte, error)

// send signs and sends one attempt, and returns the body of a 2xx answer.
func (c *Client) send(ctx context.Context, r *Request) ([]byte, error) {
	at, err := c.cfg.endpointOf(r.Product)
	if err != nil {
		return nil, fmt.Errorf("endpoint of %s: %w", r.Product.Name, err)
	}
	key, err := c.cfg.Credentials.Get(ctx)
	if err != nil {
		return nil, noKey(ctx, r, err)
	}
	attempt, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	req, err := c.signer.sign(attempt, r, at, key)
	if err != nil {
		return nil, fmt.Errorf("%s %s: sign: %w", r.Product.Name, r.Action, err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, noAnswer(ctx, r, at, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, noAnswer(ctx, r, at, err)
	case len(body) > maxAnswer:
		return nil, badAnswer(r, resp.StatusCode, fmt.Sprintf("it is longer than %d MiB", maxAnswer>>20))
	case resp.StatusCode/100 == 2:
		return body, nil
	}
	refusal := refused(r, resp.StatusCode, body, key)
	c.dropExpired(refusal, key)
	return nil, refusal
}

// dropExpired makes temporary credentials fetch a new key when the service
// does not take the one at hand.
func (c *Client) dropExpired(e *Error, key AccessKey) {
	if x, ok := c.cfg.Credentials.(expirer); ok && e.Class == ClassCredential {
		x.expire(key)
		e.renewed = true
	}
}

// noKey describes an attempt that could not be signed.
func noKey(ctx context.Context, r *Request, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s %s: %w", r.Product.Name, r.Action, ctx.Err())
	}
	return &Error{
		Product: r.Product.Name, Action: r.Action, Class: ClassCredential,
		Code: CodeCredentials, Message: err.Error(), cause: err,
	}
}

// noAnswer describes an attempt whose answer did not come whole. When the
// caller gave up, that is the error.
func noAnswer(ctx context.Context, r *Request, at endpoint, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s %s: %w", r.Product.Name, r.Action, ctx.Err())
	}
	e := &Error{
		Product: r.Product.Name, Action: r.Action, Class: ClassTransport,
		Code: CodeUnreachable, cause: transportCause(err),
	}
	e.Message = fmt.Sprintf("%s: %v", at, e.cause)
	if errors.Is(err, context.DeadlineExceeded) {
		e.Code, e.Message = CodeTimeout, fmt.Sprintf("%s did not answer in time", at)
	}
	return e
}

func badAnswer(r *Request, status int, why string) *Error {
	return &Error{
		Product: r.Product.Name, Action: r.Action, HTTPStatus: status,
		Code: CodeBadAnswer, Message: "cannot use the answer: " + why,
		Class: classify(r.Product, CodeBadAnswer, status),
	}
}

// refused reads the service's error body: Code, Message, RequestId.
func refused(r *Request, status int, body []byte, key AccessKey) *Error {
	var a struct {
		Code, Message string
		RequestID     string `json:"RequestId"`
	}
	if err := json.Unmarshal(body, &a); err != nil || a.Code == "" {
		return badAnswer(r, status, "it is not an error of the API; check the endpoint")
	}
	return &Error{
		Product: r.Product.Name, Action: r.Action, HTTPStatus: status,
		Code: a.Code, RequestID: a.RequestID,
		Message: cleanMessage(a.Code, a.Message, secretValues(r, key)),
		Class:   classify(r.Product, a.Code, status),
	}
}

// decode reads a JSON answer into out; nil means that nobody looks at it.
func decode(r *Request, body []byte, out any) error {
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(body, out); err != nil {
		return badAnswer(r, http.StatusOK, shapeError(err))
	}
	return nil
}

// shapeError tells what did not fit without quoting the answer.
func shapeError(err error) string {
	var t *json.UnmarshalTypeError
	if errors.As(err, &t) {
		return fmt.Sprintf("field %s holds a %s", t.Field, t.Value)
	}
	return "it is not JSON; check the endpoint"
}
