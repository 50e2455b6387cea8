package provider

import (
	"context"

	"github.com/ebb-node/ebb/eci"
)

// Cloud is what the provider needs of ECI to run pods. *eci.Client has it.
type Cloud interface {
	// Create makes a container group, or returns the one that an earlier call
	// with the same client token made.
	Create(ctx context.Context, request *eci.CreateRequest) (*eci.CreateResponse, error)
	// Delete ends a container group; with force there is no grace period.
	Delete(ctx context.Context, id string, force bool, clientToken string) error
	// Describe lists container groups.
	Describe(ctx context.Context, options eci.DescribeOptions) ([]eci.Group, error)
	// Events lists what the service says of container groups.
	Events(ctx context.Context, options eci.StatusOptions) ([]eci.GroupEvents, error)
}

// Watch is what the provider needs of the status watch. *eci.Watch has it.
type Watch interface {
	// Add makes a group known that was created, or found.
	Add(group eci.Group)
	// Ending says that a group was asked to end.
	Ending(id string)
}
