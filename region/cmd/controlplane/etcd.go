package main

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"go.etcd.io/etcd/server/v3/embed"
)

// runEtcd serves a single-member etcd. Its data are thrown away with the
// region, so it does not wait for the disk.
func runEtcd() int {
	flags := flag.NewFlagSet("etcd", flag.ExitOnError)
	dir := flags.String("data-dir", "", "directory of the data")
	client := flags.String("listen-client-url", "http://127.0.0.1:2379", "URL served to the API server")
	peer := flags.String("listen-peer-url", "http://127.0.0.1:2380", "URL of the (single) peer")
	_ = flags.Parse(os.Args[1:])

	server, err := embed.StartEtcd(etcdConfig(*dir, *client, *peer))
	if err != nil {
		fmt.Fprintln(os.Stderr, "etcd:", err)
		return 1
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	select {
	case <-stop:
		server.Close()
		return 0
	case err := <-server.Err():
		fmt.Fprintln(os.Stderr, "etcd:", err)
		return 1
	}
}

func etcdConfig(dir, client, peer string) *embed.Config {
	cfg := embed.NewConfig()
	cfg.Dir = dir
	cfg.LogLevel = "error" // "warn" prints a line for every slow request
	cfg.UnsafeNoFsync = true
	cfg.ListenClientUrls = parseURLs(client)
	cfg.AdvertiseClientUrls = cfg.ListenClientUrls
	cfg.ListenPeerUrls = parseURLs(peer)
	cfg.AdvertisePeerUrls = cfg.ListenPeerUrls
	cfg.InitialCluster = cfg.InitialClusterFromName(cfg.Name)
	return cfg
}

func parseURLs(raw string) []url.URL {
	u, err := url.Parse(raw)
	if err != nil {
		fmt.Fprintf(os.Stderr, "etcd: %q is not a URL: %v\n", raw, err)
		os.Exit(2)
	}
	return []url.URL{*u}
}
