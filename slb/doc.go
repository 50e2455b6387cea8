// Package slb is Classic Load Balancer (CLB, API 2014-05-15) as the product
// needs it: what a load balancer shall look like goes in as plain values, what
// it has been proven to look like comes out.
//
// Desired is the wish and Actual what the API says. Planner.Plan compares the
// two and orders the writes so that none is refused and no host that is
// served before and after is dropped in between. A Writer, one per load
// balancer, carries plans out: it takes the newest wish, retries what passes,
// sets aside what cannot work, reads back what it touched, and reads
// everything at start and at intervals to repair what others changed. Weights
// is the arithmetic of percentage splits; EnsureInstance finds or makes the
// load balancer itself.
//
// Load balancers may be shared. Only objects that carry the Owner's mark in
// their name or tags are ever changed or deleted.
//
// The package must not know Kubernetes or Knative: Ingresses, pods and
// revisions are the gateway's business.
//
// The API: https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-overview.
package slb
