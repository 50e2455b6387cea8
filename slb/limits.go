package slb

// Limits are the quotas that a plan keeps to
// (https://alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/quotas).
// Those that an account can have raised are the caller's to change.
type Limits struct {
	RulesPerListener      int // 40, cannot be raised
	ExtensionsPerListener int // 3, up to 10
	BackendsPerInstance   int // 200
	ListenersPerInstance  int // 50
}

// DefaultLimits are those of an account that has not asked for more.
func DefaultLimits() Limits {
	return Limits{RulesPerListener: 40, ExtensionsPerListener: 3, BackendsPerInstance: 200, ListenersPerInstance: 50}
}

const (
	// membersPerCall is the documented number; one client in the field sends 40
	// (https://www.alibabacloud.com/help/fr/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-addvservergroupbackendservers).
	membersPerCall = 20
	// rulesPerCall bounds creates and deletes
	// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createrules).
	rulesPerCall = 10
)
