package runc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
)

// image answers the container's image, and pulls it if its policy says so.
func (c *container) image(ctx context.Context) (*image, error) {
	store, g := c.group.rt.images, c.group
	plain := slices.Concat(store.plain, g.spec.PlainRegistry)
	asked, from, err := parseImage(c.spec.Image, store.mirrors, plain)
	if err != nil {
		return nil, &waitError{reasonImageName, fmt.Errorf("image %q of container %s: %w", c.spec.Image, c.spec.Name, err)}
	}
	if c.pullPolicy(asked) != pullAlways {
		if img, err := store.local(asked); err == nil {
			c.set(normal(eventPulled, "Container image %q already present on machine", c.spec.Image), nil)
			return img, nil
		}
	}
	if c.spec.PullPolicy == pullNever {
		return nil, &waitError{reasonNeverPull, fmt.Errorf("image %q is not present and its pull policy is Never", c.spec.Image)}
	}
	return c.pull(ctx, asked, from)
}

// pullPolicy is the container's, or that which its image's tag suggests.
// https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting
func (c *container) pullPolicy(image name.Reference) string {
	if c.spec.PullPolicy == "" && image.Identifier() == name.DefaultTag {
		return pullAlways
	}
	return c.spec.PullPolicy
}

func (c *container) pull(ctx context.Context, asked, from name.Reference) (*image, error) {
	c.set(normal(eventPulling, "Pulling image %q", c.spec.Image), nil)
	began := c.group.now()
	img, err := c.group.rt.images.pull(ctx, asked, from, c.group.spec.Credentials)
	if err != nil {
		if errors.Is(err, context.Canceled) {
			return nil, err
		}
		return nil, &waitError{reasonPull, fmt.Errorf("failed to pull image %q: %w", c.spec.Image, err)}
	}
	took := c.group.now().Sub(began).Round(time.Millisecond)
	c.set(normal(eventPulled, "Successfully pulled image %q in %s", c.spec.Image, took), nil)
	return img, nil
}
