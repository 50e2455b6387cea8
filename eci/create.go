package eci

import (
	"context"
	"fmt"

	"github.com/ebb-node/ebb/alicloud"
)

// Create asks for a container group. The answer means that the service has
// accepted it, not that it runs. Repeating a request with the same ClientToken
// is safe and returns the first group; any change needs a new token
// (https://www.alibabacloud.com/help/doc-detail/25693.htm).
func (c *Client) Create(ctx context.Context, r *CreateRequest) (*CreateResponse, error) {
	const action = "CreateContainerGroup"
	if err := validate(r); err != nil {
		return nil, fmt.Errorf("create container group %q: %w", r.Name, err)
	}
	var a struct {
		ContainerGroupID string `json:"ContainerGroupId"`
		RequestID        string `json:"RequestId"`
	}
	if err := c.call(ctx, action, flatten(r), &a); err != nil {
		return nil, fmt.Errorf("create container group %q: %w", r.Name, err)
	}
	if a.ContainerGroupID == "" {
		return nil, fmt.Errorf("create container group %q: %w", r.Name, missing(action, "ContainerGroupId"))
	}
	return &CreateResponse{ContainerGroupID: a.ContainerGroupID, RequestID: a.RequestID}, nil
}

// DryRun asks the service whether it would accept r, without making anything.
// Nil means yes.
func (c *Client) DryRun(ctx context.Context, r *CreateRequest) error {
	if err := validate(r); err != nil {
		return fmt.Errorf("check container group %q: %w", r.Name, err)
	}
	p := flatten(r)
	p["DryRun"] = "true"
	// A dry run must not use up the token of the real create.
	delete(p, "ClientToken")
	err := c.call(ctx, "CreateContainerGroup", p, nil)
	if err == nil || alicloud.IsDryRun(err) {
		return nil
	}
	return fmt.Errorf("check container group %q: %w", r.Name, err)
}

// missing is an answer that lacks a field it is documented to have.
func missing(action, field string) error {
	return &alicloud.Error{
		Product: product.Name, Action: action,
		Code: alicloud.CodeBadAnswer, Message: "the answer has no " + field,
	}
}
