package main

import (
	"context"
	"errors"
	"fmt"
	stdlog "log"
	"net"
	"net/http"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/runtime/runc"
)

// drain is how long calls that are under way may take to end after SIGTERM.
const drain = 2 * time.Second

// run serves until ctx ends or a listener fails, then ends all groups.
func (o *options) run(ctx context.Context) error {
	log, err := o.logger()
	if err != nil {
		return err
	}
	if (o.certFile == "") != (o.keyFile == "") {
		return errors.New("--tls-cert-file and --tls-private-key-file go together")
	}
	c, err := o.config(log)
	if err != nil {
		return err
	}
	forward, err := o.slb.addTo(&c, log)
	if err != nil {
		return err
	}
	defer forward.Close()
	if err := o.addRuntime(&c, log); err != nil {
		return err
	}
	cloud, err := mockcloud.New(c)
	if err != nil {
		if c.Runtime != nil {
			err = errors.Join(err, c.Runtime.Close())
		}
		return err
	}
	err = o.serve(ctx, cloud, log)
	log.Info("closing: ending all container groups")
	return errors.Join(err, cloud.Close())
}

// addRuntime makes the runtime that was asked for. The gateway's address is
// the bridge's own, so no group may get it.
func (o *options) addRuntime(c *mockcloud.Config, log *logrus.Entry) error {
	switch o.runtime {
	case "simulated":
		return nil
	case "runc":
	default:
		return fmt.Errorf("--runtime %q: use simulated or runc", o.runtime)
	}
	rc, err := o.runc.config(log)
	if err != nil {
		return err
	}
	for i := range c.VSwitches {
		c.VSwitches[i].Reserved = append(c.VSwitches[i].Reserved, rc.Gateway.Addr())
	}
	c.Runtime, err = runc.New(rc)
	return err
}

// serve listens first on all addresses, so that a taken port is an error
// before anything runs.
func (o *options) serve(ctx context.Context, cloud *mockcloud.Cloud, log *logrus.Entry) error {
	front, err := net.Listen("tcp", o.listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	defer front.Close()
	warnings := log.WriterLevel(logrus.WarnLevel)
	defer warnings.Close()
	server := &http.Server{Handler: cloud.Handler(), ErrorLog: stdlog.New(warnings, "", 0)}
	failed := make(chan error, 2)
	if o.adminListen != "" {
		listener, err := net.Listen("tcp", o.adminListen)
		if err != nil {
			return fmt.Errorf("--admin-listen: %w", err)
		}
		admin := &http.Server{Handler: cloud.AdminHandler()}
		defer admin.Close()
		go func() { failed <- admin.Serve(listener) }()
	}
	go func() { failed <- o.serveFront(server, front) }()
	log.WithField("address", front.Addr()).WithField("admin", o.adminListen).
		WithField("runtime", o.runtime).WithField("region", o.region).Info("mock cloud is up")
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	draining, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	if server.Shutdown(draining) != nil {
		server.Close()
	}
	return nil
}

func (o *options) serveFront(server *http.Server, listener net.Listener) error {
	if o.certFile != "" {
		return server.ServeTLS(listener, o.certFile, o.keyFile)
	}
	return server.Serve(listener)
}
