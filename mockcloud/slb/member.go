package slb

import (
	"net/http"
	"net/netip"
	"strconv"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// memberKey is what tells members of a group apart.
type memberKey struct {
	serverID string
	ip       netip.Addr
	port     int
}

// member is a back-end server in a group.
type member struct {
	memberKey
	kind        string // ecs, eni, eci
	weight      int
	description string
}

// entry is a member as a call writes it, with what it leaves out.
type entry struct {
	member
	hasWeight      bool
	hasDescription bool
}

const (
	defaultWeight = 100
	largestWeight = 100
)

// parseServers reads a list of back-end servers
// (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-addvservergroupbackendservers).
func parseServers(name, text string, w *world) ([]entry, error) {
	raw, err := parseEntries(text, "ServerId", "Port", "Weight", "Type", "ServerIp", "Description")
	if err != nil {
		return nil, refuse("BackendServersMalformed", "The specified parameter %s is not valid: %v.", name, err)
	}
	if len(raw) > serversPerCall {
		return nil, refuse("TooManyBackendServers", "The total number of input real servers exceeds max supported number: %d", serversPerCall)
	}
	list := make([]entry, 0, len(raw))
	seen := map[memberKey]bool{}
	for _, fields := range raw {
		e, err := parseServer(name, fields, w)
		if err != nil {
			return nil, err
		}
		if seen[e.memberKey] {
			return nil, refuse("BackendServersMalformed", "%s has the server %s with port %d twice.", name, e.serverID, e.port)
		}
		seen[e.memberKey] = true
		list = append(list, e)
	}
	return list, nil
}

func parseServer(name string, f map[string]string, w *world) (entry, error) {
	e := entry{member: member{kind: f["Type"], weight: defaultWeight}}
	if e.kind == "" {
		e.kind = "ecs"
	}
	e.serverID = f["ServerId"]
	if e.serverID == "" || f["Port"] == "" {
		return e, refuse("BackendServersMalformed", "Each entry of %s needs ServerId and Port.", name)
	}
	var err error
	if e.port, err = strconv.Atoi(f["Port"]); err != nil || e.port < 1 || e.port > 65535 {
		return e, rpc.InvalidParameter(name, "the Port value should be in [1, 65535]")
	}
	if text, ok := f["Weight"]; ok {
		e.hasWeight = true
		if e.weight, err = strconv.Atoi(text); err != nil || e.weight < 0 || e.weight > largestWeight {
			return e, refuse("InvalidWeight.Malformed", "A specified weight is not valid: an integer from 0 to %d is wanted.", largestWeight)
		}
	}
	if text, ok := f["Description"]; ok {
		e.hasDescription, e.description = true, text
		if err := named("Description", text, 80); err != nil {
			return e, err
		}
	}
	return e, e.setIP(f["ServerIp"], w)
}

// setIP takes the address that is given, or finds the server's own. The
// documents let an ENI go without, which is its primary address then; here it
// must be said, since one ENI may have several.
func (e *entry) setIP(text string, w *world) (err error) {
	if text != "" {
		if e.ip, err = netip.ParseAddr(text); err != nil {
			return refuse("BackendServersMalformed", "The ServerIp of %s is no address.", e.serverID)
		}
		return nil
	}
	switch e.kind {
	case "eni":
		return refuse("BackendServersMalformed", "The entry of %s needs ServerIp.", e.serverID)
	case "eci":
		e.ip, _ = w.servers.eci(e.serverID)
	default:
		e.ip, _ = w.servers.ecs(e.serverID)
	}
	return nil
}

// exists refuses a server that is not there or does not run.
func (e *entry) exists(w *world) error {
	switch e.kind {
	case "eni":
		if !w.servers.eni(e.serverID, e.ip) {
			return obtainIPFail(e.serverID)
		}
	case "eci":
		if ip, ok := w.servers.eci(e.serverID); !ok || ip != e.ip {
			return obtainIPFail(e.serverID)
		}
	case "ecs":
		ip, ok := w.servers.ecs(e.serverID)
		if !ok {
			return rpc.Errorf(http.StatusNotFound, "InvalidServerId.NotFound", "The specified server %s is not found.", e.serverID)
		}
		if ip != e.ip {
			return obtainIPFail(e.serverID)
		}
	default:
		return refuse("BackendServersMalformed", "The Type of %s is none of ecs, eni, eci.", e.serverID)
	}
	return nil
}

func obtainIPFail(id string) error {
	return refuse("ObtainIpFail", "The specified BackendServers is invalid; the server %s does not exist, is not running or has not the address.", id)
}

func (s Servers) eni(id string, ip netip.Addr) bool { return s.LookupENI != nil && s.LookupENI(id, ip) }

func (s Servers) eci(id string) (netip.Addr, bool) { return lookup(s.LookupECI, id) }

func (s Servers) ecs(id string) (netip.Addr, bool) { return lookup(s.LookupECS, id) }

func lookup(f func(string) (netip.Addr, bool), id string) (netip.Addr, bool) {
	if f == nil {
		return netip.Addr{}, false
	}
	return f(id)
}
