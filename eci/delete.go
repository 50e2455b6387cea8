package eci

import (
	"context"
	"fmt"
)

// Delete ends a container group and its cost. Without force its containers
// get their grace period first. A group that does not exist is no error: it is
// what the caller wants.
func (c *Client) Delete(ctx context.Context, id string, force bool, clientToken string) error {
	if id == "" {
		return invalid("DeleteContainerGroup", "no container group id given")
	}
	p := params{"ContainerGroupId": id}
	p.flag("Force", force)
	p.text("ClientToken", clientToken)
	if err := c.call(ctx, "DeleteContainerGroup", p, nil); err != nil && !IsNotFound(err) {
		return fmt.Errorf("delete container group %s: %w", id, err)
	}
	return nil
}
