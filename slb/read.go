package slb

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"
)

// readers is how many calls of a read-back are under way together, so that
// many groups take one latency per eight of them.
const readers = 8

// Read describes a load balancer: what the owner has on it in full, of other
// people's objects what takes places. It costs four calls, one per HTTP or
// HTTPS listener, one more per HTTPS listener and one per own group. A load
// balancer that does not exist is a *GoneError.
func (c *Client) Read(ctx context.Context, o Owner, id string) (Actual, error) {
	var a Actual
	var err error
	if a.Instance, err = c.Instance(ctx, id); err != nil {
		return Actual{}, err
	}
	tasks, inner := errgroup.WithContext(ctx)
	tasks.SetLimit(readers)
	tasks.Go(func() (err error) { a.Listeners, err = c.listeners(inner, o, id); return })
	tasks.Go(func() (err error) { a.Groups, err = c.groups(inner, o, id); return })
	tasks.Go(func() (err error) { a.Certificates, err = c.certificates(inner, o); return })
	if err := tasks.Wait(); err != nil {
		return Actual{}, fmt.Errorf("read load balancer %s: %w", id, err)
	}
	if err := c.details(ctx, o, &a); err != nil {
		return Actual{}, fmt.Errorf("read load balancer %s: %w", id, err)
	}
	return a, nil
}

// details reads what the lists leave out.
func (c *Client) details(ctx context.Context, o Owner, a *Actual) error {
	tasks, ctx := errgroup.WithContext(ctx)
	tasks.SetLimit(readers)
	for i := range a.Listeners {
		l := &a.Listeners[i]
		if l.Endpoint().layer7() && !l.Redirects {
			tasks.Go(func() error { return c.readRules(ctx, o, a.Instance.ID, l) })
		}
		if l.Protocol == HTTPS {
			tasks.Go(func() error { return c.readExtensions(ctx, a.Instance.ID, l) })
		}
	}
	for i := range a.Groups {
		if g := &a.Groups[i]; g.Owned {
			tasks.Go(func() error { return c.readMembers(ctx, g) })
		}
	}
	return tasks.Wait()
}

// touched is what a pass has written to and must be read again.
type touched struct {
	listeners    bool // the list of listeners, and the load balancer itself
	rules        map[Endpoint]bool
	extensions   map[Endpoint]bool
	groups       map[string]bool // ids
	groupList    bool
	certificates bool
}

func newTouched() *touched {
	return &touched{rules: map[Endpoint]bool{}, extensions: map[Endpoint]bool{}, groups: map[string]bool{}}
}

// refresh reads again what was written to, and returns the load balancer with
// it. What was not touched is as it was.
func (c *Client) refresh(ctx context.Context, o Owner, was Actual, t *touched) (Actual, error) {
	a := was.clone()
	if err := c.refreshLists(ctx, o, &a, t); err != nil {
		return was, readBack(a.Instance.ID, err)
	}
	tasks, ctx := errgroup.WithContext(ctx)
	tasks.SetLimit(readers)
	for i := range a.Listeners {
		l := &a.Listeners[i]
		if t.rules[l.Endpoint()] && !l.Redirects {
			tasks.Go(func() error { return c.readRules(ctx, o, a.Instance.ID, l) })
		}
		if t.extensions[l.Endpoint()] {
			tasks.Go(func() error { return c.readExtensions(ctx, a.Instance.ID, l) })
		}
	}
	for i := range a.Groups {
		if g := &a.Groups[i]; g.Owned && t.groups[g.ID] {
			tasks.Go(func() error { return c.readMembers(ctx, g) })
		}
	}
	if err := tasks.Wait(); err != nil {
		return was, readBack(a.Instance.ID, err)
	}
	return a, nil
}

func readBack(id string, err error) error {
	if codeOf(err) == codeNoInstance {
		return &GoneError{ID: id}
	}
	return fmt.Errorf("read back load balancer %s: %w", id, err)
}

// refreshLists reads the touched lists and keeps the known details of what is
// still on them.
func (c *Client) refreshLists(ctx context.Context, o Owner, a *Actual, t *touched) error {
	id := a.Instance.ID
	if t.listeners {
		list, err := c.listeners(ctx, o, id)
		if err != nil {
			return err
		}
		for i := range list {
			if known := a.listener(list[i].Endpoint()); known != nil {
				list[i].Rules, list[i].Extensions = known.Rules, known.Extensions
			}
		}
		a.Listeners = list
		// With its last listener gone, the load balancer stops.
		if a.Instance, err = c.Instance(ctx, id); err != nil {
			return err
		}
	}
	if t.groupList {
		list, err := c.groups(ctx, o, id)
		if err != nil {
			return err
		}
		for i := range list {
			if known := a.groupByID(list[i].ID); known != nil {
				list[i].Members = known.Members
			}
		}
		a.Groups = list
	}
	if t.certificates {
		var err error
		if a.Certificates, err = c.certificates(ctx, o); err != nil {
			return err
		}
	}
	return nil
}
