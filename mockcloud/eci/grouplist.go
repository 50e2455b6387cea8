package eci

import (
	"net/http"
	"slices"
	"sort"
	"strconv"
	"time"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// Retention of finished groups: visible for an hour, then only the last 100;
// those that were never scheduled for a day
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describecontainergroups,
// https://www.alibabacloud.com/help/doc-detail/122385.htm).
const (
	retention               = time.Hour
	retainedGroups          = 100
	scheduleFailedRetention = 24 * time.Hour
)

// groupList holds groups in the order of their creation.
type groupList struct {
	serial uint64
	byID   map[string]*group
	order  []*group
}

func newGroupList() groupList { return groupList{byID: map[string]*group{}} }

func (l *groupList) add(g *group) {
	l.serial++
	g.serial = l.serial
	l.byID[g.id] = g
	l.order = append(l.order, g)
}

func (l *groupList) remove(g *group) {
	if l.byID[g.id] != g {
		return
	}
	delete(l.byID, g.id)
	i := l.after(g.serial - 1)
	l.order = slices.Delete(l.order, i, i+1)
}

// after is the position of the first group with a greater serial.
func (l *groupList) after(serial uint64) int {
	return sort.Search(len(l.order), func(i int) bool { return l.order[i].serial > serial })
}

// page answers up to limit groups that match, from where the token points,
// with the token of the next page and how many match in all.
func (l *groupList) page(match func(*group) bool, limit int, token string) ([]*group, string, int, error) {
	serial := uint64(0)
	if token != "" {
		var err error
		if serial, err = strconv.ParseUint(token, 36, 64); err != nil {
			return nil, "", 0, rpc.InvalidParameter("NextToken", "it is none of this service")
		}
	}
	var list []*group
	next, total := "", 0
	for _, g := range l.order {
		if !match(g) {
			continue
		}
		total++
		switch {
		case g.serial <= serial:
		case len(list) < limit:
			list = append(list, g)
		case next == "":
			next = strconv.FormatUint(list[len(list)-1].serial, 36)
		}
	}
	return list, next, total, nil
}

// aged answers the finished groups whose time is over.
func (l *groupList) aged(now time.Time) []*group {
	var finished, aged []*group
	for _, g := range l.order {
		switch {
		case g.status == scheduleFailed:
			if now.Sub(g.ended) >= scheduleFailedRetention {
				aged = append(aged, g)
			}
		case g.final():
			finished = append(finished, g)
		}
	}
	slices.SortStableFunc(finished, func(a, b *group) int { return a.ended.Compare(b.ended) })
	for i, g := range finished {
		if i < len(finished)-retainedGroups && now.Sub(g.ended) >= retention {
			aged = append(aged, g)
		}
	}
	return aged
}

func groupNotFound(id string) error {
	return rpc.Errorf(http.StatusNotFound, "ContainerGroup.NotFound", "The container group %s does not exist.", id)
}
