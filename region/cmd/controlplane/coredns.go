package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/kubernetes"
)

// runCoreDNS serves cluster DNS with just the plugins that the region's
// Corefile uses.
func runCoreDNS() int {
	dnsserver.Directives = []string{"errors", "health", "cache", "kubernetes"}
	coremain.Run()
	return 0
}
