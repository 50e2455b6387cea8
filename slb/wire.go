package slb

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// num is a number, or a string with one; what cannot be read is zero, because
// one odd field must not hide an object.
type num int

func (n *num) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseFloat(strings.Trim(string(b), `"`), 64)
	if err != nil {
		v = 0
	}
	*n = num(v)
	return nil
}

const (
	on  = "on"
	off = "off"
)

func onOff(value bool) string {
	if value {
		return on
	}
	return off
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// tagWire is a tag in an answer.
type tagWire struct{ TagKey, TagValue string }

type tagsWire struct{ Tag []tagWire }

func tagMap(list []tagWire) map[string]string {
	out := map[string]string{}
	for _, t := range list {
		out[t.TagKey] = t.TagValue
	}
	return out
}

// memberWire is a backend server in a request or an answer. Numbers are
// strings in requests, as documented.
type memberWire struct {
	ServerID    string `json:"ServerId"`
	ServerIP    string `json:"ServerIp,omitempty"`
	Port        string `json:"Port"`
	Weight      string `json:"Weight,omitempty"`
	Type        string `json:"Type"`
	Description string `json:"Description,omitempty"`
}

// memberAnswer reads what memberWire writes.
type memberAnswer struct {
	ServerID    string `json:"ServerId"`
	ServerIP    string `json:"ServerIp"`
	Port        num
	Weight      num
	Description string
}

type membersAnswer struct {
	BackendServer []memberAnswer
}

func (w memberAnswer) member() Member {
	return Member{
		ServerID: w.ServerID, IP: w.ServerIP, Port: int(w.Port), Weight: int(w.Weight), Description: w.Description,
	}
}

// typeOf is the type of a member. Wanted ones are network interfaces; what
// others have added to an own group is told by its id
// (https://www.alibabacloud.com/help/fr/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-addvservergroupbackendservers).
func typeOf(serverID string) string {
	switch prefix, _, _ := strings.Cut(serverID, "-"); prefix {
	case "i":
		return "ecs"
	case "eci":
		return "eci"
	}
	return "eni"
}

// membersText is the BackendServers parameter; full includes what does not
// identify a member.
func membersText(members []Member, full bool) string {
	list := make([]memberWire, len(members))
	for i, m := range members {
		list[i] = memberWire{ServerID: m.ServerID, ServerIP: m.IP, Port: strconv.Itoa(m.Port), Type: typeOf(m.ServerID)}
		if full {
			list[i].Weight, list[i].Description = strconv.Itoa(m.Weight), m.Description
		}
	}
	return jsonText(list)
}
