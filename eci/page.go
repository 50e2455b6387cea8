package eci

import (
	"context"

	"github.com/ebb-node/ebb/alicloud"
)

// page is one answer of a list; next is the token of the following one, empty
// on the last.
type page interface{ next() string }

// pages calls a list action until its last page.
func (c *Client) pages(ctx context.Context, action string, p params, make func() page, each func(page)) error {
	for {
		answer := make()
		if err := c.call(ctx, action, p, answer); err != nil {
			return err
		}
		each(answer)
		token := answer.next()
		if token == "" {
			return nil
		}
		if token == p["NextToken"] {
			return &alicloud.Error{
				Product: product.Name, Action: action, Code: alicloud.CodeBadAnswer,
				Message: "the answer names itself as its next page",
			}
		}
		p["NextToken"] = token
	}
}
